import Custody
import Foundation
import GRDB

/// The full-text index over the assets of a store: SQLite's FTS5, in a file of its own beside the database. What is recorded
/// waits for none of it: a change leaves a row in `unsearched`, and whoever searches takes in what has changed before. The file
/// holds nothing that cannot be made again, no names of persons among it; a lost or foreign one is made anew.
final class SearchIndex: Sendable {
  /// Moves with the rules of ``SearchWords``: an index by other rules is made anew.
  private static let version = "1"

  /// Makes the store forget which index is its own: the next search begins a new one.
  static let forgetting = "DELETE FROM unsearched; DELETE FROM meta WHERE key = 'searchIndex'"

  private let pool: DatabasePool

  /// Opens the file, or makes it. Throws SQLite's own errors.
  init(path: String) throws {
    do {
      pool = try Self.open(path)
    } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
      for file in [path, path + "-wal", path + "-shm"] where FileManager.default.fileExists(atPath: file) {
        try FileManager.default.removeItem(atPath: file)
      }
      pool = try Self.open(path)
    }
  }

  private static func open(_ path: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "custody.search"
    configuration.maximumReaderCount = 2
    let pool = try DatabasePool(path: path, configuration: configuration)
    try pool.writeWithoutTransaction { db in
      // What the store has ticked off must stay taken in: an index that forgot would not find it.
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 33554432")
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE IF NOT EXISTS asset(row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, words TEXT NOT NULL);
          CREATE VIRTUAL TABLE IF NOT EXISTS asset_text USING fts5(
            words, content='asset', content_rowid='row', detail='none', columnsize=0, prefix='1 2 3',
            tokenize="unicode61 remove_diacritics 0");
          """)
    }
    return pool
  }

  /// Gives the file back.
  func close() throws {
    pool.invalidateReadOnlyConnections()
    try pool.close()
  }

  /// Which index this is, once it is whole; a store knows its own by it.
  func name() throws -> String? {
    try pool.read { db in
      guard try String.fetchOne(db, sql: "SELECT value FROM fact WHERE key = 'version'") == Self.version else {
        return nil
      }
      return try String.fetchOne(db, sql: "SELECT value FROM fact WHERE key = 'name'")
    }
  }

  /// Empties it, so that it can be filled anew.
  func clear() throws {
    try pool.write { db in
      try db.execute(
        sql: "DELETE FROM fact; INSERT INTO asset_text(asset_text) VALUES ('delete-all'); DELETE FROM asset")
    }
  }

  /// Says that it is whole, under a name.
  func finish(as name: String) throws {
    try pool.write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO fact(key, value) VALUES ('version', ?), ('name', ?)",
        arguments: [Self.version, name])
    }
  }

  /// Takes in assets as they stand; nil takes one out. In one transaction.
  func take(_ assets: [(id: AssetID, words: SearchWords?)]) throws {
    try pool.write { db in
      let before = try db.cachedStatement(sql: "SELECT row, words FROM asset WHERE id = ?")
      let delete = try db.cachedStatement(
        sql: "INSERT INTO asset_text(asset_text, rowid, words) VALUES ('delete', ?, ?)")
      let insert = try db.cachedStatement(sql: "INSERT INTO asset_text(rowid, words) VALUES (?, ?)")
      let update = try db.cachedStatement(sql: "UPDATE asset SET words = ? WHERE row = ?")
      let add = try db.cachedStatement(sql: "INSERT INTO asset(id, words) VALUES (?, ?)")
      let remove = try db.cachedStatement(sql: "DELETE FROM asset WHERE row = ?")
      for (id, words) in assets {
        let text = words?.text
        if let old = try Row.fetchOne(before, arguments: [id]) {
          let (row, was): (Int64, String) = (old["row"], old["words"])
          guard was != text else { continue }
          try delete.execute(arguments: [row, was])
          if let text {
            try update.execute(arguments: [text, row])
            try insert.execute(arguments: [row, text])
          } else {
            try remove.execute(arguments: [row])
          }
        } else if let text {
          try add.execute(arguments: [id, text])
          try insert.execute(arguments: [db.lastInsertedRowID, text])
        }
      }
    }
  }

  /// Assets that a rough query may look at before the exact one is asked.
  private static let mostRough = 400

  /// The assets that a query finds, in the order in which the index came to know them, after one of them.
  func ids(_ query: IndexQuery, after: AssetID?, limit: Int) throws -> [AssetID] {
    try pool.read { db in
      let from =
        try after.map {
          try Int64.fetchOne(db.cachedStatement(sql: "SELECT row FROM asset WHERE id = ?"), arguments: [$0])
            ?? Int64.max
        } ?? 0
      // A word that very many have is found among the first that begin like it; one that few have is quick to ask for.
      if let rough = query.rough {
        var (found, seen): ([AssetID], Int) = ([], 0)
        let rows = try Row.fetchCursor(
          db.cachedStatement(
            sql: """
              SELECT asset.id, asset.words FROM asset_text JOIN asset ON asset.row = asset_text.rowid
                WHERE asset_text MATCH ? AND asset_text.rowid > ? ORDER BY asset_text.rowid LIMIT ?
              """), arguments: [rough.expression, from, Self.mostRough])
        while found.count < limit, let row = try rows.next() {
          seen += 1
          if query.fits(SearchWords(kept: row["words"])) { found.append(row["id"]) }
        }
        if found.count == limit || seen < Self.mostRough { return found }
      }
      return try AssetID.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT asset.id FROM asset_text JOIN asset ON asset.row = asset_text.rowid
              WHERE asset_text MATCH ? AND asset_text.rowid > ? ORDER BY asset_text.rowid LIMIT ?
            """), arguments: [query.expression, from, limit])
    }
  }
}
