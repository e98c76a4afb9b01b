import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

extension PostgresConnection {
  /// Reads that need a whole table, or several statements of one moment.
  fileprivate func snapshot(_ steps: [Step]) throws -> [PostgresRows] {
    let opening: [Step] = [
      .init("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), .init("SET LOCAL enable_seqscan = on"),
      .init("SET LOCAL plan_cache_mode = force_custom_plan"),
    ]
    return try pipeline(opening + steps + [.init("COMMIT")]).dropFirst(opening.count).dropLast()
  }

  fileprivate func entries(_ rest: String, _ parameters: [PostgresValue]) throws -> [LogEntry] {
    try rows("SELECT \(LogEntry.columns()) FROM log \(rest)", parameters).map(LogEntry.init)
  }
}

extension PostgresCentralStore {
  public func station(presenting token: TokenDigest) async throws -> EnrolledStation? {
    try await read { connection in
      try connection.rows(
        "SELECT \(EnrolledStation.columns) FROM station WHERE token = $1::bytea", [.bytes(token.bytes)]
      ).first.map(EnrolledStation.init)
    }
  }

  public func station(named name: String) async throws -> EnrolledStation? {
    try await read { try EnrolledStation.fetchOne($0, name) }
  }

  public func keyStatements(about station: String?) async throws -> [UnverifiedEntry] {
    try await read { try UnverifiedEntry.keyStatements($0, about: station) }
  }

  public func hash(of station: String, at place: ChainPlace) async throws -> EntryHash? {
    try await read { connection in
      try connection.rows(
        "SELECT hash FROM log WHERE station = $1::bytea AND epoch = $2::int8 AND seq = $3::int8 AND holds_place",
        [.utf8(station), .int(place.epoch), .int(place.seq)]
      ).first.map { try EntryHash(column: try $0.bytes(0)) }
    }
  }

  public func stations() async throws -> [StationRecord] {
    try await read { connection in
      let rows = try connection.snapshot([
        .init(
          """
          SELECT \(EnrolledStation.columns), coalesce(held.entries, 0), coalesce(held.quarantined, 0), coalesce(held.forks, 0),
            held.last, coalesce(aside.rejected, 0), tip.epoch, tip.seq, tip.hash
          FROM station
            LEFT JOIN (
              SELECT station, count(*) AS entries, count(*) FILTER (WHERE status NOT IN ('applied', 'stated')) AS quarantined,
                count(*) FILTER (WHERE code = 'sync.fork') AS forks, max(received_at) AS last
              FROM log GROUP BY station
            ) AS held ON held.station = station.name
            LEFT JOIN (SELECT station, count(*) AS rejected FROM rejected GROUP BY station) AS aside
              ON aside.station = station.name
            LEFT JOIN LATERAL (
              SELECT epoch, seq, hash FROM log WHERE log.station = station.name AND holds_place
              ORDER BY epoch DESC, seq DESC LIMIT 1
            ) AS tip ON true
          ORDER BY station.name
          """)
      ])
      return try rows[0].map { row in
        StationRecord(
          station: try EnrolledStation(row), held: try HeldChain(row, from: 11), entries: Int(try row.int(6)),
          quarantined: Int(try row.int(7)), rejected: Int(try row.int(10)), forks: Int(try row.int(8)),
          lastReceivedAt: try row.optionalInt(9).map(Instant.init(milliseconds:)))
      }
    }
  }

  public func chain(of station: EnrolledStation) async throws -> HeldChain? {
    try await read { connection in
      try connection.rows(
        """
        SELECT epoch, seq, hash FROM log WHERE station = $1::bytea AND holds_place
          AND (code IS NULL OR code NOT IN ('\(AdmissionReason.revoked)', '\(AdmissionReason.closed)'))
        ORDER BY epoch DESC, seq DESC LIMIT 1
        """, [.utf8(station.name)]
      ).first.flatMap { try HeldChain($0, from: 0) }
    }
  }

