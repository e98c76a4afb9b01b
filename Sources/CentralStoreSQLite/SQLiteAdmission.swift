import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// The rules of admission on SQLite, inside one write transaction. Lives only as long as that.
final class SQLiteAdmission: AdmissionLedger {
  let db: Database
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

  func mark(_ index: Int64, _ status: LogEntry.Status, _ reason: AdmissionReason?) throws {
    try db.cachedStatement(sql: "UPDATE log SET status = ?, code = ?, reason = ? WHERE \"index\" = ?").execute(
      arguments: [status.rawValue, reason?.code, reason?.sentence, index])
  }

  func station(ofEvent id: EventID) throws -> String? {
    try String.fetchOne(
      db.cachedStatement(sql: "SELECT station FROM log WHERE event_id = ? ORDER BY \"index\" LIMIT 1"),
      arguments: [id.column])
  }

  func asset(_ id: AssetID) throws -> Asset? { try Asset.fetchOne(db, id) }

  func canonical(of id: AssetID) throws -> AssetID? {
    try Data.fetchOne(
      db.cachedStatement(sql: "SELECT canonical FROM alias WHERE id = ?"), arguments: [id.column]
    ).map(AssetID.init(column:))
  }

  func setCanonical(_ canonical: AssetID?, of id: AssetID) throws {
    guard let canonical else {
      return try db.cachedStatement(sql: "DELETE FROM alias WHERE id = ?").execute(arguments: [id.column])
    }
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO alias(id, canonical) VALUES (?,?)").execute(
      arguments: [id.column, canonical.column])
  }

  func events(about id: AssetID) throws -> [CustodyEvent] {
    try LogEntry.fetchAll(
      db,
      """
      WHERE asset = ? AND (status IN ('applied', 'contested')
        OR status = 'quarantined' AND (code IS NULL OR code IN ('custody.waiting', 'custody.unfitting')))
      """, [id.column]
    ).map { entry in
      guard let event = entry.content.event else {
        throw CentralFault.damaged(reason: "log entry \(entry.index) is in the projection, but cannot be read")
      }
      return event
    }
  }

  func hasEvents(about id: AssetID, besides event: EventID) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM log WHERE asset = ? AND event_id <> ?)"),
      arguments: [id.column, event.column]) ?? false
  }

  func assets(withSerial serial: String) throws -> [AssetID] {
    try Data.fetchAll(
      db.cachedStatement(sql: "SELECT asset FROM identifier WHERE value = ? AND kind = 'serial'"), arguments: [serial]
    ).map(AssetID.init(column:))
  }

  func standpoint(of event: CustodyEvent) throws -> Standpoint? {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT status, code FROM log WHERE event_id = ? ORDER BY \"index\" LIMIT 1"),
        arguments: [event.eventID.column]), let status = LogEntry.Status(rawValue: row["status"])
    else { return nil }
    return LogEntry.standpoint(status, code: row["code"])
  }

  func set(_ standpoint: Standpoint, of event: CustodyEvent) throws {
    try db.cachedStatement(
      sql: """
        UPDATE log SET status = ?, code = ?, reason = ?
        WHERE "index" = (SELECT min("index") FROM log WHERE event_id = ?)
        """
    ).execute(arguments: [
      LogEntry.Status(standpoint).rawValue, standpoint.code, standpoint.sentence, event.eventID.column,
    ])
  }

  func discrepancies(about subject: DiscrepancySubject) throws -> [RecordedDiscrepancy] {
    try RecordedDiscrepancy.fetchAll(db, about: subject)
  }

  func write(_ change: RecordedDiscrepancy.Change, about subject: DiscrepancySubject, at moment: Instant) throws {
    let (asset, station) = subject.columns
    func insert(_ discrepancy: Discrepancy, settledBy: EventID?) throws {
      try db.cachedStatement(
        sql: """
          INSERT INTO discrepancy(kind, asset, station, doc, opened_at, settled_at, settled_by) VALUES (?,?,?,?,?,?,?)
          """
      ).execute(arguments: [
        discrepancy.kind.rawValue, asset, station, Data(try CanonicalEncoder().encode(discrepancy)),
        moment.milliseconds, settledBy == nil ? nil : moment.milliseconds, settledBy?.column,
      ])
    }
    switch change {
    case .open(let discrepancy): try insert(discrepancy, settledBy: nil)
    case .openAndEnd(let discrepancy, let event): try insert(discrepancy, settledBy: event)
    case .become(let id, let discrepancy):
      try db.cachedStatement(sql: "UPDATE discrepancy SET doc = ? WHERE id = ?").execute(
        arguments: [Data(try CanonicalEncoder().encode(discrepancy)), id])
    case .end(let id, let event):
      try db.cachedStatement(sql: "UPDATE discrepancy SET settled_at = ?, settled_by = ? WHERE id = ?").execute(
        arguments: [moment.milliseconds, event.column, id])
    }
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
    try enrolledStation(named: name)?.key
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
    try Row.fetchAll(db, sql: "SELECT \(EnrolledStation.columns) FROM station WHERE stated_at IS NULL ORDER BY name")
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

  /// Makes the projection anew, asset by asset, from all their events. Where other rules had made it, what disagrees by these
  /// is recorded too: `moment` says when that was found out.
  func rebuildProjection(recordingAt moment: Instant? = nil) throws {
    try db.execute(sql: "DELETE FROM asset; DELETE FROM identifier; DELETE FROM alias")
    var after = Data()
    while true {
      let page = try Data.fetchAll(
        db.cachedStatement(sql: "SELECT DISTINCT asset FROM log WHERE asset > ? ORDER BY asset LIMIT 1000"),
        arguments: [after])
      guard let last = page.last else { return }
      for id in try page.map(AssetID.init(column:)) {
        if let moment { try refold(id, recordingAt: moment) } else { try refold(id) }
      }
      after = last
    }
  }

  /// See ``CentralStore/foldedOtherwise(after:limit:)``.
  func foldedOtherwise(after id: AssetID?, limit: Int) throws -> FoldedPortion {
    let page = try Data.fetchAll(
      db.cachedStatement(sql: "SELECT DISTINCT asset FROM log WHERE asset > ? ORDER BY asset LIMIT ?"),
      arguments: [id?.column ?? Data(), limit]
    ).map(AssetID.init(column:))
    var wrong: [AssetID: String] = [:]
    for id in page {
      try db.inSavepoint {
        do {
          let before = try state(of: id)
          try refold(id)
          if try state(of: id) != before { wrong[id] = FoldedPortion.changed }
        } catch let fault as CentralFault {
          wrong[id] = FoldedPortion.unreadable(fault)
        }
        return .rollback
      }
    }
    return FoldedPortion(assets: page.count, last: page.last, wrong: wrong)
  }

  private func state(of id: AssetID) throws -> [DatabaseValue] {
    let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM asset WHERE id = ?"), arguments: [id.column])
    let canonical = try Data.fetchOne(
      db.cachedStatement(sql: "SELECT canonical FROM alias WHERE id = ?"), arguments: [id.column])
    let marks = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT kind, value FROM identifier WHERE asset = ? ORDER BY kind, value"),
      arguments: [id.column])
    return (row.map { Array($0.databaseValues) } ?? []) + [canonical?.databaseValue ?? .null]
      + marks.flatMap { Array($0.databaseValues) }
  }
}
