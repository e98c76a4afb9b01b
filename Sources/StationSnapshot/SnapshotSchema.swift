import GRDB
import SyncProtocol

/// The tables of a snapshot, form 1 (``SnapshotManifest/projection``). A form that has shipped is never edited.
public enum SnapshotSchema {
  static let sql = """
    CREATE TABLE asset(
      id BLOB PRIMARY KEY, tag TEXT, serial TEXT, manufacturer TEXT, model TEXT, category TEXT,
      state TEXT NOT NULL, custodian TEXT, location TEXT, parent BLOB, changed_at INTEGER NOT NULL, doc BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE identifier(value TEXT NOT NULL, kind TEXT NOT NULL, asset BLOB NOT NULL);
    CREATE TABLE alias(id BLOB PRIMARY KEY, canonical BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE earlier(asset BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE discrepancy(
      id INTEGER PRIMARY KEY, kind TEXT NOT NULL, asset BLOB NOT NULL, doc BLOB NOT NULL,
      opened_at INTEGER NOT NULL, settled_at INTEGER, settled_by BLOB
    );
    CREATE TABLE chain(
      station TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE statement(log_index INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
    """

  /// Throws ``SnapshotFault/contents(_:)`` unless an attached database has these tables and nothing else: no view, no trigger.
  public static func check(_ name: String, in db: Database) throws {
    let expected = try DatabaseQueue().write { empty in
      try empty.execute(sql: sql)
      return try objects(of: "main", in: empty)
    }
    let found: [String]
    do {
      found = try objects(of: name, in: db)
    } catch let error as DatabaseError {
      throw SnapshotFault.contents(error.message ?? "\(error.resultCode)")
    }
    guard found == expected else { throw SnapshotFault.contents("its tables are not those of a snapshot") }
  }

  private static func objects(of name: String, in db: Database) throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM \(name.quotedDatabaseIdentifier).sqlite_master
        ORDER BY type, name
        """)
  }
}