  public func head() async throws -> LogHead {
    let note = try await read { try $0.rows("SELECT note FROM head").first?.optionalBytes(0) }
    guard let note else { throw CentralFault.damaged(reason: "the log has no tree head") }
    return try LogHead(trusted: note)
  }

  public func tile(level: Int, index: UInt64) async throws -> [UInt8]? {
    try await read { try PostgresTree.tile($0, level: level, index: index) }
  }

  public func entries(after index: Int64, limit: Int, bytes: Int) async throws -> [LogEntry] {
    try await read { connection in
      // The server stops, so that no more than is wanted is sent: a row is in when those before it have too few bytes.
      try connection.rows(
        """
        SELECT \(LogEntry.columns(of: "page")) FROM (
          SELECT \(LogEntry.columns()), sum(octet_length(bytes)) OVER (ORDER BY "index") - octet_length(bytes) AS before
          FROM log WHERE "index" > $1::int8 ORDER BY "index" LIMIT $2::int8
        ) AS page WHERE before = 0 OR before < $3::int8 ORDER BY page."index"
        """, [.int(index), .int(limit), .int(bytes)]
      ).map(LogEntry.init)
    }
  }

  public func entries(before index: Int64, status: Set<LogEntry.Status>, limit: Int) async throws -> [LogEntry] {
    try await read { connection in
      let exceptionsOnly = status.contains(.applied) ? "" : "AND status <> 'applied'"
      return try connection.entries(
        "WHERE \"index\" < $1::int8 \(exceptionsOnly) AND status = ANY($2::text[]) ORDER BY \"index\" DESC LIMIT $3::int8",
        [.int(index), .wordArray(status.map(\.rawValue)), .int(limit)])
    }
  }

  public func entries(about asset: AssetID) async throws -> [LogEntry] {
    try await read { try $0.entries("WHERE asset = $1::bytea ORDER BY \"index\"", [.bytes(asset.column)]) }
  }

  public func rejectedEntries(before id: Int64, limit: Int) async throws -> [RejectedEntry] {
    try await read { connection in
      try connection.rows(
        """
        SELECT id, rejected.station, rejected.received_at, times, rejected.epoch, rejected.seq, rejected.code,
          rejected.reason, rejected.bytes, log."index"
        FROM rejected LEFT JOIN log ON log.station = rejected.station AND log.epoch = rejected.epoch
          AND log.seq = rejected.seq AND log.holds_place
        WHERE id < $1::int8 ORDER BY id DESC LIMIT $2::int8
        """, [.int(id), .int(limit)]
      ).map { row in
        var claimed: ChainPlace?
        if let epoch = try row.optionalInt(4), let seq = try row.optionalInt(5) {
          claimed = ChainPlace(epoch: Int(epoch), seq: Int(seq))
        }
        return RejectedEntry(
          id: try row.int(0), station: try row.text(1), receivedAt: Instant(milliseconds: try row.int(2)),
          times: Int(try row.int(3)), claimed: claimed, reason: AdmissionReason(try row.text(6), try row.text(7)),
          bytes: try row.bytes(8), replacedBy: try row.optionalInt(9))
      }
    }
  }

  public func asset(_ id: AssetID) async throws -> Asset? {
    try await read { connection in
      try connection.rows(
        "SELECT doc FROM asset WHERE id = coalesce((SELECT canonical FROM alias WHERE id = $1::bytea), $1::bytea)",
        [.bytes(id.column)]
      ).first.map { try Asset(document: try $0.bytes(0)) }
    }
  }

  public func discrepancies(before id: Int64, openOnly: Bool, limit: Int) async throws -> [RecordedDiscrepancy] {
    try await read { try RecordedDiscrepancy.fetchPage($0, before: id, openOnly: openOnly, limit: limit) }
  }

  public func discrepancies(about subject: DiscrepancySubject) async throws -> [RecordedDiscrepancy] {
    try await read { try RecordedDiscrepancy.fetchAll($0, about: subject) }
  }

