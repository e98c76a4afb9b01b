import Crypto
import Hummingbird
import StationStore

/// The key under which a creating call is answered once, with the fingerprint of what it asks.
struct AnswerKey: Sendable {
  let key: String
  let fingerprint: String

  /// Keeps the answer in the transaction of what it tells of.
  func keep(_ answer: Prepared, in transaction: StoreTransaction) throws {
    try transaction.keep(
      KeptAnswer(request: fingerprint, status: answer.status.code, body: answer.bytes), to: key)
  }
}

extension API {
  /// Answers a creating call again as it was answered first, when it comes again under the same `Idempotency-Key`.
  /// `act` keeps its answer under the key that it is given; it is given none when the call has none.
  func once(
    _ request: Request, _ body: @autoclosure () throws -> [UInt8], by signedIn: SignedIn,
    _ act: (AnswerKey?) async throws -> Prepared
  ) async throws -> Response {
    guard let key = request.headers[.idempotencyKey] else { return try await act(nil).response }
    guard (1...200).contains(key.utf8.count) else {
      throw Problem.malformed("An Idempotency-Key has 1 to 200 bytes.", pointer: "/Idempotency-Key")
    }
    // Only a hash is kept: the body may hold a badge's token.
    let asked = try Array("\(signedIn.person.id) \(request.method) \(request.uri.path) ".utf8) + body()
    let fingerprint = hexadecimal(SHA256.hash(data: asked))
    guard core.keysInUse.withLock({ $0.insert(key).inserted }) else {
      throw Problem(
        .conflict, "request.idempotencyKeyInUse", "Request under way",
        detail: "A request with this Idempotency-Key is being worked on.", remedy: "Wait for its answer, or ask again.")
    }
    defer { core.keysInUse.withLock { _ = $0.remove(key) } }
    guard let kept = try await core.store.answer(to: key) else {
      return try await act(AnswerKey(key: key, fingerprint: fingerprint)).response
    }
    guard kept.request == fingerprint else {
      throw Problem(
        .conflict, "request.idempotencyKeyReused", "Key used twice",
        detail: "This Idempotency-Key came with another request before.", remedy: "Use a new key for a new request.")
    }
    return Prepared(status: .init(code: kept.status), bytes: kept.body).response
  }
}
