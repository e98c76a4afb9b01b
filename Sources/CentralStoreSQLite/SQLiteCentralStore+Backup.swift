import Backup
import CentralStore
import Foundation
import GRDB
import TamperEvidence

extension SQLiteCentralStore {
  /// Copies the database as it is now, while pushes go on, and says what else there is to back up. Everything that was
  /// acknowledged before the call is in it. Throws ``BackupFault``. The copy is the caller's to discard.
  ///
  /// - Parameter progress: pages of the database done, of so many.
  public func backup(
    at moment: Date, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> BackupSource {
    let pool = pool
    let snapshot = try await Task.detached {
      try DatabaseSnapshot.make(of: pool, progress: progress)
    }.value
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: snapshot, configuration: configuration)
    let head = try await queue.read { try SQLiteTree($0).takeHead().map(LogHead.init(trusted:)) }
    try queue.close()
    return BackupSource(
      kind: .centre, name: logKey.name, head: head.map { "\($0.checkpoint.size):\($0.checkpoint.root)" } ?? "0",
      verifierKey: logKey.description, snapshot: snapshot, folder: folder, taken: moment)
  }

  /// Checks a database that a backup held, and gives the newest tree head of its log; nil for a log that has not begun.
  /// Throws ``CentralFault``.
  public static func checkRestored(_ database: String) throws -> [UInt8]? {
    do {
      let queue = try DatabaseQueue(path: database)
      guard try !queue.read(Schema.migrator.hasBeenSuperseded) else {
        throw CentralFault.damaged(reason: "\(database) was made by a newer version of custody than this one")
      }
      let (verdict, note) = try queue.read { db in
        (try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? "nothing", try SQLiteTree(db).takeHead())
      }
      guard verdict == "ok" else { throw CentralFault.damaged(reason: verdict) }
      // Stations have pushed since, and got ratchets that this database does not know: that makes no clones of them.
      try queue.write { db in
        if try db.tableExists("last_push") { try db.execute(sql: "DELETE FROM last_push") }
      }
      try queue.close()
      return note
    } catch {
      throw CentralFault(reading: error)
    }
  }
}
