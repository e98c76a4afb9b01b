import Foundation
import GRDB

extension StoreReading {
  /// The entries of the centre's log that are here, of a range of its indexes: own and pulled events, statements, and second
  /// entries of forked chains.
  public func logEntries(in range: Range<Int64>) throws -> [Int64: [UInt8]] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT log_index, bytes FROM entry WHERE log_index >= ?1 AND log_index < ?2
          UNION ALL SELECT log_index, bytes FROM own_statement WHERE log_index >= ?1 AND log_index < ?2
          UNION ALL SELECT log_index, bytes FROM statement WHERE log_index >= ?1 AND log_index < ?2
          UNION ALL SELECT log_index, bytes FROM flagged WHERE log_index >= ?1 AND log_index < ?2 AND bytes IS NOT NULL
          """), arguments: [range.lowerBound, range.upperBound])
    return Dictionary(
      rows.map { row in (row["log_index"] as Int64, Array(row["bytes"] as Data)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The signed tree heads of the centre's log that are here.
  public func keptHeads() throws -> [[UInt8]] {
    try Data.fetchAll(db, sql: "SELECT note FROM tree_head WHERE note IS NOT NULL").map(Array.init)
  }
}
