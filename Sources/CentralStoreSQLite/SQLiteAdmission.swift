import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// The rules of admission on SQLite, inside one write transaction. Lives only as long as that.
final class SQLiteAdmission: AdmissionLedger {
  private let db: Database
  let sequencer: LogSequencer

  init(_ db: Database, author: LogAuthor) {
    self.db = db
    sequencer = LogSequencer(SQLiteTree(db), author: author)
  }

  func entry(withHash hash: EntryHash) throws -> LogEntry? {
    try LogEntry.fetchOne(db, "WHERE hash = ?", [Data(hash.bytes)])
  }

  func entry(of station: String, at place: ChainPlace) throws -> LogEntry? {
    try LogEntry.fetchOne(
      db, "WHERE station = ? AND epoch = ? AND seq = ? AND holds_place", [station, place.epoch, place.seq])
  }

  func firstIndex(ofEvent id: EventID) throws -> Int64? {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT min(\"index\") FROM log WHERE event_id = ?"), arguments: [id.column])
  }

  func lastEntry(of station: String) throws -> LogEntry? {
    try LogEntry.fetchOne(
      db, "WHERE station = ? AND holds_place ORDER BY epoch DESC, seq DESC LIMIT 1", [station])
  }

  func insert(
    _ entry: CheckedEntry, at index: Int64, from station: String, received moment: Instant, holdsPlace: Bool
  ) throws {
    let event = entry.content.event
    let place = entry.content.header?.place
    try db.cachedStatement(
      sql: """
        INSERT INTO log("index", station, epoch, seq, hash, bytes, received_at, holds_place, event_id, asset, status)
        VALUES (?,?,?,?,?,?,?,?,?,?,'quarantined')
        """
    ).execute(arguments: [
      index, station, place?.epoch, place?.seq, Data(entry.hash.bytes), Data(entry.bytes), moment.milliseconds,
      holdsPlace, event?.eventID.column, event?.asset.column,
    ])
  }

  func markApplied(_ index: Int64) throws {
    try db.cachedStatement(
      sql: """
        UPDATE log SET status = 'applied', code = NULL, reason = NULL,
          applied = (SELECT coalesce(max(applied) + 1, 0) FROM log WHERE applied IS NOT NULL)
        WHERE "index" = ?
        """
    ).execute(arguments: [index])
  }

  func mark(_ index: Int64, _ status: LogEntry.Status, _ reason: AdmissionReason?) throws {
    try db.cachedStatement(sql: "UPDATE log SET status = ?, code = ?, reason = ? WHERE \"index\" = ?").execute(
      arguments: [status.rawValue, reason?.code, reason?.sentence, index])
  }

  func quarantined(about asset: AssetID) throws -> [LogEntry] {
    try LogEntry.fetchAll(
      db, "WHERE asset = ? AND status = 'quarantined' AND holds_place ORDER BY \"index\"", [asset.column])
  }

  func asset(_ id: AssetID) throws -> Asset? { try Asset.fetchOne(db, id) }

  func appliedEvents(about asset: AssetID) throws -> [CustodyEvent] {
    try LogEntry.fetchAll(db, "WHERE asset = ? AND applied IS NOT NULL ORDER BY applied", [asset.column]).map(event)
  }

  func project(_ after: Asset?, of id: AssetID, replacing before: Asset?) throws {
    guard let after else {
      try db.cachedStatement(sql: "DELETE FROM asset WHERE id = ?").execute(arguments: [id.column])
      try db.cachedStatement(sql: "DELETE FROM identifier WHERE asset = ?").execute(arguments: [id.column])
      return
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO asset(id, manufacturer, model, state, doc) VALUES (?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET
          manufacturer = excluded.manufacturer, model = excluded.model, state = excluded.state, doc = excluded.doc
        """
    ).execute(arguments: [
      id.column, after.facts.manufacturer, after.facts.model, after.state.rawValue,
      Data(try CanonicalEncoder().encode(after, limit: .max)),
    ])
    guard before?.identifiers != after.identifiers else { return }
    if before != nil {
      try db.cachedStatement(sql: "DELETE FROM identifier WHERE asset = ?").execute(arguments: [id.column])
    }
    let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO identifier(value, kind, asset) VALUES (?,?,?)")
    for identifier in after.identifiers {
      try insert.execute(arguments: [identifier.value, identifier.kind.rawValue, id.column])
    }
  }

  func key(ofStation name: String) throws -> VerifierKey? {
    try Row.fetchOne(db, sql: "SELECT vkey, enrolled_at FROM station WHERE name = ?", arguments: [name])
      .map { try EnrolledStation(row: $0).key }
  }

  func put(_ station: EnrolledStation, token: TokenDigest) throws {
    try db.execute(
      sql: """
        INSERT INTO station(name, vkey, token, enrolled_at) VALUES (?,?,?,?)
        ON CONFLICT(name) DO UPDATE SET token = excluded.token
        """,
      arguments: [station.name, station.key.description, Data(token.bytes), station.enrolledAt.milliseconds])
  }

  func unstatedStations() throws -> [EnrolledStation] {
    try Row.fetchAll(db, sql: "SELECT vkey, enrolled_at FROM station WHERE stated_at IS NULL ORDER BY name")
      .map(EnrolledStation.init(row:))
  }

  func put(statedAt index: Int64, ofStation name: String) throws {
    try db.execute(sql: "UPDATE station SET stated_at = ? WHERE name = ?", arguments: [index, name])
  }

  func keepAside(_ entry: CheckedEntry, from station: String, reason: AdmissionReason, at moment: Instant) throws {
    let place = entry.content.header?.place
    try db.cachedStatement(
      sql: """
        INSERT INTO rejected(station, hash, epoch, seq, bytes, received_at, times, code, reason)
        VALUES (?,?,?,?,?,?,1,?,?)
        ON CONFLICT(station, hash) DO UPDATE SET times = times + 1, received_at = excluded.received_at
        """
    ).execute(arguments: [
      station, Data(entry.hash.bytes), place?.epoch, place?.seq, Data(entry.bytes), moment.milliseconds, reason.code,
      reason.sentence,
    ])
  }

  /// Makes the projection anew from what was applied, in that order, through the same `apply`.
  func rebuildProjection() throws {
    try db.execute(sql: "DELETE FROM asset; DELETE FROM identifier")
    var cursor: Int64 = -1
    while true {
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM log WHERE applied > ? ORDER BY applied LIMIT 1000"),
        arguments: [cursor])
      if rows.isEmpty { return }
      for row in rows {
        let event = try event(try LogEntry(row: row))
        let order: Int64 = row["applied"]
        let before = try asset(event.asset)
        let after = try apply(event, to: before) {
          try LogEntry.fetchAll(db, "WHERE asset = ? AND applied < ? ORDER BY applied", [event.asset.column, order])
            .map(self.event)
        }
        try project(after, of: event.asset, replacing: before)
        cursor = order
      }
    }
  }

  private func event(_ entry: LogEntry) throws -> CustodyEvent {
    guard let event = entry.content.event else {
      throw CentralFault.damaged(reason: "log entry \(entry.index) is applied, but cannot be read")
    }
    return event
  }
}
