import Custody
import Hummingbird
import StationStore
import StockCounting

extension DeskPages {
  func addConsumables(to router: Router<StationContext>) {
    router.get("/consumables", use: consumables)
    router.get("/consumables.csv", use: consumablesCSV)
    router.get("/consumable", use: consumable)
  }

  private static let consumablesOnPage = 100
  private static let changesOnPage = 100

  @Sendable func consumables(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let query = request.text("q") ?? ""
    let after = request.text("after").flatMap { ConsumablePlace(path: $0) }
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let found = try snapshot.consumables(matching: query, after: after, limit: Self.consumablesOnPage + 1)
      let shown = found.prefix(Self.consumablesOnPage)
      let filters = [("q", query.isEmpty ? nil : query)]
      var view = ListPageView(
        shell: try presenter.shell(title: "Consumables", page: "list"), title: "Consumables",
        words: "Stock without serial numbers: how much of it is on record where.",
        csv: "/consumables.csv" + Self.query(filters))
      view.ways = [WayView(label: "Count one place", href: "/counts", isQuiet: true)]
      if let way = WayView.importing(.consumables, by: signedIn) { view.ways.append(way) }
      view.search = ListSearchView(action: "/consumables", query: query, placeholder: "Code, name or location")
      view.tables = [
        ListTable(
          head: ["Code", "Name", "Location", "On record", "Unit value", "Tolerance"],
          rows: shown.map { one in
            ListRow(cells: [
              ListCell(one.code.text, href: one.href, isCode: true), ListCell(one.name),
              ListCell(one.location.text, href: Self.href(of: one.location), isCode: true),
              ListCell("\(one.quantity) \(one.unit)"), ListCell(one.valueWords, before: "a unit"),
              ListCell(one.toleranceWords, before: "tolerance"),
            ])
          },
          empty: ProblemView(
            title: query.isEmpty ? "No consumable is on record." : "No consumable fits.",
            remedy: "Import them: custody import consumables.csv"),
          paging: PagingView(
            words: "\(shown.count) shown", previous: after == nil ? nil : "/consumables" + Self.query(filters),
            next: found.count > shown.count
              ? shown.last.map { "/consumables" + Self.query(filters + [("after", ConsumablePlace($0).path)]) } : nil))
      ]
      return view
    }
    return try renderer.page("list-page", view)
  }

  /// Every consumable that fits, in the columns that an import takes.
  @Sendable func consumablesCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (export, query) = (CatalogueExport(from: core.store), request.text("q"))
    return Self.file(named: "consumables.csv") { sink in
      _ = try await export.consumables(as: .csv, matching: query, to: sink)
    }
  }

  /// A consumable at a place, and how its quantity changed.
  @Sendable func consumable(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let spot = ConsumableSpot(code: request.text("code"), place: request.text("location"))
    let view = try await core.store.read { snapshot -> ListPageView? in
      guard let spot, let one = try snapshot.consumable(spot.code, at: spot.place) else { return nil }
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      var view = ListPageView(
        shell: try presenter.shell(title: "Consumable \(one.code)", page: "list"), title: one.name,
        words: "\(one.quantity) \(one.unit) on record.")
      view.ways = [WayView(label: "Consumables", href: "/consumables", isQuiet: true)]
      view.facts = [
        FactView(label: "Code", value: one.code.text, code: true),
        FactView(
          label: "Location", value: try names.place(one.location) ?? one.location.text,
          href: Self.href(of: one.location)),
        FactView(label: "Tolerance", value: one.toleranceWords),
      ]
      if let value = one.valueWords { view.facts.append(FactView(label: "Unit value", value: value)) }
      let changes = try snapshot.changes(of: one.code, at: one.location, limit: Self.changesOnPage)
      view.tables = [
        ListTable(
          title: "How the quantity changed", head: ["When", "From", "To", "By", "Why"],
          rows: try changes.map { change in
            ListRow(cells: [
              ListCell(at: presenter.moments.view(change.at)),
              ListCell(change.before.map { "\($0)" } ?? "—", before: "from"), ListCell("\(change.after)", before: "to"),
              ListCell(try change.by.map { try names.person($0) ?? "somebody" } ?? "the station"),
              ListCell(change.reason, href: change.count.map { "/counts/\($0)" }),
            ])
          }, empty: ProblemView(title: "Nothing."))
      ]
      return view
    }
    guard let view else {
      throw Problem.notFound("such consumable", remedy: "Look at the list of consumables.")
    }
    return try renderer.page("list-page", view)
  }
}

extension Consumable {
  /// What a unit is worth, such as `3.33 EUR`.
  fileprivate var valueWords: String? {
    value.map { "\(UnitValue.text($0.minorUnits, of: $0.currency)) \($0.currency)" }
  }

  /// Such as `± 2`, or `± 10.00 EUR`.
  fileprivate var toleranceWords: String {
    switch tolerance {
    case .quantity(let units): "± \(units)"
    case .value(let worth):
      "± " + (value.map { "\(UnitValue.text(worth, of: $0.currency)) \($0.currency)" } ?? "0")
    }
  }
}
