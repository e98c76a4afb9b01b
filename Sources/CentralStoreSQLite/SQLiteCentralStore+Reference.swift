import CentralStore
import Foundation
import GRDB
import SyncProtocol

extension SQLiteCentralStore {
  public func changeReference(_ changes: [ReferenceChange]) async throws -> Int64 {
    try await commits.submit { db, _ in
      var version = try Int64.fetchOne(db, sql: "SELECT max(version) FROM reference") ?? 0
      for change in changes {
        let arguments: StatementArguments = [change.kind.rawValue, change.key]
        let row = try Row.fetchOne(
          db.cachedStatement(sql: "SELECT doc FROM reference WHERE kind = ? AND key = ?"), arguments: arguments)
        let held: String? = row?["doc"]
        // What is so already, and what is to go and was never there.
        if held == change.value { continue }
        version += 1
        try db.cachedStatement(
          sql: """
            INSERT INTO reference(kind, key, version, doc) VALUES (?,?,?,?)
            ON CONFLICT(kind, key) DO UPDATE SET version = excluded.version, doc = excluded.doc
            """
        ).execute(arguments: arguments + [version, change.value])
      }
      return version
    }
  }

  public func reference(after version: Int64, limit: Int) async throws -> ReferencePage {
    try await read { db in
      let items = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM reference WHERE version > ? ORDER BY version LIMIT ?"),
        arguments: [version, limit + 1]
      ).map { ReferenceItem(version: $0["version"], kind: $0["kind"], key: $0["key"], value: $0["doc"]) }
      let page = Array(items.prefix(limit))
      return ReferencePage(version: page.last?.version ?? version, more: items.count > limit, items: page)
    }
  }
}
