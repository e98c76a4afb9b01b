import CentralStore
import Custody

extension PostgresCentralStore {
  public func blob(_ digest: String) async throws -> HeldBlob? {
    try await read { try HeldBlob.fetch($0, digest) }
  }

  public func addToBlob(_ blob: HeldBlob, at offset: Int, _ bytes: [UInt8]) async throws -> HeldBlob {
    try await write { connection in
      // The row is everybody's lock on the file; whoever comes second sees what the first has added.
      _ = try connection.pipeline([
        .init("BEGIN"),
        .init(
          """
          INSERT INTO blob(digest, length, media_type, event, asset, station, held, began_at)
          SELECT $1::text, $2::int8, $3::text, $4::bytea, $5::bytea, $6::bytea, 0, $7::int8 WHERE $8::int8 = 0
          ON CONFLICT(digest) DO UPDATE SET length = excluded.length, media_type = excluded.media_type,
            event = excluded.event, asset = excluded.asset, station = excluded.station, held = 0,
            began_at = excluded.began_at, completed_at = NULL, dropped_at = NULL
          WHERE blob.dropped_at IS NOT NULL
          """,
          [
            .word(blob.digest), .int(blob.length), .word(blob.mediaType), .bytes(blob.event.column),
            .bytes(blob.asset.column), .utf8(blob.station), .int(blob.beganAt.milliseconds), .int(offset),
          ]),
      ])
      guard var held = try HeldBlob.fetch(connection, blob.digest, lock: true) else {
        _ = try connection.pipeline([.init("COMMIT")])
        return blob
      }
      var steps: [PostgresConnection.Step] = []
      if held.completedAt == nil, held.droppedAt == nil, held.held == offset, offset + bytes.count <= held.length,
        !bytes.isEmpty
      {
        held.held += bytes.count
        steps = [
          .init(
            "INSERT INTO blob_part(digest, start, bytes) VALUES ($1::text, $2::int8, $3::bytea)",
            [.word(blob.digest), .int(offset), .bytes(bytes)]),
          .init(
            "UPDATE blob SET held = $2::int8 WHERE digest = $1::text", [.word(blob.digest), .int(held.held)]),
        ]
      }
      _ = try connection.pipeline(steps + [.init("COMMIT")])
      return held
    }
  }

  public func endBlob(_ digest: String, completedAt moment: Instant?) async throws {
    try await write { connection in
      guard let moment else {
        _ = try connection.pipeline([
          .init("DELETE FROM blob_part WHERE digest = $1::text", [.word(digest)]),
          .init("DELETE FROM blob WHERE digest = $1::text", [.word(digest)]),
        ])
        return
      }
      _ = try connection.rows(
        "UPDATE blob SET completed_at = $2::int8 WHERE digest = $1::text AND completed_at IS NULL",
        [.word(digest), .int(moment.milliseconds)])
    }
  }

  public func blobBytes(_ digest: String, from offset: Int, limit: Int) async throws -> [UInt8] {
    try await read { connection in
      var bytes: [UInt8] = []
      // Two parts more than are asked for are looked at, at most: each has a length of its own.
      let rows = try connection.rows(
        """
        SELECT start, bytes FROM blob_part WHERE digest = $1::text AND start + octet_length(bytes) > $2::int8
          AND start < $2::int8 + $3::int8 ORDER BY start
        """, [.word(digest), .int(offset), .int(limit)])
      for row in 0..<rows.count {
        let start = Int(try rows[row].int(0))
        bytes += try rows[row].bytes(1).dropFirst(max(0, offset - start)).prefix(limit - bytes.count)
      }
      return bytes
    }
  }

  public func blobTotal() async throws -> Int64 {
    try await read { connection in
      try connection.rows("SELECT coalesce(sum(length), 0)::int8 FROM blob WHERE dropped_at IS NULL").first?.int(0) ?? 0
    }
  }

  public func settledBlobs(before moment: Instant, limit: Int) async throws -> [HeldBlob] {
    try await read { connection in
      try connection.rows(
        """
        SELECT \(HeldBlob.columns) FROM blob WHERE dropped_at IS NULL AND completed_at < $1::int8
          AND NOT EXISTS(SELECT 1 FROM discrepancy WHERE discrepancy.asset = blob.asset AND settled_by IS NULL)
        ORDER BY completed_at LIMIT $2::int8
        """, [.int(moment.milliseconds), .int(limit)]
      ).map(HeldBlob.init)
    }
  }

  public func dropBlob(_ digest: String, at moment: Instant) async throws {
    try await write { connection in
      _ = try connection.pipeline([
        .init("DELETE FROM blob_part WHERE digest = $1::text", [.word(digest)]),
        .init(
          "UPDATE blob SET dropped_at = $2::int8, held = 0 WHERE digest = $1::text AND dropped_at IS NULL",
          [.word(digest), .int(moment.milliseconds)]),
      ])
    }
  }
}

extension HeldBlob {
  fileprivate static let columns =
    "digest, length, media_type, event, asset, station, held, began_at, completed_at, dropped_at"

  fileprivate static func fetch(
    _ connection: PostgresConnection, _ digest: String, lock: Bool = false
  ) throws -> HeldBlob? {
    try connection.rows(
      "SELECT \(columns) FROM blob WHERE digest = $1::text\(lock ? " FOR UPDATE" : "")", [.word(digest)]
    ).first.map(HeldBlob.init)
  }

  fileprivate init(_ row: PostgresRows.Row) throws {
    self.init(
      digest: try row.text(0), length: Int(try row.int(1)), mediaType: try row.text(2),
      event: try EventID(column: try row.bytes(3)), asset: try AssetID(column: try row.bytes(4)),
      station: try row.text(5), held: Int(try row.int(6)), beganAt: Instant(milliseconds: try row.int(7)),
      completedAt: try row.optionalInt(8).map(Instant.init(milliseconds:)),
      droppedAt: try row.optionalInt(9).map(Instant.init(milliseconds:)))
  }
}
