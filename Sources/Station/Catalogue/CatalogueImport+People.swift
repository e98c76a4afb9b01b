import Custody
import StationStore

/// One row of a file of people.
struct PersonRow: Sendable {
  var name: String
  var email: String?
  var title: String?
  var team: String?
  var badge: String?
  var pin: String?
  var roles: Set<Role>?
  var site: SiteCode?
  var active: Bool?

  /// Reads a row; what is wrong with it is told to `exam`.
  init?(_ exam: inout RowExam<PersonColumn>) {
    email = exam.text(.email, limit: 320, multiline: false)?.lowercased()
    title = exam.text(.title, limit: 200, multiline: false)
    team = exam.text(.team, limit: 200, multiline: false)
    badge = exam.text(.badge, limit: 512, multiline: false).map {
      $0.hasPrefix("CUSTODY:BADGE:") ? String($0.dropFirst(14)) : $0
    }
    active = exam.bool(.active)
    if let email,
      email.split(separator: "@", omittingEmptySubsequences: false).contains(where: \.isEmpty)
        || email.filter({ $0 == "@" }).count != 1
    {
      exam.fail("import.email", .email, value: email, "It is not an e-mail address.", remedy: "Correct it.")
    }
    if let text = exam.text(.pin, limit: 64, multiline: false) {
      if let rule = PINRule.broken(by: text, badge: badge) {
        // The value is left out: a report is no place for a secret.
        exam.fail("import.pin", .pin, rule.sentence, remedy: "Choose another, or leave it empty.")
      } else {
        pin = text
      }
    }
    if let text = exam.text(.roles) {
      roles = []
      for word in Cell.words(text) {
        if let role = Self.rolesByKey[HeaderKey(word).text] {
          roles?.insert(role)
        } else {
          exam.fail(
            "import.role", .roles, value: word, "No role is called this.",
            remedy: "Use any of: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
      }
    }
    if let text = exam.text(.site, limit: 200, multiline: false) {
      site = SiteCode(text)
      if site == nil {
        exam.fail(
          "import.code", .site, value: text, "It is not a code.",
          remedy: "Use 1 to 64 letters, digits and - _ . / only.")
      }
    }
    guard let name = exam.text(.name, limit: 200, multiline: false) else {
      exam.fail("import.person.unnamed", .name, "The person has no name.", remedy: "Fill in the name.")
      return nil
    }
    self.name = name
  }

  private static let rolesByKey = Dictionary(
    uniqueKeysWithValues: Role.allCases.map { (HeaderKey($0.rawValue).text, $0) })
}

extension CatalogueImport {
  /// What is to be written of one row.
  private struct PersonChange: Sendable {
    enum Effect { case new, changed, none }

    let line: Int
    let person: Person
    let effect: Effect
    /// Nil leaves them.
    let roles: (Set<Role>, SiteCode)?
    let badge: SealedBadge?
    let pin: SealedPIN?
  }

  func importPeople(_ file: ImportFile) async throws -> ImportReport {
    var pace = pace
    var titles = ColumnTitles<PersonColumn>()
    let table = try ImportTable<PersonRow>(file, columns: PersonColumn.self, needs: [[.name]], pace: &pace) { exam in
      titles = ColumnTitles(exam.header)
      return PersonRow(&exam)
    }
    let willWrite = !table.isBroken && (table.problems.isEmpty || options.skipBadRows)
    let pins = willWrite ? try await sealNewPINs(table, &pace) : [:]
    let (names, station, stationStore) = (titles, store.identity.site, store)
    var report = try await finish(file, table, pace: pace) { store, outcome, steps in
      let directory = try CatalogueDirectory(store)
      var seen = SeenPeople()
      var changes: [PersonChange] = []
      for (done, item) in table.items.enumerated() {
        try steps.step(.checking, done, of: table.items.count)
        func fail(_ code: String, _ column: PersonColumn, _ value: String?, _ reason: String, _ remedy: String) {
          outcome.problems.append(
            ImportProblem(code, line: item.line, column: names[column], value: value, reason, remedy: remedy))
          outcome.bad[item.line] = item.bytes
        }
        if let (column, value, other) = seen.double(of: item.row, on: item.line) {
          fail(
            "import.row.twice", column, column == .badge ? nil : value, "It stands on line \(other) too.",
            "Keep one of the two rows.")
          continue
        }
        let known: Person?
        switch Self.person(item.row, directory) {
        case .one(let id): known = directory.people[id]
        case .none: known = nil
        case .several:
          fail("import.person.ambiguous", .name, item.row.name, "Several people have this name.", "Fill in the e-mail.")
          continue
        }
        let badge = item.row.badge.map(stationStore.seal(badge:))
        let holder = try badge.flatMap { try store.holder(of: $0) }
        if let holder, holder != known?.id {
          fail(
            "import.badge.taken", .badge, nil,
            "The badge belongs to \(directory.people[holder]?.name ?? "somebody else").",
            "Give the person another badge, or take it from the other one first.")
          continue
        }
        changes.append(
          try Self.change(
            item.row, on: item.line, known, at: station, badge: holder == nil ? badge : nil, pin: pins[item.line],
            in: store))
      }
      for change in changes where change.effect == .none {
        outcome.skipped += 1
        outcome.note(change.line, .known, change.person.name)
      }
      return changes
    } record: { changes, transaction, outcome, steps in
      for (done, change) in changes.enumerated() where change.effect != .none {
        try steps.step(.recording, done, of: changes.count)
        var person = change.person
        if change.effect == .new {
          person = Person(
            id: transaction.newID(), name: person.name, title: person.title, email: person.email, team: person.team,
            active: person.active)
        }
        try transaction.save(person)
        if let (roles, site) = change.roles { try transaction.setRoles(roles, of: person.id, at: site) }
        if let badge = change.badge { try transaction.save(badge, of: person.id) }
        if let pin = change.pin { try transaction.save(pin, of: person.id) }
        if change.effect == .new { outcome.imported += 1 } else { outcome.updated += 1 }
        outcome.note(change.line, change.effect == .new ? .new : .changed, person.name)
      }
    }
    if table.items.contains(where: { $0.row.pin != nil }) {
      report.notes.append("The file holds PINs: delete it, and let people choose others.")
    }
    return report
  }

  /// A row's e-mail address tells who it is; without one, the name must.
  private static func person(_ row: PersonRow, _ directory: CatalogueDirectory) -> CatalogueDirectory.Found<PersonID> {
    guard let email = row.email else { return directory.person(row.name) }
    return directory.person(email: email).map { .one($0) } ?? .none
  }

  private static func change(
    _ row: PersonRow, on line: Int, _ known: Person?, at station: SiteCode, badge: SealedBadge?, pin: SealedPIN?,
    in store: some StoreReading
  ) throws -> PersonChange {
    // An id that is never written: a new person gets theirs when they are recorded.
    var person = known ?? Person(id: PersonID(high: 0, low: 0), name: row.name)
    person.name = row.name
    person.email = row.email ?? person.email
    person.title = row.title ?? person.title
    person.team = row.team ?? person.team
    person.active = row.active ?? person.active
    let site = row.site ?? station
    var roles = row.roles
    if let known, let wanted = roles, try store.roles(of: known.id, at: site) == wanted { roles = nil }
    let changes = person != known || roles != nil || badge != nil || pin != nil
    return PersonChange(
      line: line, person: person, effect: known == nil ? .new : changes ? .changed : .none,
      roles: roles.map { ($0, site) },
      badge: badge, pin: pin)
  }

  /// Hashes, by line, the PINs that are not what the person has already.
  private func sealNewPINs(_ table: ImportTable<PersonRow>, _ pace: inout ImportPace) async throws -> [Int: SealedPIN] {
    let items = table.items.filter { $0.row.pin != nil }
    guard !items.isEmpty else { return [:] }
    let directory = try await store.read { try CatalogueDirectory($0) }
    var sealed: [Int: SealedPIN] = [:]
    for (done, item) in items.enumerated() {
      try Task.checkCancellation()
      pace.tell(.hashing, done, of: items.count)
      guard let pin = item.row.pin else { continue }
      if case .one(let person) = Self.person(item.row, directory), try await store.hasPIN(pin, person: person) {
        continue
      }
      sealed[item.line] = try await store.seal(pin: pin)
    }
    return sealed
  }
}

/// On which line each e-mail address, badge and lone name of a file was seen first.
private struct SeenPeople {
  private var lines: [String: Int] = [:]

  mutating func double(of row: PersonRow, on line: Int) -> (PersonColumn, String, Int)? {
    var keys: [(PersonColumn, String)] = []
    if let email = row.email { keys.append((.email, email)) } else { keys.append((.name, row.name)) }
    if let badge = row.badge { keys.append((.badge, badge)) }
    for (column, value) in keys {
      if let other = lines["\(column.rawValue) \(value)"] { return (column, value, other) }
    }
    for (column, value) in keys { lines["\(column.rawValue) \(value)"] = line }
    return nil
  }
}
