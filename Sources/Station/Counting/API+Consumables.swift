import Custody
import CustodyLedger
import Hummingbird
import StationStore
import StockCounting

extension API {
  /// Consumables by place and code, page by page.
  @Sendable func consumables(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let text = request.text("q")
    let after = try request.text("after").map { text in
      guard let place = ConsumablePlace(path: text) else {
        throw Problem.malformed("after names no consumable.", pointer: "/after")
      }
      return place
    }
    let found = try await core.store.read { try $0.consumables(matching: text, after: after, limit: limit + 1) }
    return try .page(
      Page(
        items: found.prefix(limit).map { ConsumableResource($0) },
        next: found.count > limit ? ConsumablePlace(found[limit - 1]).path : nil), for: request)
  }

  /// How the quantity of one code at one place changed, newest first: at most 500.
  @Sendable func consumableChanges(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Item: Encodable {
      let at: Instant
      let by: PersonID?
      let before: Int?
      let after: Int
      let reason: String
      let count: CountID?
    }
    _ = try context.requireSignedIn()
    guard let spot = ConsumableSpot(code: request.text("code"), place: request.text("location")) else {
      throw Problem.malformed("code and location are needed.", pointer: "/code")
    }
    let items = try await core.store.read { snapshot -> [Item] in
      guard try snapshot.consumable(spot.code, at: spot.place) != nil else {
        throw Problem.notFound("\(spot.code) at \(spot.place)", remedy: "Look at the list of consumables.")
      }
      return try snapshot.changes(of: spot.code, at: spot.place, limit: 500).map {
        Item(at: $0.at, by: $0.by, before: $0.before, after: $0.after, reason: $0.reason, count: $0.count)
      }
    }
    return try .page(Page(items: items, next: nil), for: request)
  }

  /// What a count came to for consumables. A blind count shows none before it is closed.
  @Sendable func countedConsumables(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    guard !count.hides else { throw Problem.blindCount }
    let lines = try await core.store.read { try $0.consumableLines(of: count.id) }
    return try .page(Page(items: lines.map { ConsumableLineResource($0) }, next: nil), for: request)
  }

  /// Accepts what was counted of the consumables that are named.
  @Sendable func acceptConsumables(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Item: Encodable {
      let code: ConsumableCode
      let place: LocationCode
      /// `recorded` or `refused`.
      let outcome: String
      let quantity: Int?
      let problem: String?
      let detail: String?
      let remedy: String?
    }
    struct Answer: Encodable { let items: [Item] }
    let signedIn = try context.requireSignedIn()
    let id: CountID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    guard case .array(let lines)? = body[path: "lines"], lines.count <= StationCore.mostObservations else {
      throw Problem.malformed("lines is needed: a list of code and place.", pointer: "/lines")
    }
    let spots = try lines.enumerated().map { index, line in
      guard let spot = ConsumableSpot(code: line[path: "code"]?.text, place: line[path: "place"]?.text) else {
        throw Problem.malformed("A line is a code and a place.", pointer: "/lines/\(index)")
      }
      return spot
    }
    let reason = body[path: "reason"]?.text
    guard (reason ?? "").utf8.count <= 4096 else {
      throw Problem.malformed("reason is a text of at most 4096 bytes.", pointer: "/reason")
    }
    let outcomes = try await core.acceptConsumables(spots, of: id, because: reason, by: signedIn)
    return try .json(
      Answer(
        items: outcomes.map { spot, outcome in
          switch outcome {
          case .recorded(let now):
            Item(
              code: spot.code, place: spot.place, outcome: "recorded", quantity: now.quantity, problem: nil,
              detail: nil,
              remedy: nil)
          case .refused(let refusal):
            Item(
              code: spot.code, place: spot.place, outcome: "refused", quantity: nil, problem: refusal.code,
              detail: refusal.sentence, remedy: refusal.remedy)
          }
        }))
  }
}

extension ConsumablePlace {
  /// Behind a consumable.
  init(_ one: Consumable) { self.init(location: one.location, key: one.code.key) }

  /// As an address has it: the location, an at sign, the code.
  var path: String { "\(location)@\(key)" }

  /// Reads what `path` writes; nil for anything else.
  init?(path: String) {
    let parts = path.split(separator: "@", maxSplits: 1).map(String.init)
    guard parts.count == 2, let location = LocationCode(parts[0]) else { return nil }
    self.init(location: location, key: parts[1])
  }
}
