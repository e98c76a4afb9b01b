import Custody
import CustodyLedger
import Foundation
import GRDB

extension StoreSnapshot {
  /// The arrival number of the next entry, in SQL: above all others and above zero. Below zero stands what was fetched of an
  /// earlier time.
  static let nextArrival = "(SELECT max(coalesce(max(arrival), 0), 0) + 1 FROM entry)"
}

extension StoreReading {
  /// The index in the centre's log that this station's ledger begins at: it began with a snapshot of what was before. Nil for a
  /// ledger from the log's first entry on.
  public func ledgerBegins() throws -> Int64? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT value FROM meta WHERE key = 'ledgerBegins'")).flatMap(
      Int64.init)
  }

  /// Whether all events about an asset that the centre had when the ledger began are here.
  public func isWhole(_ id: AssetID) throws -> Bool {
    guard try ledgerBegins() != nil else { return true }
    let events = try Data.fetchAll(
      db.cachedStatement(sql: "SELECT bytes FROM entry WHERE asset = ?"), arguments: [id]
    ).map { try CustodyEvent(entry: $0) }
    return try isWhole(id, with: events)
  }

  /// Its history was fetched, or it was not known to the snapshot: it began here, or is not known at all.
  func isWhole(_ id: AssetID, with events: [CustodyEvent]) throws -> Bool {
    guard try ledgerBegins() != nil else { return true }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS(SELECT 1 FROM history WHERE asset = ?1) AS fetched,
            EXISTS(SELECT 1 FROM earlier WHERE asset = ?1) AS earlier,
            EXISTS(SELECT 1 FROM asset WHERE id = ?1) OR EXISTS(SELECT 1 FROM alias WHERE id = ?1) AS known
          """), arguments: [id])
    guard let row else { return true }
    if row["fetched"] { return true }
    if row["earlier"] { return false }
    return events.contains { $0.prior == nil } || !row["known"]
  }
}

extension StoreTransaction {
  /// Takes in what the centre had about assets before this station's ledger begins, each whole, and makes the assets anew from
  /// their events. Gives back those of which the snapshot said something else. Throws ``StoreFault/historyAtCentre(_:)`` when
  /// the events about another asset are needed as well.
  public func takeHistories(_ histories: [AssetID: [HeldEntry]]) throws -> [AssetID] {
    guard let begins = try ledgerBegins() else { return [] }
    let before = try histories.mapValues { _ in () }.keys.map { ($0, try asset($0)) }
    for (id, entries) in histories {
      for held in entries where held.logIndex < begins {
        let event = try CustodyEvent(entry: Data(held.entry.entry.bytes))
        guard event.asset == id else { throw StoreFault.damaged(reason: "a history of \(id) is about another asset") }
        // In the order of the log, and before everything that came since.
        try db.cachedStatement(
          sql: """
            INSERT INTO entry(arrival, station, epoch, seq, event_id, asset, type, at, hash, bytes, log_index)
            VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(station, epoch, seq) DO NOTHING
            """
        ).execute(arguments: [
          held.logIndex - begins, event.chainName, event.epoch, event.seq, event.eventID, id, event.verb.rawValue,
          event.wallClock.milliseconds, Data(held.entry.entry.hash.bytes), Data(held.entry.entry.bytes),
          held.logIndex,
        ])
      }
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO history(asset) VALUES (?)").execute(arguments: [id])
    }
    remember(nil, as: nil)
    for id in histories.keys.sorted() { try refold(id) }
    remember(nil, as: nil)
    return try before.filter { id, asset in try self.asset(id) != asset }.map(\.0)
  }
}
