import CentralStore
import TamperEvidence

/// The log's tree on PostgreSQL, inside one transaction that holds the head's row. What it writes is sent at the end, with
/// the entries.
final class PostgresTree: TreeLedger {
  private struct Place: Hashable {
    let level: Int
    let index: UInt64
  }

  private let connection: PostgresConnection
  private let head: HeadRow
  private var tiles: [Place: [UInt8]] = [:]
  private var written: Set<Place> = []
  private var newHead: LogHead?

  init(_ connection: PostgresConnection, _ head: HeadRow) {
    self.connection = connection
    self.head = head
  }

  func takeHead() throws -> [UInt8]? { newHead?.note ?? head.note }

  func put(_ head: LogHead) throws { newHead = head }

  func tile(level: Int, index: UInt64) throws -> [UInt8]? {
    if let known = tiles[Place(level: level, index: index)] { return known }
    return try Self.tile(connection, level: level, index: index)
  }

  func put(_ tile: Tile, bytes: [UInt8]) throws {
    let place = Place(level: tile.level, index: tile.index)
    tiles[place] = bytes
    written.insert(place)
  }

  func entryCount() throws -> Int64 {
    try connection.rows("SELECT coalesce(max(\"index\") + 1, 0) FROM log").first?.int(0) ?? 0
  }

  func entryBytes(from index: Int64, limit: Int) throws -> [[UInt8]] {
    try connection.rows(
      "SELECT bytes FROM log WHERE \"index\" >= $1::int8 ORDER BY \"index\" LIMIT $2::int8", [.int(index), .int(limit)]
    ).map { try $0.bytes(0) }
  }

  /// Takes rows of ``edge`` in.
  func learn(_ rows: PostgresRows) throws {
    for row in 0..<rows.count {
      let place = Place(level: Int(try rows[row].int(0)), index: UInt64(clamping: try rows[row].int(1)))
      tiles[place] = try rows[row].bytes(2)
    }
  }

  /// What is to be written, the head last.
  func steps() -> [PostgresConnection.Step] {
    var steps: [PostgresConnection.Step] = []
    if !written.isEmpty {
      let places = written.sorted { ($0.level, $0.index) < ($1.level, $1.index) }
      steps.append(
        .init(
          """
          INSERT INTO tile(level, "index", bytes) SELECT * FROM unnest($1::int8[], $2::int8[], $3::bytea[])
          ON CONFLICT (level, "index") DO UPDATE SET bytes = excluded.bytes
          """,
          [
            .intArray(places.map { Int64($0.level) }), .intArray(places.map { Int64(clamping: $0.index) }),
            .bytesArray(places.map { tiles[$0] }),
          ]))
    }
    if let newHead {
      steps.append(
        .init(
          "UPDATE head SET size = $1::int8, note = $2::bytea",
          [.int(Int64(clamping: newHead.checkpoint.size)), .bytes(newHead.note)]))
    }
    return steps
  }

  static func tile(_ connection: PostgresConnection, level: Int, index: UInt64) throws -> [UInt8]? {
    guard let index = Int64(exactly: index) else { return nil }
    return try connection.rows(
      "SELECT bytes FROM tile WHERE level = $1::int8 AND \"index\" = $2::int8", [.int(level), .int(index)]
    ).first?.bytes(0)
  }

  /// The tiles at the tree's right edge, which the next entry needs: one a level, and seven levels are more entries than
  /// there can be.
  static let edge = PostgresConnection.Step(
    """
    SELECT tile.level, tile."index", tile.bytes FROM head, generate_series(0, 6) AS edge(level)
      JOIN tile ON tile.level = edge.level WHERE tile."index" = head.size >> (8 * (edge.level + 1))
    """)
}

/// The row that gives out places in the log.
struct HeadRow: Hashable, Sendable {
  /// How many entries the log has: the index of the next one.
  let size: Int64
  /// The newest tree head; nil while the log has no tree.
  let note: [UInt8]?
  /// Number of what is rejected next.
  let nextRejected: Int64

  /// Holds the row until the transaction's end; who else wants it waits.
  static let take = PostgresConnection.Step("SELECT size, note, next_rejected FROM head FOR UPDATE")

  init(_ rows: PostgresRows) throws {
    guard let row = rows.first else { throw CentralFault.damaged(reason: "the row of the log's head is gone") }
    size = try row.int(0)
    note = row.optionalBytes(1)
    nextRejected = try row.int(2)
  }
}
