import CentralStore
import Foundation
import GRDB
import TamperEvidence

/// The log's tree on SQLite, inside one transaction. The one writer has the counter to itself without asking.
final class SQLiteTree: TreeLedger {
  private let db: Database

  init(_ db: Database) { self.db = db }

  func takeHead() throws -> [UInt8]? {
    try Data.fetchOne(db.cachedStatement(sql: "SELECT note FROM head WHERE id = 0")).map(Array.init)
  }

  func put(_ head: LogHead) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO head(id, size, note) VALUES (0, ?, ?)").execute(
      arguments: [Int64(clamping: head.checkpoint.size), Data(head.note)])
  }

  func tile(level: Int, index: UInt64) throws -> [UInt8]? {
    guard let index = Int64(exactly: index) else { return nil }
    return try Data.fetchOne(
      db.cachedStatement(sql: "SELECT bytes FROM tile WHERE level = ? AND \"index\" = ?"), arguments: [level, index]
    ).map(Array.init)
  }

  func put(_ tile: Tile, bytes: [UInt8]) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO tile(level, \"index\", bytes) VALUES (?,?,?)").execute(
      arguments: [tile.level, Int64(clamping: tile.index), Data(bytes)])
  }

  func entryCount() throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT coalesce(max(\"index\") + 1, 0) FROM log") ?? 0
  }

  func entryBytes(from index: Int64, limit: Int) throws -> [[UInt8]] {
    try Data.fetchAll(
      db, sql: "SELECT bytes FROM log WHERE \"index\" >= ? ORDER BY \"index\" LIMIT ?", arguments: [index, limit]
    ).map(Array.init)
  }
}
