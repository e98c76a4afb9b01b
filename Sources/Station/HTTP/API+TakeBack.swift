import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  /// Takes everything of a session back that can be.
  @Sendable func takeSessionBack(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    guard let reason = body[path: "reason"]?.text else {
      throw Problem.malformed("reason is no text.", pointer: "/reason")
    }
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let result = try await core.takeAllBack(in: id, because: reason, by: signedIn)
      let answer = Prepared(
        status: .ok, bytes: try CanonicalEncoder().encode(SessionTakenBackResource(result), limit: .max))
      // Each act is durable by itself, so the answer can only follow the last.
      if let key { try await core.store.write { try key.keep(answer, in: $0) } }
      return answer
    }
  }
}

/// What became of a session that was taken back, as the API shows it.
struct SessionTakenBackResource: Encodable {
  struct Left: Encodable {
    let asset: AssetID
    let name: String
    let event: EventID
    let code: String
    let sentence: String
    let remedy: String
  }

  let taken: Int
  let left: [Left]

  init(_ result: SessionTakenBack) {
    taken = result.taken
    left = result.left.map {
      Left(
        asset: $0.asset, name: $0.name, event: $0.event, code: $0.refusal.code, sentence: $0.refusal.sentence,
        remedy: $0.refusal.remedy)
    }
  }
}
