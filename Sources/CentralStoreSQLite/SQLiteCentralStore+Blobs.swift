import CentralStore
import Custody
import Foundation
import GRDB

extension SQLiteCentralStore {
  public func blob(_ digest: String) async throws -> HeldBlob? {
    try await read { try HeldBlob.fetch($0, digest) }
  }

  public func addToBlob(_ blob: HeldBlob, at offset: Int, _ bytes: [UInt8]) async throws -> HeldBlob {
    try await commits.submit { db, _ in
      var held = try HeldBlob.fetch(db, blob.digest)
      if held == nil || held?.droppedAt != nil {
        guard offset == 0 else { return held ?? blob }
        try db.execute(
          sql: """
            INSERT OR REPLACE INTO blob(digest, length, media_type, event, asset, station, held, began_at)
            VALUES (?,?,?,?,?,?,0,?)
            """,
          arguments: [
            blob.digest, blob.length, blob.mediaType, blob.event.column, blob.asset.column, blob.station,
            blob.beganAt.milliseconds,
          ])
        held = blob
      }
      guard var held, held.completedAt == nil, held.held == offset, offset + bytes.count <= held.length, !bytes.isEmpty
      else { return held ?? blob }
      try db.execute(
        sql: "INSERT INTO blob_part(digest, start, bytes) VALUES (?,?,?)",
        arguments: [blob.digest, offset, Data(bytes)])
      held.held += bytes.count
      try db.execute(sql: "UPDATE blob SET held = ? WHERE digest = ?", arguments: [held.held, blob.digest])
      return held
    }
  }

  public func endBlob(_ digest: String, completedAt moment: Instant?) async throws {
    try await commits.submit { db, _ in
      guard let moment else {
        try db.execute(sql: "DELETE FROM blob_part WHERE digest = ?", arguments: [digest])
        try db.execute(sql: "DELETE FROM blob WHERE digest = ?", arguments: [digest])
        return
      }
      try db.execute(
        sql: "UPDATE blob SET completed_at = ? WHERE digest = ? AND completed_at IS NULL",
        arguments: [moment.milliseconds, digest])
    }
  }

  public func blobBytes(_ digest: String, from offset: Int, limit: Int) async throws -> [UInt8] {
    try await read { db in
      var bytes: [UInt8] = []
      let rows = try Row.fetchCursor(
        db,
        sql: "SELECT start, bytes FROM blob_part WHERE digest = ? AND start + length(bytes) > ? ORDER BY start",
        arguments: [digest, offset])
      while bytes.count < limit, let row = try rows.next() {
        let (start, part): (Int, Data) = (row["start"], row["bytes"])
        bytes += part.dropFirst(max(0, offset - start)).prefix(limit - bytes.count)
      }
      return bytes
    }
  }

  public func blobTotal() async throws -> Int64 {
    try await read { try Int64.fetchOne($0, sql: "SELECT sum(length) FROM blob WHERE dropped_at IS NULL") ?? 0 }
  }

  public func settledBlobs(before moment: Instant, limit: Int) async throws -> [HeldBlob] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM blob WHERE dropped_at IS NULL AND completed_at < ?
            AND NOT EXISTS(SELECT 1 FROM discrepancy WHERE discrepancy.asset = blob.asset AND settled_by IS NULL)
          ORDER BY completed_at LIMIT ?
          """, arguments: [moment.milliseconds, limit]
      ).map(HeldBlob.init(row:))
    }
  }

  public func dropBlob(_ digest: String, at moment: Instant) async throws {
    try await commits.submit { db, _ in
      try db.execute(sql: "DELETE FROM blob_part WHERE digest = ?", arguments: [digest])
      try db.execute(
        sql: "UPDATE blob SET dropped_at = ?, held = 0 WHERE digest = ? AND dropped_at IS NULL",
        arguments: [moment.milliseconds, digest])
    }
  }
}

extension HeldBlob {
  fileprivate static func fetch(_ db: Database, _ digest: String) throws -> HeldBlob? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM blob WHERE digest = ?"), arguments: [digest])
      .map(HeldBlob.init(row:))
  }

  fileprivate init(row: Row) throws {
    let (completed, dropped): (Int64?, Int64?) = (row["completed_at"], row["dropped_at"])
    self.init(
      digest: row["digest"], length: row["length"], mediaType: row["media_type"],
      event: try EventID(column: row["event"]), asset: try AssetID(column: row["asset"]), station: row["station"],
      held: row["held"], beganAt: Instant(milliseconds: row["began_at"]),
      completedAt: completed.map(Instant.init(milliseconds:)), droppedAt: dropped.map(Instant.init(milliseconds:)))
  }
}
