import Custody
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addWorkLists(to router: Router<StationContext>) {
    for list in WorkList.allCases {
      router.get("/\(list.rawValue)") { request, context in try await workList(list, request, context) }
      router.get("/\(list.rawValue).csv") { _, context in try await workListCSV(list, context) }
    }
    router.get("/transfers", use: transfers)
    router.get("/transfers.csv", use: transfersCSV)
  }

  static let listedOnPage = 50
  /// Rows of a file that are read at once.
  static let listedAtOnce = 500

  // MARK: What waits

  private func workList(_ list: WorkList, _ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let place = try request.text("after").map { try WaitingPlace(text: $0) }
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let found = try snapshot.waiting(in: list.state, after: place, limit: Self.listedOnPage + 1)
      let count = try snapshot.waitingCount(in: list.state)
      let shown = found.prefix(Self.listedOnPage)
      let mayAct = signedIn.may(list.act.verb)
      let rows = try shown.map { asset in
        let mark = asset.tag ?? asset.serial ?? asset.identifiers.first?.value
        let ways = mark.map { [WayView(beginning: list.act.verb, list.act.label, with: $0)] } ?? []
        return ListRow(
          cells: try WorkListRow(asset, on: list, in: snapshot, presenter.moments).cells(of: list, mayAct ? ways : []))
      }
      var view = ListPageView(
        shell: try presenter.shell(title: list.title, page: "list"), title: list.title,
        words: "\(list.words) \(count) in all, the longest waiting first.", csv: "/\(list.rawValue).csv")
      if let start = list.start, signedIn.may(start.verb) { view.ways = [WayView(beginning: start.verb, start.label)] }
      if mayAct { view.scan = ListScanView(workflow: list.act.verb.rawValue, label: list.act.label) }
      view.tables = [
        ListTable(
          head: list.head, rows: rows, empty: list.nothing,
          paging: PagingView(
            words: "\(rows.count) shown", previous: place == nil ? nil : "/\(list.rawValue)",
            next: found.count > rows.count
              ? shown.last.map { "/\(list.rawValue)" + Self.query([("after", WaitingPlace($0).text)]) } : nil))
      ]
      return view
    }
    return try renderer.page("list-page", view)
  }

  private func workListCSV(_ list: WorkList, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, clock) = (core, core.clock)
    return Self.csv(named: "\(list.rawValue).csv", list.columns) { (place: WaitingPlace?) in
      try await core.store.read { snapshot -> CSVPage<WaitingPlace> in
        let moments = Moments(clock: clock)
        let found = try snapshot.waiting(in: list.state, after: place, limit: Self.listedAtOnce)
        let rows = try found.map { try WorkListRow($0, on: list, in: snapshot, moments).fields(of: list) }
        return (rows, found.count == Self.listedAtOnce ? found.last.map { WaitingPlace($0) } : nil)
      }
    }
  }

  // MARK: Transfers

  @Sendable func transfers(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let before = Int64(try request.number("before", default: Int.max, in: 0...Int.max))
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      let found = try snapshot.transfers(before: before, limit: Self.listedOnPage + 1)
      let shown = found.prefix(Self.listedOnPage)
      let rows = try shown.map { row in
        let transfer = try TransferRow(row, names)
        return ListRow(cells: [
          transfer.asset.map { ListCell($0) }
            ?? ListCell(transfer.name, href: "/assets/\(row.event.asset)", isCode: true),
          ListCell(at: presenter.moments.view(row.event.wallClock)), ListCell(transfer.from, before: "from"),
          ListCell(transfer.to, small: [transfer.reason], before: "to"),
          ListCell(transfer.now, before: "now with"), ListCell(transfer.by, before: "by"),
        ])
      }
      var view = ListPageView(
        shell: try presenter.shell(title: "Transfers", page: "list"), title: "Transfers",
        words: "What went from one to another, or to another place. The newest first.", csv: "/transfers.csv")
      if signedIn.may(.transfer) { view.ways = [WayView(beginning: .transfer, "Transfer something")] }
      if signedIn.may(.transfer) { view.scan = ListScanView(workflow: Verb.transfer.rawValue, label: "Transfer it") }
      view.tables = [
        ListTable(
          head: ["Asset", "When", "From", "To", "Now with", "By"], rows: rows,
          empty: ProblemView(title: "Nothing was transferred yet.", remedy: "Scan what goes to somebody else."),
          paging: PagingView(
            words: "\(rows.count) shown", previous: before == .max ? nil : "/transfers",
            next: found.count > rows.count ? shown.last.map { "/transfers?before=\($0.arrival)" } : nil))
      ]
      return view
    }
    return try renderer.page("list-page", view)
  }

  @Sendable func transfersCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, clock) = (core, core.clock)
    let columns = ["tag", "serial", "asset", "at", "from", "to", "reason", "nowWith", "by"]
    return Self.csv(named: "transfers.csv", columns) { (before: Int64?) in
      try await core.store.read { snapshot -> CSVPage<Int64> in
        let names = AssetPresenter(snapshot: snapshot, moments: Moments(clock: clock))
        let found = try snapshot.transfers(before: before ?? .max, limit: Self.listedAtOnce)
        let rows = try found.map { row -> [String?] in
          let transfer = try TransferRow(row, names)
          return [
            transfer.asset?.tag, transfer.asset?.serial, transfer.asset?.title, row.event.wallClock.description,
            transfer.from, transfer.to, transfer.reason, transfer.now, transfer.by,
          ]
        }
        return (rows, found.count == Self.listedAtOnce ? found.last?.arrival : nil)
      }
    }
  }
}

