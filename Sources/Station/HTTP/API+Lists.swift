import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  func addLists(to v1: RouterGroup<StationContext>) {
    v1.get("/events", use: events)
    v1.get("/readings", use: readings)
    v1.get("/sites", use: sites)
    v1.get("/locations", use: locations)
    v1.get("/orders", use: orders)
    v1.get("/orders/{number}", use: order)
  }

  @Sendable func events(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let after = try request.number("after", default: 0, in: 0...Int.max)
    let rows = try await core.store.read { try $0.entries(after: Int64(after), limit: limit + 1) }
    return try .page(
      Page(
        items: rows.prefix(limit).map { EventResource(row: $0) },
        next: rows.count > limit ? String(rows[limit - 1].arrival) : nil), for: request)
  }

  @Sendable func readings(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.number("after", default: Int.max, in: 0...Int.max)
    let outcome = try request.text("outcome").map { text in
      guard let outcome = KeptReading.Outcome(rawValue: text) else {
        throw Problem.malformed("'\(text)' is no outcome of a reading.", pointer: "/outcome")
      }
      return outcome
    }
    let session = try request.text("session").map { text in
      guard let id = SessionID(text) else {
        throw Problem.malformed("session is no session's id.", pointer: "/session")
      }
      return id
    }
    let rows = try await core.store.read {
      try $0.readings(before: Int64(before), outcome: outcome, session: session, limit: limit + 1)
    }
    return try .page(
      Page(
        items: rows.prefix(limit).map(ReadingResource.init), next: rows.count > limit ? String(rows[limit - 1].id) : nil
      ), for: request)
  }

  @Sendable func sites(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Item: Encodable {
      let code: SiteCode
      let name: String
    }
    let sites = try await core.store.read { try $0.sites() }
    return try .page(Page(items: sites.map { Item(code: $0.code, name: $0.name) }, next: nil), for: request)
  }

  @Sendable func locations(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Item: Encodable {
      let code: LocationCode
      let site: SiteCode
      let name: String
      let parent: LocationCode?
    }
    let locations = try await core.store.read { try $0.locations() }
    return try .page(
      Page(
        items: locations.map { Item(code: $0.code, site: $0.site, name: $0.name, parent: $0.parent) }, next: nil),
      for: request)
  }

  /// One order, with what has come of it.
  @Sendable func order(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Line: Encodable {
      let line: Int
      let manufacturer: String?
      let model: String?
      let partNumber: String?
      let quantity: Int
      let received: Int
      let awaited: Int
      let over: Int
    }
    struct Answer: Encodable {
      let number: String
      let supplier: String?
      let orderedOn: CalendarDate?
      let ordered: Int
      let received: Int
      let over: Int
      let lines: [Line]
      /// Announced by number and not here: at most ``OrderReport/mostAwaited``.
      let awaited: [AssetResource]
      let followUps: [String: Int]
    }
    let number = context.parameters.get("number")?.removingPercentEncoding ?? ""
    let report = try await core.order(number)
    let (order, sheet) = (report.order, report.sheet)
    return try .json(
      Answer(
        number: order.number, supplier: order.supplier, orderedOn: order.orderedOn, ordered: sheet.ordered,
        received: sheet.received, over: sheet.over,
        lines: sheet.lines.map {
          Line(
            line: $0.number, manufacturer: $0.product.manufacturer, model: $0.product.model,
            partNumber: $0.product.partNumber, quantity: $0.ordered, received: $0.received, awaited: $0.remaining,
            over: $0.over)
        }, awaited: report.awaited.map(AssetResource.init),
        followUps: Dictionary(uniqueKeysWithValues: report.open.map { ($0.key.rawValue, $0.value) })))
  }

  @Sendable func orders(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Line: Encodable {
      let line: Int
      let manufacturer: String?
      let model: String
      let category: String?
      let partNumber: String?
      let quantity: Int
    }
    struct Item: Encodable {
      let number: String
      let supplier: String?
      let orderedOn: CalendarDate?
      let lines: [Line]
    }
    let orders = try await core.store.read { try $0.orders() }
    return try .page(
      Page(
        items: orders.map { order in
          Item(
            number: order.number, supplier: order.supplier, orderedOn: order.orderedOn,
            lines: order.lines.map {
              Line(
                line: $0.line, manufacturer: $0.manufacturer, model: $0.model, category: $0.category,
                partNumber: $0.partNumber, quantity: $0.quantity)
            })
        }, next: nil), for: request)
  }
}
