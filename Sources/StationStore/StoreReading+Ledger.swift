import Custody
import CustodyLedger
import Foundation
import GRDB

/// A ledger entry as it is listed.
public struct EntryRow: Sendable {
  /// Order in which this station came to know it; one that had to wait gets its number when it is applied.
  public let arrival: Int64
  public let event: CustodyEvent
  /// SHA-256 of the entry, lowercase hexadecimal.
  public let hash: String
  /// Where the centre holds it; nil while it does not, as far as the station knows.
  public let logIndex: Int64?
  /// Whether the station has verified that the centre's log holds it there. Of other stations' entries it has not.
  public let isProved: Bool
  /// Why it does not simply count in the asset as it stands: others contest it, it waits, or it was decided against. Nil when
  /// it does.
  public let misfit: String?
}

extension StoreReading {
  /// A page of the ledger after an arrival number, oldest first.
  public func entries(after arrival: Int64, limit: Int) throws -> [EntryRow] {
    try rows(
      db.cachedStatement(
        sql:
          "SELECT arrival, bytes, hash, log_index, proof_size IS NOT NULL AS is_proved, misfit FROM entry WHERE arrival > ? ORDER BY arrival LIMIT ?"
      ),
      [arrival, limit])
  }

  /// The newest page of the ledger before an arrival number, newest first.
  public func entries(before arrival: Int64, limit: Int) throws -> [EntryRow] {
    try rows(
      db.cachedStatement(
        sql: """
          SELECT arrival, bytes, hash, log_index, proof_size IS NOT NULL AS is_proved, misfit FROM entry WHERE arrival < ? ORDER BY arrival DESC LIMIT ?
          """),
      [arrival, limit])
  }

  /// All entries of an asset, oldest first, also those kept but not applied.
  public func entries(of asset: AssetID) throws -> [EntryRow] {
    try rows(
      db.cachedStatement(
        sql: """
          SELECT arrival, bytes, hash, log_index, proof_size IS NOT NULL AS is_proved, misfit FROM entry
          WHERE asset = ?1 OR asset IN (SELECT id FROM alias WHERE canonical = ?1) ORDER BY arrival
          """),
      [asset])
  }

  func rows(_ statement: Statement, _ arguments: StatementArguments) throws -> [EntryRow] {
    try Row.fetchAll(statement, arguments: arguments).compactMap { row in
      let hash: Data = row["hash"]
      return EntryRow(
        arrival: row["arrival"], event: try CustodyEvent(entry: row["bytes"]),
        hash: hash.map { String(format: "%02x", $0) }.joined(), logIndex: row["log_index"],
        isProved: row["is_proved"], misfit: row["misfit"])
    }
  }

  /// The exact bytes of the station's own entries beyond a place, in order, through all its epochs, at most `limit`;
  /// without what it sealed beyond the end of an epoch.
  public func chain(
    of station: StationIdentity, beyond place: ChainPlace, limit: Int
  ) throws -> [(place: ChainPlace, bytes: [UInt8])] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT epoch, seq, bytes FROM entry WHERE station = ?1 AND (epoch, seq) > (?2, ?3)
            AND (standpoint IS NULL OR standpoint <> 'sync.closed')
          UNION ALL SELECT epoch, seq, bytes FROM own_statement WHERE (epoch, seq) > (?2, ?3)
          ORDER BY epoch, seq LIMIT ?4
          """),
      arguments: [station.keyName, place.epoch, place.seq, limit]
    ).map { row in
      let bytes: Data = row["bytes"]
      return (ChainPlace(epoch: row["epoch"], seq: row["seq"]), Array(bytes))
    }
  }

  /// The exact bytes of the station's own entries of its first epoch after `seq`, in order, at most `limit`.
  public func chain(of station: StationIdentity, after seq: Int, limit: Int) throws -> [(seq: Int, bytes: [UInt8])] {
    try chain(of: station, beyond: ChainPlace(epoch: 1, seq: seq), limit: limit).filter { $0.place.epoch == 1 }.map {
      ($0.place.seq, $0.bytes)
    }
  }

  /// The first own entry that the centre is not proved to hold; nil when it holds all.
  public func firstPending() throws -> Int? {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT seq FROM outbox ORDER BY epoch, seq LIMIT 1"))
  }

  /// How many own entries the centre is not proved to hold.
  public func pendingCount() throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM outbox")) ?? 0
  }
}
