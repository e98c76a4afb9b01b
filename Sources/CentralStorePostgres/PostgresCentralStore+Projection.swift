import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

extension PostgresCentralStore {
  public func handOverProjection(_ take: @escaping @Sendable (ProjectionPart) throws -> Void) async throws -> LogHead {
    try await read { connection in
      // One snapshot of the database: all of it is of one moment, while pushes go on.
      let begun = try connection.pipeline([
        .init("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), .init("SET LOCAL enable_seqscan = on"),
        .init("SET LOCAL plan_cache_mode = force_custom_plan"), .init("SELECT note FROM head"),
      ])
      guard let note = begun.last?.first?.optionalBytes(0) else {
        throw CentralFault.damaged(reason: "the log has no tree head")
      }
      do {
        try Self.handOver(connection, take)
      } catch {
        _ = try connection.pipeline([.init("ROLLBACK")])
        throw error
      }
      _ = try connection.pipeline([.init("COMMIT")])
      return try LogHead(trusted: note)
    }
  }

  private static func handOver(
    _ connection: PostgresConnection, _ take: @escaping @Sendable (ProjectionPart) throws -> Void
  ) throws {
    try each(connection, "assets", "SELECT id, doc FROM asset ORDER BY id") { row in
      (id: try AssetID(column: try row.bytes(0)), document: try row.bytes(1))
    } then: {
      try take(.assets($0))
    }
    try each(connection, "aliases", "SELECT id, canonical FROM alias ORDER BY id") { row in
      (id: try AssetID(column: try row.bytes(0)), canonical: try AssetID(column: try row.bytes(1)))
    } then: {
      try take(.aliases($0))
    }
    try each(
      connection, "unprojected",
      """
      SELECT DISTINCT asset FROM log WHERE asset IS NOT NULL
        AND NOT EXISTS(SELECT 1 FROM asset AS known WHERE known.id = log.asset)
        AND NOT EXISTS(SELECT 1 FROM alias WHERE alias.id = log.asset) ORDER BY asset
      """
    ) { row in
      try AssetID(column: try row.bytes(0))
    } then: {
      try take(.unprojected($0))
    }
    try each(
      connection, "discrepancies",
      "SELECT \(RecordedDiscrepancy.columns) FROM discrepancy WHERE asset IS NOT NULL ORDER BY id",
      RecordedDiscrepancy.init
    ) { try take(.discrepancies($0)) }
    try each(
      connection, "statements",
      "SELECT \"index\", bytes FROM log WHERE status <> 'applied' AND status IN ('stated', 'unsupported') ORDER BY \"index\""
    ) { row in
      (logIndex: try row.int(0), bytes: try row.bytes(1))
    } then: {
      try take(.statements($0.filter { LogAudit.statement(in: $0.bytes[...]) != nil }))
    }
    try each(
      connection, "chains",
      """
      SELECT station.name, tip.epoch, tip.seq, tip.hash FROM station CROSS JOIN LATERAL (
        SELECT epoch, seq, hash FROM log WHERE log.station = station.name AND holds_place
        ORDER BY epoch DESC, seq DESC LIMIT 1
      ) AS tip ORDER BY station.name
      """
    ) { row in
      (
        station: try row.text(0),
        end: HeldChain(
          epoch: Int(try row.int(1)), seq: Int(try row.int(2)),
          hash: try EntryHash(column: try row.bytes(3)).description)
      )
    } then: {
      try take(.chains($0))
    }
  }

  /// Reads by a cursor, so that neither end holds all of it. Each has a name of its own: the statement that fetches from it is
  /// prepared, for its columns.
  private static func each<Value>(
    _ connection: PostgresConnection, _ name: String, _ sql: String, _ make: (PostgresRows.Row) throws -> Value,
    then take: ([Value]) throws -> Void
  ) throws {
    try connection.run("DECLARE \(name) NO SCROLL CURSOR FOR \(sql)")
    while true {
      // Binary, as every result is: the cursor's own form does not count.
      let rows = try connection.rows("FETCH 2000 FROM \(name)")
      if rows.count == 0 { break }
      try take(try rows.map(make))
    }
    try connection.run("CLOSE \(name)")
  }
}
