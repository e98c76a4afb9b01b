import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import SyncProtocol

extension SQLiteCentralStore {
  /// So many rows of a table stand in one part.
  private static let portion = 2000

  public func handOverProjection(_ take: @escaping @Sendable (ProjectionPart) throws -> Void) async throws -> LogHead {
    // One read transaction: all of it is of one moment, while pushes go on.
    try await read { db in
      guard let note = try SQLiteTree(db).takeHead() else {
        throw CentralFault.damaged(reason: "the log has no tree head")
      }
      try Self.each(db, "SELECT id, doc FROM asset ORDER BY id") { row -> (id: AssetID, document: [UInt8]) in
        let document: Data = row["doc"]
        return (try AssetID(column: row["id"]), Array(document))
      } then: {
        try take(.assets($0))
      }
      try Self.each(db, "SELECT id, canonical FROM alias ORDER BY id") { row -> (id: AssetID, canonical: AssetID) in
        (try AssetID(column: row["id"]), try AssetID(column: row["canonical"]))
      } then: {
        try take(.aliases($0))
      }
      try Self.each(
        db,
        """
        SELECT DISTINCT asset FROM log WHERE asset IS NOT NULL AND asset NOT IN (SELECT id FROM asset)
          AND asset NOT IN (SELECT id FROM alias) ORDER BY asset
        """
      ) { row in
        try AssetID(column: row["asset"])
      } then: {
        try take(.unprojected($0))
      }
      try Self.each(db, "SELECT * FROM discrepancy WHERE asset IS NOT NULL ORDER BY id", RecordedDiscrepancy.init(row:))
      {
        try take(.discrepancies($0))
      }
      try Self.each(
        db,
        "SELECT \"index\", bytes FROM log WHERE status <> 'applied' AND status IN ('stated', 'unsupported') ORDER BY 1"
      ) { row -> (logIndex: Int64, bytes: [UInt8]) in
        let bytes: Data = row["bytes"]
        return (row["index"], Array(bytes))
      } then: {
        try take(.statements($0.filter { LogAudit.statement(in: $0.bytes[...]) != nil }))
      }
      let names = try String.fetchAll(db, sql: "SELECT name FROM station ORDER BY name")
      try take(
        .chains(try names.compactMap { name in try Self.chain(of: name, in: db).map { (station: name, end: $0) } }))
      return try LogHead(trusted: note)
    }
  }

  private static func each<Value>(
    _ db: Database, _ sql: String, _ make: (Row) throws -> Value, then take: ([Value]) throws -> Void
  ) throws {
    let rows = try Row.fetchCursor(db, sql: sql)
    var part: [Value] = []
    while let row = try rows.next() {
      part.append(try make(row))
      if part.count == portion {
        try take(part)
        part = []
      }
    }
    if !part.isEmpty { try take(part) }
  }
}
