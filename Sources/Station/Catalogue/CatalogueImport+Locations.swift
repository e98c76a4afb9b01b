import Custody
import StationStore

/// One row of a file of locations.
struct LocationRow: Sendable {
  var location: Location
  var siteName: String?

  /// Reads a row; what is wrong with it is told to `exam`.
  init?(_ exam: inout RowExam<LocationColumn>, site station: SiteCode) {
    func code<Kind>(_ column: LocationColumn) -> Code<Kind>? {
      guard let text = exam.text(column, limit: 200, multiline: false) else { return nil }
      if let code = Code<Kind>(text) { return code }
      exam.fail(
        "import.code", column, value: text, "It is not a code.",
        remedy: "Use 1 to 64 letters, digits and - _ . / only.")
      return nil
    }
    let own: LocationCode? = code(.code)
    let site: SiteCode? = code(.site)
    let parent: LocationCode? = code(.parent)
    siteName = exam.text(.siteName, limit: 200, multiline: false)
    let name = exam.text(.name, limit: 200, multiline: false)
    guard let own else {
      if exam.problems.isEmpty {
        exam.fail("import.location.unnamed", .code, "The location has no code.", remedy: "Fill in the code.")
      }
      return nil
    }
    if parent == own {
      exam.fail("import.location.cycle", .parent, value: own.text, "It is inside itself.", remedy: "Leave it empty.")
    }
    location = Location(code: own, site: site ?? station, name: name ?? own.text, parent: parent)
  }
}

extension CatalogueImport {
  func importLocations(_ file: ImportFile) async throws -> ImportReport {
    var pace = pace
    var titles = ColumnTitles<LocationColumn>()
    let station = store.identity.site
    let table = try ImportTable<LocationRow>(file, columns: LocationColumn.self, needs: [[.code]], pace: &pace) {
      exam in
      titles = ColumnTitles(exam.header)
      return LocationRow(&exam, site: station)
    }
    let names = titles
    return try await finish(file, table, pace: pace) { store, outcome, steps in
      let known = Dictionary(uniqueKeysWithValues: try store.locations().map { ($0.code, $0) })
      let sites = Dictionary(uniqueKeysWithValues: try store.sites().map { ($0.code, $0.name) })
      let named = Set(table.items.filter { $0.row.siteName != nil }.map(\.row.location.site))
      let parents = Dictionary(
        table.items.map { ($0.row.location.code, $0.row.location.parent) }, uniquingKeysWith: { first, _ in first })
      var lines: [LocationCode: Int] = [:]
      var changes: [(line: Int, row: LocationRow, isNew: Bool)] = []
      for (done, item) in table.items.enumerated() {
        try steps.step(.checking, done, of: table.items.count)
        let location = item.row.location
        func fail(_ code: String, _ column: LocationColumn, _ value: String, _ reason: String, _ remedy: String) {
          outcome.problems.append(
            ImportProblem(code, line: item.line, column: names[column], value: value, reason, remedy: remedy))
          outcome.bad[item.line] = item.bytes
        }
        if let other = lines.updateValue(item.line, forKey: location.code) {
          fail(
            "import.row.twice", .code, location.code.text, "It stands on line \(other) too.",
            "Keep one of the two rows.")
          continue
        }
        if location.site != station, sites[location.site] == nil, !named.contains(location.site) {
          fail(
            "import.site.unknown", .site, location.site.text, "No site here has this code.",
            "Add a column 'site name' with its name.")
          continue
        }
        if let parent = location.parent {
          guard known[parent] != nil || parents[parent] != nil else {
            fail(
              "import.location.unknown", .parent, parent.text, "No location here or in the file has this code.",
              "Add a row for it.")
            continue
          }
          guard !Self.isInside(location.code, parents: parents, known: known) else {
            fail("import.location.cycle", .parent, parent.text, "It would be inside itself.", "Correct its parent.")
            continue
          }
        }
        let newSite = item.row.siteName.map { sites[location.site] != $0 } ?? false
        if known[location.code] == location, !newSite, location.site != station || sites[station] != nil {
          outcome.skipped += 1
          outcome.note(item.line, .known, location.code.text)
        } else {
          changes.append((item.line, item.row, known[location.code] == nil))
        }
      }
      return changes
    } record: { changes, transaction, outcome, steps in
      for (done, change) in changes.enumerated() {
        try steps.step(.recording, done, of: changes.count)
        let site = change.row.location.site
        if let name = change.row.siteName {
          try transaction.save(Site(code: site, name: name))
        } else if site == station, try !transaction.sites().contains(where: { $0.code == station }) {
          try transaction.save(Site(code: station, name: station.text))
        }
        try transaction.save(change.row.location)
        if change.isNew { outcome.imported += 1 } else { outcome.updated += 1 }
        outcome.note(change.line, change.isNew ? .new : .changed, change.row.location.code.text)
      }
    }
  }

  /// Whether the way up from a location comes back to it.
  private static func isInside(
    _ code: LocationCode, parents: [LocationCode: LocationCode?], known: [LocationCode: Location]
  ) -> Bool {
    var passed: Set<LocationCode> = [code]
    var next = code
    while let parent = parents[next] ?? known[next]?.parent {
      guard passed.insert(parent).inserted else { return true }
      next = parent
    }
    return false
  }
}
