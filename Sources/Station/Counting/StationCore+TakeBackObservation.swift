import Custody
import CustodyLedger
import Hummingbird
import StationStore
import StockCounting

/// What became of a wish to take an observation back.
struct ObservationTakenBack: Sendable {
  /// Whether it was taken back before.
  let again: Bool
  /// What its line comes to now; nil where there is none any more, and in a blind count.
  let line: StoredCountLine?
}

extension StationCore {
  /// Takes back an observation that this person made in an open count, by an act with an id and a time of its own. Durable when it
  /// gives back what became of it; throws the problem that says why not.
  func takeBack(
    _ observation: ObservationID, as undo: ObservationUndoID, at moment: Instant, in id: CountID, by signedIn: SignedIn
  ) async throws -> ObservationTakenBack {
    try requireCounter(signedIn)
    let taken = try await store.write { transaction -> ObservationTakenBack in
      guard let count = try transaction.stockCount(id) else { throw Problem.noCount(id) }
      guard
        let (taking, subject) = try transaction.takeBack(
          observation, as: undo, at: moment, by: signedIn.person.id, in: count)
      else {
        throw Problem(
          .unprocessableContent, "count.undo.unknown", "Not taken back",
          detail: "No observation \(observation) came for this count.", remedy: "Nothing to do: it does not count.")
      }
      if case .refuse(let refusal) = taking {
        throw Problem(
          .conflict, refusal.code, "Not taken back", detail: refusal.sentence, remedy: refusal.remedy)
      }
      let line = count.hides ? nil : try subject.flatMap { try transaction.countLine(of: id, about: $0) }
      return ObservationTakenBack(again: taking == .again, line: line)
    }
    if !taken.again { try tell(id) }
    return taken
  }
}
