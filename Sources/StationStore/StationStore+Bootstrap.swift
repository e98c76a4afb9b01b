import Foundation
import GRDB
import StationSnapshot
import SyncProtocol

extension StoreReading {
  /// Whether nothing that was recorded anywhere is here yet, so that the station may begin with a snapshot.
  public func isBeforeItsFirstEntry() throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT NOT EXISTS(SELECT 1 FROM entry) AND NOT EXISTS(SELECT 1 FROM asset)
          AND NOT EXISTS(SELECT 1 FROM meta WHERE key IN ('pullCursor', 'ledgerBegins'))
        """) ?? false
  }
}

extension StationStore {
  /// The folder in which a snapshot is fetched and unpacked.
  public var snapshotFolder: String { folder.path + "/snapshot" }

  /// Begins with a snapshot, the SQLite file at a path: all of it in one transaction, so that a station that is killed has it or
  /// has nothing of it. False when the station is not empty any more. Throws ``SnapshotFault/contents(_:)`` for a file that is no
  /// snapshot.
  public func install(snapshot file: String, of manifest: SnapshotManifest) async throws -> Bool {
    try await pool.writeWithoutTransaction { db in
      do {
        try db.execute(sql: "ATTACH DATABASE ? AS snapshot", arguments: [file])
      } catch let error as DatabaseError {
        throw SnapshotFault.contents(error.message ?? "\(error.resultCode)")
      }
      let result = Result { try Self.install(manifest, in: db) }
      try db.execute(sql: "DETACH DATABASE snapshot")
      return try result.get()
    }
  }

  private static func install(_ manifest: SnapshotManifest, in db: Database) throws -> Bool {
    try SnapshotSchema.check("snapshot", in: db)
    var isInstalled = false
    do {
      try db.inTransaction(.immediate) {
        guard try StoreSnapshot(db: db).isBeforeItsFirstEntry() else { return .rollback }
        // Rows in order into their tables, and the indexes at the end: sorted, not searched for a million times.
        let indexes = try Row.fetchAll(
          db,
          sql:
            "SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('asset', 'identifier', 'medium')"
        ).map { row -> (name: String, sql: String) in (row["name"], row["sql"]) }
        for index in indexes { try db.execute(sql: "DROP INDEX main.\(index.name.quotedDatabaseIdentifier)") }
        try db.execute(
          sql: """
            INSERT INTO main.asset(id, tag, serial, manufacturer, model, category, state, custodian, location, parent,
              changed_at, doc, po, po_line, due, warranty_end, refresh_on)
            SELECT id, tag, serial, manufacturer, model, category, state, custodian, location, parent, changed_at, doc,
              \(Schema.order), \(Schema.orderLine), \(Schema.due), \(Schema.warrantyEnd), \(Schema.refresh)
              FROM snapshot.asset ORDER BY id;
            INSERT OR IGNORE INTO main.identifier(value, kind, asset)
              SELECT value, kind, asset FROM snapshot.identifier ORDER BY value, kind, asset;
            \(Schema.media(of: "snapshot"));
            INSERT INTO main.alias(id, canonical) SELECT id, canonical FROM snapshot.alias ORDER BY id;
            INSERT INTO main.earlier(asset) SELECT asset FROM snapshot.earlier ORDER BY asset;
            INSERT INTO main.discrepancy(id, kind, asset, doc, opened_at, settled_at, settled_by)
              SELECT id, kind, asset, doc, opened_at, settled_at, settled_by FROM snapshot.discrepancy ORDER BY id;
            INSERT INTO main.chain(station, epoch, seq, hash) SELECT station, epoch, seq, hash FROM snapshot.chain;
            INSERT OR IGNORE INTO main.statement(log_index, bytes) SELECT log_index, bytes FROM snapshot.statement;
            """)
        for index in indexes { try db.execute(sql: index.sql) }
        try db.execute(sql: Schema.knowing)
        try db.execute(sql: SearchIndex.forgetting)
        try db.execute(
          sql: "INSERT INTO meta(key, value) VALUES ('pullCursor', ?), ('ledgerBegins', ?)",
          arguments: [String(Int64(clamping: manifest.size) - 1), String(manifest.size)])
        isInstalled = true
        return .commit
      }
    } catch let error as DatabaseError
      where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT].contains(error.resultCode)
    {
      throw SnapshotFault.contents(error.message ?? "\(error.resultCode)")
    }
    return isInstalled
  }
}
