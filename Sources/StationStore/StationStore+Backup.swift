import Backup
import Foundation
import GRDB

extension StationStore {
  /// Copies the database as it is now, while scans go on, and says what else there is to back up. Every scan that was
  /// acknowledged before the call is in it. Throws ``BackupFault``. The copy is the caller's to discard.
  ///
  /// - Parameter progress: pages of the database done, of so many.
  public func backup(
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> BackupSource {
    let moment = Date(timeIntervalSince1970: Double(clock.now().milliseconds) / 1000)
    let pool = pool
    let snapshot = try await Task.detached {
      try DatabaseSnapshot.make(of: pool, progress: progress)
    }.value
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: snapshot, configuration: configuration)
    let (head, blobs) = try await queue.read { [identity] db in
      (
        try Row.fetchOne(
          db,
          sql: """
            SELECT epoch, seq, hash FROM entry WHERE station = ? UNION ALL SELECT epoch, seq, hash FROM own_statement
            ORDER BY epoch DESC, seq DESC LIMIT 1
            """,
          arguments: [identity.keyName]
        ).map { row -> String in
          let hash: Data = row["hash"]
          return "\(row["epoch"] as Int):\(row["seq"] as Int):\(hash.map { String(format: "%02x", $0) }.joined())"
        },
        try String.fetchAll(db, sql: "SELECT digest FROM blob ORDER BY digest")
      )
    }
    try queue.close()
    return BackupSource(
      kind: .station, name: identity.keyName, head: head ?? "1:0", verifierKey: verifierKey.description,
      missing: blobs.map { "blobs/\($0.prefix(2))/\($0)" }
        .filter { !FileManager.default.fileExists(atPath: "\(folder.path)/\($0)") },
      snapshot: snapshot, folder: folder.path, taken: moment)
  }
}
