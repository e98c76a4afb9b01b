import CentralStore
import Custody
import Foundation
import GRDB

extension SQLiteCentralStore {
  public func centralPeople() async throws -> [CentralPerson] {
    try await read { db in
      try Data.fetchAll(db, sql: "SELECT doc FROM central_person ORDER BY name").map(Self.person)
    }
  }

  public func centralPerson(_ name: String) async throws -> CentralPerson? {
    try await read { try Self.person(name, in: $0) }
  }

  public func change(
    _ name: String, _ change: @escaping @Sendable (CentralPerson?) -> CentralPerson?
  ) async throws -> CentralPerson? {
    try await commits.submit { db, _ in
      guard let changed = change(try Self.person(name, in: db)) else { return nil }
      try db.execute(
        sql: "INSERT OR REPLACE INTO central_person(name, doc) VALUES (?,?)",
        arguments: [name, try JSONEncoder().encode(changed)])
      return changed
    }
  }

  public func note(_ record: ReadRecord) async throws {
    try await commits.submit { db, _ in
      try db.execute(
        sql: "INSERT INTO read_record(at, who, what, subject, address) VALUES (?,?,?,?,?)",
        arguments: [record.at.milliseconds, record.who, record.what, record.subject, record.address])
    }
  }

  public func readRecords(before id: Int64, limit: Int) async throws -> [ReadRecord] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM read_record WHERE id < ? ORDER BY id DESC LIMIT ?", arguments: [id, limit]
      ).map { row in
        ReadRecord(
          id: row["id"], at: Instant(milliseconds: row["at"]), who: row["who"], what: row["what"],
          subject: row["subject"], address: row["address"])
      }
    }
  }

  private static func person(_ name: String, in db: Database) throws -> CentralPerson? {
    try Data.fetchOne(db, sql: "SELECT doc FROM central_person WHERE name = ?", arguments: [name]).map(person)
  }

  private static func person(_ document: Data) throws -> CentralPerson {
    do {
      return try JSONDecoder().decode(CentralPerson.self, from: document)
    } catch {
      throw CentralFault.damaged(reason: "what is kept of a person cannot be read")
    }
  }
}