  public func entry(ofEvent id: EventID) async throws -> LogEntry? {
    try await read { connection in
      try connection.rows(
        "SELECT \(LogEntry.columns()) FROM log WHERE event_id = $1::bytea ORDER BY log.\"index\" LIMIT 1",
        [.bytes(id.column)]
      ).first.map { try LogEntry($0) }
    }
  }

  public func assets(_ query: AssetQuery) async throws -> [Asset] {
    try await read { connection in
      var conditions = ["true"]
      var parameters: [PostgresValue] = []
      func parameter(_ value: PostgresValue, _ type: String) -> String {
        parameters.append(value)
        return "$\(parameters.count)::\(type)"
      }
      if let text = query.text, !text.isEmpty {
        let key = SearchKey.bytes(text)
        let prefix = parameter(.bytes(key), "bytea")
        let length = parameter(.int(key.count), "int8")
        // The index has the beginnings only; what is longer is compared in full.
        let indexed = Array(key.prefix(SearchKey.indexed))
        var range = "substring(value FROM 1 FOR 256) >= \(parameter(.bytes(indexed), "bytea"))"
        if let end = SearchKey.end(of: indexed) {
          range += " AND substring(value FROM 1 FOR 256) < \(parameter(.bytes(end), "bytea"))"
        }
        func begins(_ column: String) -> String { "substring(\(column) FROM 1 FOR \(length)::int4) = \(prefix)" }
        conditions.append(
          """
          (id IN (SELECT asset FROM identifier WHERE \(range) AND \(begins("value"))) OR \(begins("manufacturer"))
            OR \(begins("model")))
          """)
      }
      if let state = query.state { conditions.append("state = \(parameter(.word(state.rawValue), "text"))") }
      if let after = query.after { conditions.append("id > \(parameter(.bytes(after.column), "bytea"))") }
      let limit = parameter(.int(query.limit), "int8")
      return try connection.snapshot([
        .init(
          "SELECT doc FROM asset WHERE \(conditions.joined(separator: " AND ")) ORDER BY id LIMIT \(limit)", parameters)
      ])[0].map { try Asset(document: try $0.bytes(0)) }
    }
  }

  public func figures() async throws -> CentralFigures {
    try await read { connection in
      let rows = try connection.snapshot([
        .init("SELECT state, count(*) FROM asset GROUP BY state"),
        .init(
          """
          SELECT (SELECT coalesce(max("index"), -1) FROM log) + 1,
            (SELECT count(*) FROM log WHERE status <> 'applied' AND status = 'quarantined'),
            (SELECT count(*) FROM log WHERE status <> 'applied' AND status = 'unsupported'),
            (SELECT count(*) FROM rejected), (SELECT count(*) FROM log WHERE status <> 'applied' AND code = 'sync.fork'),
            (SELECT count(*) FROM station), (SELECT count(*) FROM log WHERE status <> 'applied' AND status = 'contested'),
            (SELECT count(*) FROM discrepancy WHERE settled_by IS NULL)
          """),
      ])
      var assets: [LifecycleState: Int] = [:]
      for row in 0..<rows[0].count {
        let name = try rows[0][row].text(0)
        guard let state = LifecycleState(rawValue: name) else {
          throw CentralFault.damaged(reason: "an asset has state \(name)")
        }
        assets[state] = Int(try rows[0][row].int(1))
      }
      let row = rows[1][0]
      return CentralFigures(
        assets: assets, entries: try row.int(0), contested: Int(try row.int(6)), quarantined: Int(try row.int(1)),
        unsupported: Int(try row.int(2)), rejected: Int(try row.int(3)), forks: Int(try row.int(4)),
        stations: Int(try row.int(5)), discrepancies: Int(try row.int(7)))
    }
  }
}

extension HeldChain {
  /// Columns `epoch, seq, hash` from a column on; nil where there is none.
  fileprivate init?(_ row: PostgresRows.Row, from column: Int) throws {
    guard let epoch = try row.optionalInt(column), let seq = try row.optionalInt(column + 1) else { return nil }
    self.init(
      epoch: Int(epoch), seq: Int(seq), hash: try EntryHash(column: try row.bytes(column + 2)).description)
  }
}
