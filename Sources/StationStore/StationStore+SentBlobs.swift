import Custody
import Foundation
import GRDB

/// A file of this station that its centre is to have.
public struct UnsentBlob: Hashable, Sendable {
  /// SHA-256, 64 lowercase hexadecimal digits.
  public let digest: String
  public let length: Int
  /// The first event that names it.
  public let event: EventID
}

extension StoreReading {
  /// Files that own events name and the centre is not known to have, after a digest, in its order. None while any own event is
  /// on its way: custody goes before pictures.
  public func unsentBlobs(after digest: String, limit: Int) throws -> [UnsentBlob] {
    guard try pendingCount() == 0 else { return [] }
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT digest, length, event FROM blob WHERE sent_at IS NULL AND event IS NOT NULL AND digest > ?
          ORDER BY digest LIMIT ?
          """), arguments: [digest, limit]
    ).map { UnsentBlob(digest: $0["digest"], length: $0["length"], event: $0["event"]) }
  }
}

extension StoreTransaction {
  /// The centre has a file, or will not have it: it is not sent again.
  public func noteSent(_ digest: String) throws {
    try db.execute(sql: "UPDATE blob SET sent_at = ? WHERE digest = ?", arguments: [now.milliseconds, digest])
  }

  /// An own event names files: from now on they are to go to the centre.
  func noteEvidence(of event: CustodyEvent) throws {
    for reference in event.evidence {
      try db.cachedStatement(sql: "UPDATE blob SET event = ? WHERE digest = ? AND event IS NULL").execute(
        arguments: [event.eventID, reference.digest])
    }
  }
}

extension StationStore {
  /// Keeps a file that came from the centre, under its SHA-256, which the caller has verified.
  public func keepBlobOfCentre(_ bytes: [UInt8], digest: String, mediaType: String) async throws {
    try await keepBlob(bytes, digest: digest, mediaType: mediaType)
    try await write { try $0.noteSent(digest) }
  }

  /// Says of files from before this program which own event names them: one pass over the ledger, at the migration.
  static func linkBlobs(_ db: Database) throws {
    guard try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM blob)") ?? false else { return }
    let own = """
      SELECT bytes FROM entry WHERE station = (SELECT value FROM meta WHERE key = 'site') || '/'
        || (SELECT value FROM meta WHERE key = 'station') AND instr(bytes, CAST('"evidence":[{' AS BLOB)) > 0 ORDER BY seq
      """
    let rows = try Data.fetchCursor(db, sql: own)
    var links: [(EventID, String)] = []
    while let bytes = try rows.next() {
      let event = try CustodyEvent(entry: bytes)
      links += event.evidence.map { (event.eventID, $0.digest) }
    }
    for (event, digest) in links {
      try db.execute(sql: "UPDATE blob SET event = ? WHERE digest = ? AND event IS NULL", arguments: [event, digest])
    }
  }
}
