import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import SyncProtocol
import TamperEvidence

extension SQLiteCentralStore {
  public func station(presenting token: TokenDigest) async throws -> EnrolledStation? {
    try await read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT \(EnrolledStation.columns) FROM station WHERE token = ?"),
        arguments: [Data(token.bytes)]
      ).map(EnrolledStation.init(row:))
    }
  }

  public func station(named name: String) async throws -> EnrolledStation? {
    try await read { try EnrolledStation.fetchOne($0, name) }
  }

  public func keyStatements(about station: String?) async throws -> [UnverifiedEntry] {
    try await read { try UnverifiedEntry.keyStatements($0, about: station) }
  }

  public func hash(of station: String, at place: ChainPlace) async throws -> EntryHash? {
    try await read { db in
      try Data.fetchOne(
        db.cachedStatement(sql: "SELECT hash FROM log WHERE station = ? AND epoch = ? AND seq = ? AND holds_place"),
        arguments: [station, place.epoch, place.seq]
      ).map(EntryHash.init(column:))
    }
  }

  public func stations() async throws -> [StationRecord] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT \(EnrolledStation.columns),
            (SELECT count(*) FROM log WHERE log.station = name) AS entries,
            (SELECT count(*) FROM log WHERE log.station = name AND status NOT IN ('applied', 'stated')) AS quarantined,
            (SELECT count(*) FROM log WHERE log.station = name AND code = 'sync.fork') AS forks,
            (SELECT max(received_at) FROM log WHERE log.station = name) AS last,
            (SELECT count(*) FROM rejected WHERE rejected.station = name) AS rejected
          FROM station ORDER BY name
          """
      ).map { row in
        let station = try EnrolledStation(row: row)
        let last: Int64? = row["last"]
        return StationRecord(
          station: station, held: try Self.chain(of: station.name, in: db), entries: row["entries"],
          quarantined: row["quarantined"], rejected: row["rejected"], forks: row["forks"],
          lastReceivedAt: last.map(Instant.init(milliseconds:)))
      }
    }
  }

  public func chain(of station: EnrolledStation) async throws -> HeldChain? {
    try await read { try Self.chain(of: station.name, in: $0) }
  }

  static func chain(of station: String, in db: Database) throws -> HeldChain? {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT epoch, seq, hash FROM log WHERE station = ? AND holds_place
              AND (code IS NULL OR code NOT IN ('\(AdmissionReason.revoked)', '\(AdmissionReason.closed)'))
            ORDER BY epoch DESC, seq DESC LIMIT 1
            """),
        arguments: [station])
    else { return nil }
    return HeldChain(epoch: row["epoch"], seq: row["seq"], hash: try EntryHash(column: row["hash"]).description)
  }

  public func head() async throws -> LogHead {
    let note = try await read { try SQLiteTree($0).takeHead() }
    guard let note else { throw CentralFault.damaged(reason: "the log has no tree head") }
    return try LogHead(trusted: note)
  }

  public func tile(level: Int, index: UInt64) async throws -> [UInt8]? {
    try await read { try SQLiteTree($0).tile(level: level, index: index) }
  }

  public func entries(after index: Int64, limit: Int, bytes: Int) async throws -> [LogEntry] {
    try await read { db in
      var entries: [LogEntry] = []
      var length = 0
      let rows = try Row.fetchCursor(
        db.cachedStatement(sql: "SELECT * FROM log WHERE \"index\" > ? ORDER BY \"index\" LIMIT ?"),
        arguments: [index, limit])
      while entries.isEmpty || length < bytes, let row = try rows.next() {
        let entry = try LogEntry(row: row)
        length += entry.bytes.count
        entries.append(entry)
      }
      return entries
    }
  }

  public func entries(before index: Int64, status: Set<LogEntry.Status>, limit: Int) async throws -> [LogEntry] {
    try await read { db in
      let exceptionsOnly = status.contains(.applied) ? "" : "AND status <> 'applied'"
      let names = status.map { "'\($0.rawValue)'" }.sorted().joined(separator: ",")
      return try LogEntry.fetchAll(
        db, "WHERE \"index\" < ? \(exceptionsOnly) AND status IN (\(names)) ORDER BY \"index\" DESC LIMIT ?",
        [index, limit])
    }
  }

  public func entries(about asset: AssetID) async throws -> [LogEntry] {
    try await read { try LogEntry.fetchAll($0, "WHERE asset = ? ORDER BY \"index\"", [asset.column]) }
  }

  public func rejectedEntries(before id: Int64, limit: Int) async throws -> [RejectedEntry] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT rejected.*, log."index" AS replaced_by FROM rejected LEFT JOIN log
            ON log.station = rejected.station AND log.epoch = rejected.epoch AND log.seq = rejected.seq
              AND log.holds_place
          WHERE rejected.id < ? ORDER BY rejected.id DESC LIMIT ?
          """,
        arguments: [id, limit]
      ).map { row in
        let bytes: Data = row["bytes"]
        return RejectedEntry(
          id: row["id"], station: row["station"], receivedAt: Instant(milliseconds: row["received_at"]),
          times: row["times"], claimed: ChainPlace(row: row), reason: AdmissionReason(row["code"], row["reason"]),
          bytes: Array(bytes), replacedBy: row["replaced_by"])
      }
    }
  }

  public func asset(_ id: AssetID) async throws -> Asset? {
    try await read { db in
      let canonical = try Data.fetchOne(
        db.cachedStatement(sql: "SELECT canonical FROM alias WHERE id = ?"), arguments: [id.column])
      return try Asset.fetchOne(db, try canonical.map(AssetID.init(column:)) ?? id)
    }
  }

  public func discrepancies(before id: Int64, openOnly: Bool, limit: Int) async throws -> [RecordedDiscrepancy] {
    try await read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM discrepancy WHERE id < ? \(openOnly ? "AND settled_by IS NULL" : "") ORDER BY id DESC LIMIT ?
            """),
        arguments: [id, limit]
      ).map(RecordedDiscrepancy.init(row:))
    }
  }

  public func discrepancies(about subject: DiscrepancySubject) async throws -> [RecordedDiscrepancy] {
    try await read { try RecordedDiscrepancy.fetchAll($0, about: subject) }
  }

  public func entry(ofEvent id: EventID) async throws -> LogEntry? {
    try await read { try LogEntry.fetchOne($0, "WHERE event_id = ? ORDER BY \"index\" LIMIT 1", [id.column]) }
  }

  public func assets(_ query: AssetQuery) async throws -> [Asset] {
    try await read { db in
      var conditions = ["1"]
      var arguments: StatementArguments = []
      if let text = query.text, !text.isEmpty {
        let pattern = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        conditions.append(
          """
          (id IN (SELECT asset FROM identifier WHERE value LIKE ? ESCAPE '\\') OR manufacturer LIKE ? ESCAPE '\\'
            OR model LIKE ? ESCAPE '\\')
          """)
        arguments += [pattern, pattern, pattern]
      }
      if let state = query.state {
        conditions.append("state = ?")
        arguments += [state.rawValue]
      }
      if let after = query.after {
        conditions.append("id > ?")
        arguments += [after.column]
      }
      arguments += [query.limit]
      return try Data.fetchAll(
        db, sql: "SELECT doc FROM asset WHERE \(conditions.joined(separator: " AND ")) ORDER BY id LIMIT ?",
        arguments: arguments
      ).map(Asset.init(document:))
    }
  }

  public func figures() async throws -> CentralFigures {
    try await read { db in
      var assets: [LifecycleState: Int] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS n FROM asset GROUP BY state") {
        guard let state = LifecycleState(rawValue: row["state"]) else {
          throw CentralFault.damaged(reason: "an asset has state \(row["state"] as String)")
        }
        assets[state] = row["n"]
      }
      func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)") ?? 0 }
      return CentralFigures(
        assets: assets, entries: (try Int64.fetchOne(db, sql: "SELECT max(\"index\") FROM log") ?? -1) + 1,
        contested: try count("log WHERE status <> 'applied' AND status = 'contested'"),
        quarantined: try count("log WHERE status <> 'applied' AND status = 'quarantined'"),
        unsupported: try count("log WHERE status <> 'applied' AND status = 'unsupported'"),
        rejected: try count("rejected"), forks: try count("log WHERE status <> 'applied' AND code = 'sync.fork'"),
        stations: try count("station"), discrepancies: try count("discrepancy WHERE settled_by IS NULL"))
    }
  }
}
