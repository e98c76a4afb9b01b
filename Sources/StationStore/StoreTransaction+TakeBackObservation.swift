import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting

extension StoreTransaction {
  /// Takes an observation of one person back, and judges anew the line that it was about. Its row stays, with the act that took it
  /// back. Gives what became of that and the line's subject, nil for a consumable; nil where no observation of this id came.
  ///
  /// - Parameter moment: when it was taken back, by the counter's clock.
  public func takeBack(
    _ id: ObservationID, as undo: ObservationUndoID, at moment: Instant, by person: PersonID, in count: StoredCount
  ) throws -> (taking: StockCount.TakingBack, subject: CountLine.Subject?)? {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM count_observation WHERE count = ? AND id = ?"),
        arguments: [count.id, id])
    else { return nil }
    let observation = try Observation(row)
    let former: ObservationUndoID? = row["undo"]
    // A consumable has a line of its own kind.
    let subject: CountLine.Subject? =
      switch observation.meaning {
      case .asset(let asset): .asset(asset)
      case .several, .unknown: .code(observation.mark)
      case .consumable: nil
      }
    let taking = try machine(of: count).takeBack(of: observation.counter, by: person, isTakenBack: former != nil)
    guard taking == .takeBack else { return (taking, subject) }
    let credible = Observation.credibleTime(moment, opened: count.openedAt, now: now)
    try db.cachedStatement(
      sql: "UPDATE count_observation SET undo = ?, undone_at = ? WHERE count = ? AND id = ?"
    ).execute(arguments: [undo, credible.milliseconds, count.id, id])
    if let subject { try judge(subject, in: count.id, try placeTree()) }
    if case .consumable(let sighting) = observation.meaning {
      try judge(sighting.code, in: count.id, try placeTree())
    }
    try db.cachedStatement(sql: "UPDATE count SET revision = revision + 1 WHERE id = ?").execute(arguments: [count.id])
    return (taking, subject)
  }
}
