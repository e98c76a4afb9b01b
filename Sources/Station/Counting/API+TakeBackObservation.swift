import Custody
import CustodyLedger
import Hummingbird
import StationStore
import StockCounting

extension API {
  /// Takes an observation back. The act has an id of its own, so that what is sent twice is one act.
  @Sendable func takeBackObservation(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Answer: Encodable {
      let id: ObservationUndoID
      let observation: ObservationID
      /// `takenBack` or `again`.
      let outcome: String
      let line: CountLineResource?
    }
    let signedIn = try context.requireSignedIn()
    let count: CountID = try UUIDPath.id("id", in: context)
    let observation: ObservationID = try UUIDPath.id("observation", in: context)
    let body = try await request.json()
    guard let id = body[path: "id"]?.text.flatMap(ObservationUndoID.init) else {
      throw Problem.malformed("id is needed: a UUID for the act that takes it back.", pointer: "/id")
    }
    guard let at = body[path: "at"]?.text.flatMap(Instant.init) else {
      throw Problem.malformed("at is when it was taken back, such as 2026-11-21T08:15:30.123Z.", pointer: "/at")
    }
    let taken = try await core.takeBack(observation, as: id, at: at, in: count, by: signedIn)
    let line = try await core.store.read { snapshot in
      try taken.line.map { try CountLineResource($0, in: snapshot) }
    }
    return try .json(
      Answer(id: id, observation: observation, outcome: taken.again ? "again" : "takenBack", line: line))
  }
}
