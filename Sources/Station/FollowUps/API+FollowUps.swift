import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  func addFollowUps(to v1: RouterGroup<StationContext>) {
    v1.get("/follow-ups", use: followUps)
    v1.post("/follow-ups/{id}/settle", use: settleFollowUp)
  }

  @Sendable func followUps(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.number("after", default: Int.max, in: 0...Int.max)
    let (openOnly, order) = (request.text("settled") != "true", request.text("order"))
    let found = try await core.store.read {
      try $0.followUps(before: Int64(before), openOnly: openOnly, order: order, limit: limit + 1)
    }
    return try .page(
      Page(
        items: found.prefix(limit).map(FollowUpResource.init),
        next: found.count > limit ? String(found[limit - 1].id) : nil), for: request)
  }

  @Sendable func settleFollowUp(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let text = context.parameters.get("id") ?? ""
    guard let id = Int64(text), id > 0 else {
      throw Problem.malformed("'\(text.prefix(80))' is no number of a follow-up.", pointer: "/id")
    }
    let body = try await request.json()
    guard let words = body[path: "words"]?.text else { throw Problem.malformed("words is no text.", pointer: "/words") }
    return try .json(FollowUpResource(try await core.settleFollowUp(id, words, by: signedIn)))
  }
}

/// A follow-up as the API shows it.
struct FollowUpResource: Encodable {
  let id: Int64
  let kind: String
  let at: Instant
  let person: PersonID?
  let session: SessionID?
  let order: String?
  let line: Int?
  let quantity: Int
  let asset: AssetID?
  let reading: Int64?
  /// Base64.
  let raw: String?
  let door: String?
  let words: String
  let settledAt: Instant?
  let settledBy: PersonID?
  let settlement: String?

  init(_ one: FollowUp) {
    id = one.id
    kind = one.kind
    at = one.at
    person = one.person
    session = one.session
    order = one.order
    line = one.line
    quantity = one.quantity
    asset = one.asset
    reading = one.reading
    raw = one.raw.map(base64)
    door = one.doorway
    words = one.words
    settledAt = one.settledAt
    settledBy = one.settledBy
    settlement = one.settlement
  }
}