/// A transfer in words.
private struct TransferRow {
  let asset: Asset?
  let name: String
  let from: String?
  let to: String?
  let reason: String?
  /// Who has it now, or where it is: it may have gone on since.
  let now: String?
  let by: String

  init(_ row: EntryRow, _ names: AssetPresenter) throws {
    let event = row.event
    asset = try names.snapshot.asset(event.asset)
    name = asset?.displayName ?? String(event.asset.description.suffix(12))
    from = try Self.words(event.from, names)
    to = try Self.words(event.to, names)
    now = try asset.flatMap { try Self.words($0.standing, names) }
    by = try names.who(event)
    if case .transfer(let details) = event.details { reason = details.reason } else { reason = nil }
  }

  private static func words(_ standing: Standing?, _ names: AssetPresenter) throws -> String? {
    guard let standing else { return nil }
    let parts = [try names.name(standing.custodian), try names.place(standing.location)].compactMap(\.self)
    return parts.isEmpty ? standing.state.label : parts.joined(separator: ", ")
  }
}

extension WayView {
  /// A button that turns the desk to an act, with an asset by one of its marks.
  init(beginning verb: Verb, _ label: String, with mark: String? = nil) {
    self.init(label: label, icon: mark == nil ? verb.icon : nil, action: "/desk/begin", isQuiet: false)
    fields = [HiddenField(name: "workflow", value: verb.rawValue)]
    if let mark { fields.append(HiddenField(name: "text", value: mark)) }
  }
}

extension SignedIn {
  /// Whether their roles let them do this.
  func may(_ verb: Verb) -> Bool { verb.refusal(forRoles: actor.roles) == nil }
}

extension WaitingPlace {
  init(_ asset: Asset) { self.init(changedAt: asset.changedAt, asset: asset.id) }

  /// As an address has it: milliseconds, a dot, the id.
  var text: String { "\(changedAt.milliseconds).\(asset)" }

  /// Reads what `text` writes; throws the problem for anything else.
  init(text: String) throws {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let milliseconds = Int64(parts[0]), let asset = AssetID(String(parts[1])) else {
      throw Problem.malformed(
        "after is no place in this list.", pointer: "/after", remedy: "Go to the list's first page.")
    }
    self.init(changedAt: Instant(milliseconds: milliseconds), asset: asset)
  }
}
