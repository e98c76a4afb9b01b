import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore

extension API {
  func addHandOver(to v1: RouterGroup<StationContext>) {
    v1.post("/sessions/{id}/acknowledgement", use: acknowledge)
  }

  /// The word of who takes or gives back what the session hands over: a signature, or badge and PIN.
  @Sendable func acknowledge(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    if let text = body[path: "signature"]?.text {
      guard let data = Data(base64Encoded: text) else {
        throw Problem.malformed("signature is no picture in base64.", pointer: "/signature")
      }
      let drawn = try body[path: "person"].map { value in
        guard let person = value.text.flatMap(PersonID.init) else {
          throw Problem.malformed("person is the id of who drew the signature.", pointer: "/person")
        }
        return person
      }
      return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
        let (session, work) = try await core.sign(Array(data), drawnBy: drawn, in: id, by: signedIn)
        let answer = Prepared(
          status: .ok, bytes: try CanonicalEncoder().encode(SessionResource(session, work), limit: .max))
        if let key { try await core.store.write { try key.keep(answer, in: $0) } }
        return answer
      }
    }
    guard let badge = body[path: "badge"]?.text, let pin = body[path: "pin"]?.text else {
      throw Problem.malformed("signature is needed, or badge and pin.", pointer: "/signature")
    }
    let (session, work) = try await core.acknowledge(badge: badge, pin: pin, in: id, by: signedIn)
    return try .json(SessionResource(session, work))
  }
}
