import Foundation
import GRDB

/// A copy of a SQLite database as it is at one moment, taken while others write to it (SQLite's online backup).
public enum DatabaseSnapshot {
  private static let beginning = "snapshot-"
  private static let ending = ".partial"
  /// So much stays free for those who go on writing.
  static let margin: Int64 = 64 << 20
  /// Pages between two reports of progress: 8 MiB.
  private static let step: CInt = 2048

  /// Copies a database into its folder, checks the copy, and gives its path. Blocks the thread; writers go on meanwhile.
  /// What was committed before the call is in it.
  ///
  /// - Parameter progress: pages done, of so many.
  public static func make(
    of pool: DatabasePool, progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> String {
    let folder = (pool.path as NSString).deletingLastPathComponent
    let copy = "\(folder)/\(beginning)\(UUID().uuidString)\(ending)"
    do {
      let needed = try size(pool.path) + size(pool.path + "-wal") + margin
      let free = try room(folder)
      guard free >= needed else { throw BackupFault.noRoom(folder: folder, needed: needed, free: free) }
      let queue = try DatabaseQueue(path: copy)
      guard chmod(copy, 0o600) == 0 else { throw fault(copy) }
      try pool.backup(to: queue, pagesPerStep: step) { progress($0.completedPageCount, $0.totalPageCount) }
      try queue.writeWithoutTransaction { db in
        // One file, without a write-ahead log beside it.
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
        let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "nothing"
        guard verdict == "ok" else { throw BackupFault.damaged(file: pool.path, reason: verdict) }
      }
      try queue.close()
      return copy
    } catch {
      try remove(copy)
      if let error = error as? DatabaseError {
        throw BackupFault.unreachable(path: copy, reason: error.message ?? "\(error.resultCode)")
      }
      throw error
    }
  }

  /// Removes copies that a process left that was killed. Only the owner of the folder may call it.
  public static func sweep(_ folder: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasPrefix(beginning) && name.contains(ending) {
      unlink("\(folder)/\(name)")
    }
  }

  static func remove(_ copy: String) throws {
    for file in [copy, copy + "-journal", copy + "-wal", copy + "-shm"] {
      guard unlink(file) == 0 || errno == ENOENT else { throw fault(file) }
    }
  }

  private static func size(_ file: String) throws -> Int64 {
    var status = stat()
    guard stat(file, &status) == 0 else {
      if errno == ENOENT { return 0 }
      throw fault(file)
    }
    return Int64(status.st_size)
  }

  /// Bytes that are free to this user.
  static func room(_ folder: String) throws -> Int64 {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { throw fault(folder) }
    return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }

  private static func fault(_ path: String) -> BackupFault {
    .unreachable(path: path, reason: String(cString: strerror(errno)))
  }
}
