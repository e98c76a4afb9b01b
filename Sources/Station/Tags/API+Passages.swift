import Custody
import Hummingbird
import StationStore

extension API {
  /// The passages through doors that are kept, newest first: all, or those of a door, a tag, a finding, a period.
  @Sendable func passages(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.number("after", default: Int.max, in: 0...Int.max)
    let choice = try PassageChoice(request, Moments(clock: core.clock))
    guard choice.shown != .unseen else {
      throw Problem.malformed(
        "What was not seen is no passage.", pointer: "/finding", remedy: "Ask /api/v1/passages/not-seen.")
    }
    let epc = try request.text("epc").map { text in
      guard let epc = bytes(hexadecimal: text) else {
        throw Problem.malformed("epc is '\(text)', not whole bytes in hexadecimal.", pointer: "/epc")
      }
      return epc
    }
    let (items, next) = try await core.store.read { snapshot in
      let presenter = TagPresenter(core: core, snapshot: snapshot)
      let found = try snapshot.passages(
        before: Int64(before), doorway: choice.door, epc: epc, finding: choice.finding, during: choice.listed,
        limit: limit + 1)
      return (
        try found.prefix(limit).map { try presenter.resource($0) },
        found.count > limit ? String(found[limit - 1].id) : nil
      )
    }
    return try .page(Page(items: items, next: next), for: request)
  }

  /// A door, or all, compared with the record over a period: today unless `from` and `to` say otherwise.
  @Sendable func doorComparison(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let choice = try PassageChoice(request, Moments(clock: core.clock))
    return try .json(try await core.store.read { try DoorComparisonResource(choice, in: $0) })
  }

  /// What left this site by record in a period and was not seen going out, newest first.
  @Sendable func notSeen(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.number("after", default: Int.max, in: 0...Int.max)
    let choice = try PassageChoice(request, Moments(clock: core.clock))
    let (items, next) = try await core.store.read { snapshot in
      let found = try snapshot.unseenDepartures(
        doorway: choice.door, during: choice.period.moments, before: before == .max ? nil : Int64(before),
        limit: limit + 1)
      return (
        try found.prefix(limit).map { UnseenResource($0, asset: try snapshot.asset($0.asset)) },
        found.count > limit ? String(found[limit - 1].entry.arrival) : nil
      )
    }
    return try .page(Page(items: items, next: next), for: request)
  }
}

/// The bytes that pairs of hexadecimal digits stand for; nil for anything else.
private func bytes(hexadecimal text: String) -> [UInt8]? {
  let digits = text.compactMap(\.hexDigitValue)
  guard digits.count == text.count, digits.count.isMultiple(of: 2), digits.count <= 128 else { return nil }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
