import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

extension StoreTransaction {
  /// Closes a session, and signs what was done in it: a statement in the station's chain, after the events themselves. A session
  /// without an event leaves nothing to sign. Nothing can be signed while the centre has not said where a restored station's
  /// chain goes on: throws ``KeyInWaiting``, and the session stays open.
  ///
  /// - Parameter order: the order that was received in it.
  public func close(_ session: StoredSession, order: String?, by actor: Actor) throws -> StoredSession {
    var closed = session
    closed.closedAt = now
    let events = try events(in: session.id)
    if !events.isEmpty {
      if let refusal = try refusalOfRestored() { throw KeyInWaiting(refusal) }
      try openRestoredEpoch()
      let outcomes = try tally(of: session.id)
      let entry = try sealing.state(
        .closeSession(
          SessionClosing(
            session: session.id, order: order, openedAt: session.openedAt,
            tally: SessionClosing.Tally(
              readings: outcomes.values.reduce(0, +), events: events.count, duplicate: outcomes[.duplicate] ?? 0,
              unknown: outcomes[.unknown] ?? 0, refused: outcomes[.refused] ?? 0),
            events: EntryHash(of: events))), by: actor, moving: &head, random: randomWords())
      try keep(own: entry, at: ChainPlace(epoch: head.epoch, seq: head.seq))
    }
    try save(closed)
    return closed
  }
}

extension StoreReading {
  /// The ids of a session's events, in the order of the readings.
  fileprivate func events(in session: SessionID) throws -> [EventID] {
    try EventID.fetchAll(
      db, sql: "SELECT event FROM reading WHERE session = ? AND event IS NOT NULL ORDER BY id", arguments: [session])
  }
}

extension EntryHash {
  /// SHA-256 over ids, sixteen bytes each.
  fileprivate init(of events: [EventID]) {
    self.init(of: events.flatMap { id in withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { Array($0) } })
  }
}
