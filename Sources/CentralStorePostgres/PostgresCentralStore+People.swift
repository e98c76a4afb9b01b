import CentralStore
import Custody
import Foundation

extension PostgresCentralStore {
  public func centralPeople() async throws -> [CentralPerson] {
    try await read { connection in
      try connection.rows("SELECT doc FROM central_person ORDER BY name").map { try Self.person($0.bytes(0)) }
    }
  }

  public func centralPerson(_ name: String) async throws -> CentralPerson? {
    try await read { connection in
      try connection.rows("SELECT doc FROM central_person WHERE name = $1::bytea", [.utf8(name)]).first.map {
        try Self.person($0.bytes(0))
      }
    }
  }

  public func change(
    _ name: String, _ change: @escaping @Sendable (CentralPerson?) -> CentralPerson?
  ) async throws -> CentralPerson? {
    try await write { connection in
      // One at a time for a name, also for one that is not there yet.
      let begun = try connection.pipeline([
        .init("BEGIN"), .init("LOCK TABLE central_person IN SHARE ROW EXCLUSIVE MODE"),
        .init("SELECT doc FROM central_person WHERE name = $1::bytea", [.utf8(name)]),
      ])
      guard let changed = change(try begun[2].first.map { try Self.person($0.bytes(0)) }) else {
        _ = try connection.pipeline([.init("ROLLBACK")])
        return nil
      }
      _ = try connection.pipeline([
        .init(
          """
          INSERT INTO central_person(name, doc) VALUES ($1::bytea, $2::bytea)
          ON CONFLICT (name) DO UPDATE SET doc = excluded.doc
          """, [.utf8(name), .bytes(Array(try JSONEncoder().encode(changed)))]),
        .init("COMMIT"),
      ])
      return changed
    }
  }

  public func note(_ record: ReadRecord) async throws {
    try await write { connection in
      _ = try connection.rows(
        """
        INSERT INTO read_record(at, who, what, subject, address)
        VALUES ($1::int8, $2::bytea, $3::text, $4::bytea, $5::bytea)
        """,
        [
          .int(record.at.milliseconds), .utf8(record.who), .word(record.what), .utf8(record.subject),
          .utf8(record.address),
        ])
    }
  }

  public func readRecords(before id: Int64, limit: Int) async throws -> [ReadRecord] {
    try await read { connection in
      try connection.rows(
        """
        SELECT id, at, who, what, subject, address FROM read_record WHERE id < $1::int8 ORDER BY id DESC LIMIT $2::int8
        """, [.int(id), .int(limit)]
      ).map { row in
        ReadRecord(
          id: try row.int(0), at: Instant(milliseconds: try row.int(1)), who: try row.text(2), what: try row.text(3),
          subject: try row.text(4), address: try row.text(5))
      }
    }
  }

  private static func person(_ document: [UInt8]) throws -> CentralPerson {
    do {
      return try JSONDecoder().decode(CentralPerson.self, from: Data(document))
    } catch {
      throw CentralFault.damaged(reason: "what is kept of a person cannot be read")
    }
  }
}
