import Foundation
import GRDB

/// Numbers about a store, for those who watch it.
public struct StoreFigures: Hashable, Sendable {
  /// Entries of the ledger, own and pulled, applied or not.
  public let entries: Int
  /// Own entries that the centre is not proved to hold.
  public let pending: Int
  public let openDiscrepancies: Int
  /// Bytes of the database and its write-ahead log.
  public let databaseBytes: Int
  /// Labels that are not settled, by printer.
  public let labels: [PrinterQueue]

  /// What one printer has to do.
  public struct PrinterQueue: Hashable, Sendable {
    public let printer: String
    public let count: Int
  }
}

extension StationStore {
  /// Numbers about the store; each is counted by an index, so that asking costs little.
  public func figures() async throws -> StoreFigures {
    var bytes = 0
    for file in [folder.database, folder.database + "-wal"] {
      var status = stat()
      if stat(file, &status) == 0 { bytes += Int(status.st_size) }
    }
    let databaseBytes = bytes
    return try await read { snapshot in
      StoreFigures(
        entries: try Int.fetchOne(snapshot.db, sql: "SELECT coalesce(max(arrival), 0) FROM entry") ?? 0,
        pending: try snapshot.pendingCount(),
        openDiscrepancies: try Int.fetchOne(
          snapshot.db, sql: "SELECT count(*) FROM discrepancy WHERE settled_by IS NULL") ?? 0,
        databaseBytes: databaseBytes,
        labels: try Row.fetchAll(
          snapshot.db,
          sql: """
            SELECT name, (SELECT count(*) FROM label_job WHERE printer = printer.name
              AND state IN ('queued', 'sending', 'unknown')) AS count FROM printer ORDER BY name
            """
        ).map { StoreFigures.PrinterQueue(printer: $0["name"], count: $0["count"]) })
    }
  }
}
