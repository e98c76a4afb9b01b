import Custody
import Foundation
import GRDB

/// That somebody read personal data or exported something. Never changed, never deleted.
public struct ReadRecord: Hashable, Sendable {
  public let at: Instant
  /// The person who is signed in, as the ledger refers to them; `folder owner` for commands.
  public let who: String
  /// A dotted code, such as `people.read`.
  public let what: String
  /// What it was about: a path with its query, without what was searched for.
  public let subject: String
  /// From where.
  public let address: String

  /// A record; long texts are cut.
  public init(at: Instant, who: String, what: String, subject: String, address: String) {
    self.at = at
    self.who = who
    self.what = what
    self.subject = String(subject.prefix(500))
    self.address = String(address.prefix(64))
  }
}

extension StoreReading {
  /// The newest records of reading, the newest first.
  public func readRecords(limit: Int) throws -> [ReadRecord] {
    try Row.fetchAll(db, sql: "SELECT * FROM read_record ORDER BY id DESC LIMIT ?", arguments: [limit]).map { row in
      ReadRecord(
        at: Instant(milliseconds: row["at"]), who: row["who"], what: row["what"], subject: row["subject"],
        address: row["address"])
    }
  }
}

extension StoreTransaction {
  /// Writes that something was read.
  public func note(_ record: ReadRecord) throws {
    try db.cachedStatement(sql: "INSERT INTO read_record(at, who, what, subject, address) VALUES (?,?,?,?,?)").execute(
      arguments: [record.at.milliseconds, record.who, record.what, record.subject, record.address])
  }
}

extension StationStore {
  /// Writes down what the folder's owner takes out by a command while no station runs there, before they get it. `subject` is
  /// what the command asks of a station that runs.
  public func noteExport(_ subject: String) async throws {
    let record = ReadRecord(
      at: clock.now(), who: "folder owner", what: "data.export", subject: subject, address: "folder")
    try await write { try $0.note(record) }
  }
}
