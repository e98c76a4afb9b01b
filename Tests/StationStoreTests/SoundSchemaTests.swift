import Foundation
import GRDB
import SyncTestSupport
import Testing

@testable import StationStore

/// SQLite's own check decides whether a station may record: whatever the schema allows to be stored must pass it.
struct SoundSchemaTests {
  @Test("a row with nothing in it but what must be there is sound, in every table")
  func nulls() async throws {
    try await Desk.run { store in
      let found = try await store.write { transaction in
        let db = transaction.db
        var found: [String] = []
        let tables = try String.fetchAll(
          db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        #expect(tables.count > 25)
        try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
        for table in tables {
          let columns = try db.columns(in: table)
          let needed = columns.filter { $0.isNotNull || $0.primaryKeyIndex > 0 }
          let marks = needed.map { _ in "?" }.joined(separator: ",")
          let values: [any DatabaseValueConvertible] = needed.map { column in
            switch column.type {
            case "INTEGER": 987_654_321 as Int64
            case "BLOB": Data([1])
            default: "x"
            }
          }
          let names = needed.map { "\"\($0.name)\"" }.joined(separator: ",")
          try db.inSavepoint {
            try db.execute(
              sql: "INSERT INTO \"\(table)\"(\(names)) VALUES (\(marks))", arguments: StatementArguments(values))
            let said = try String.fetchAll(db, sql: "PRAGMA quick_check")
            if said != ["ok"] { found.append("\(table): \(said)") }
            return .rollback
          }
        }
        return found
      }
      #expect(found == [])
    }
  }
}
