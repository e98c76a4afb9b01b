import Custody
import StationStore

extension CatalogueImport {
  func importAssets(_ file: ImportFile) async throws -> ImportReport {
    var pace = pace
    var titles = ColumnTitles<AssetColumn>()
    var isFirst = true
    let currency = options.currency
    let table = try ImportTable<AssetRow>(file, columns: AssetColumn.self, needs: [[.tag, .serial]], pace: &pace) {
      exam in
      if isFirst {
        titles = ColumnTitles(exam.header)
        isFirst = false
      }
      return AssetRow(&exam, currency: currency)
    }
    let site = store.identity.site
    let (names, options) = (titles, options)
    return try await finish(file, table, pace: pace) { store, outcome, steps in
      var resolution = AssetResolution(
        digest: file.digest, options: options, site: site, directory: try CatalogueDirectory(store))
      for (done, item) in table.items.enumerated() {
        try steps.step(.checking, done, of: table.items.count)
        try resolution.take(item, columns: names, in: store)
      }
      outcome.skipped += resolution.skipped
      outcome.problems += resolution.problems
      outcome.bad.merge(resolution.bad) { first, _ in first }
      return resolution
    } record: { resolution, transaction, outcome, steps in
      if !resolution.newLocations.isEmpty, try !transaction.sites().contains(where: { $0.code == site }) {
        try transaction.save(Site(code: site, name: site.text))
      }
      for location in resolution.newLocations { try transaction.save(location) }
      outcome.newLocations += resolution.newLocations.map(\.code.text)
      for (done, item) in resolution.items.enumerated() {
        try steps.step(.recording, done, of: resolution.items.count)
        let intent = Intent(asset: transaction.newID(), details: item.details, actor: options.actor)
        switch try transaction.record(intent) {
        case .recorded: outcome.imported += 1
        case .refused(let refusal):
          outcome.refuse(item.line, item.bytes, refusal)
          // All will be undone: so many examples are enough, should every row be refused for one reason.
          if !options.skipBadRows, outcome.problems.count >= 1000 { return }
        }
      }
    }
  }
}

extension ImportOutcome {
  /// Notes that custody's own rules refuse a row.
  mutating func refuse(_ line: Int, _ bytes: Range<Int>, _ refusal: Refusal) {
    problems.append(ImportProblem(refusal.code, line: line, refusal.sentence, remedy: refusal.remedy))
    bad[line] = bytes
  }
}
