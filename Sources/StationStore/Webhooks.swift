import Crypto
import Custody
import Foundation
import GRDB

/// A receiver that the station tells of custody events; `course` belongs to the shell.
public struct StoredWebhook: Hashable, Sendable {
  public let id: UUIDBytes
  public var url: String
  /// Verbs that it is told of; empty for all.
  public var verbs: [String]
  /// Whether anything is sent.
  public var isActive: Bool
  /// Arrival number of the last entry that is done with.
  public var upTo: Int64
  /// JSON of where the sending stands.
  public var course: String
  public let by: PersonID
  public let at: Instant

  /// A receiver's id.
  public typealias UUIDBytes = EntityID<WebhookKind>

  /// A receiver.
  public init(
    id: UUIDBytes, url: String, verbs: [String], isActive: Bool, upTo: Int64, course: String, by person: PersonID,
    at moment: Instant
  ) {
    self.id = id
    self.url = url
    self.verbs = verbs
    self.isActive = isActive
    self.upTo = upTo
    self.course = course
    by = person
    at = moment
  }
}

/// What ids of webhooks are ids of.
public enum WebhookKind: Sendable {}

/// An event that a receiver did not take.
public struct DeadLetter: Hashable, Sendable {
  public let id: Int64
  public let webhook: StoredWebhook.UUIDBytes
  /// Arrival number of the entry.
  public let arrival: Int64
  public let at: Instant
  /// Why it was set aside.
  public let reason: String
}

extension StoreReading {
  /// All receivers, by when they were added.
  public func webhooks() throws -> [StoredWebhook] {
    try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM webhook ORDER BY at, id")).map(StoredWebhook.init)
  }

  /// A receiver.
  public func webhook(_ id: StoredWebhook.UUIDBytes) throws -> StoredWebhook? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM webhook WHERE id = ?"), arguments: [id])
      .map(StoredWebhook.init)
  }

  /// The newest entry's arrival number; 0 in an empty ledger.
  public func lastArrival() throws -> Int64 {
    try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(arrival) FROM entry")) ?? 0
  }

  /// What a receiver did not take, newest first, before an id.
  public func deadLetters(
    of id: StoredWebhook.UUIDBytes, before letter: Int64 = .max, limit: Int
  ) throws -> [DeadLetter] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM dead_letter WHERE webhook = ? AND id < ? ORDER BY id DESC LIMIT ?"),
      arguments: [id, letter, limit]
    ).map(DeadLetter.init)
  }

  /// One of them.
  public func deadLetter(_ id: Int64) throws -> DeadLetter? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM dead_letter WHERE id = ?"), arguments: [id])
      .map(DeadLetter.init)
  }

  /// How many there are of a receiver's.
  public func deadLetterCount(of id: StoredWebhook.UUIDBytes) throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM dead_letter WHERE webhook = ?"), arguments: [id])
      ?? 0
  }
}

extension StoreTransaction {
  /// Adds a receiver or keeps its new state.
  public func save(_ webhook: StoredWebhook) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO webhook(id, url, verbs, is_active, up_to, course, person, at) VALUES (?,?,?,?,?,?,?,?)
        ON CONFLICT(id) DO UPDATE SET url = excluded.url, verbs = excluded.verbs, is_active = excluded.is_active,
          up_to = excluded.up_to, course = excluded.course
        """
    ).execute(arguments: [
      webhook.id, webhook.url, webhook.verbs.joined(separator: ","), webhook.isActive, webhook.upTo, webhook.course,
      webhook.by, webhook.at.milliseconds,
    ])
  }

  /// Notes how far a receiver is, if it is still there: who takes it off while a message is under way is not undone.
  public func note(_ webhook: StoredWebhook) throws {
    try db.cachedStatement(
      sql: "UPDATE webhook SET is_active = is_active AND ?, up_to = ?, course = ? WHERE id = ?"
    ).execute(arguments: [webhook.isActive, webhook.upTo, webhook.course, webhook.id])
  }

  /// Takes a receiver off, with what it did not take. False when there is none.
  public func removeWebhook(_ id: StoredWebhook.UUIDBytes) throws -> Bool {
    try db.execute(sql: "DELETE FROM dead_letter WHERE webhook = ?", arguments: [id])
    try db.execute(sql: "DELETE FROM webhook WHERE id = ?", arguments: [id])
    return db.changesCount == 1
  }

  /// Sets an event aside that a receiver did not take.
  public func setAside(_ arrival: Int64, for webhook: StoredWebhook.UUIDBytes, reason: String) throws {
    try db.execute(
      sql: "INSERT INTO dead_letter(webhook, arrival, at, reason) VALUES (?,?,?,?)",
      arguments: [webhook, arrival, now.milliseconds, reason])
  }

  /// Takes a dead letter off: it was taken after all.
  public func removeDeadLetter(_ id: Int64) throws {
    try db.execute(sql: "DELETE FROM dead_letter WHERE id = ?", arguments: [id])
  }
}

extension StationStore {
  /// The 32 bytes that the station shares with a receiver: made of the folder's own pepper, so that they stand in no database
  /// and no backup.
  public func webhookSecret(of id: StoredWebhook.UUIDBytes) -> [UInt8] {
    Array(
      HMAC<SHA256>.authenticationCode(for: Data("custody webhook \(id)".utf8), using: SymmetricKey(data: pepper)))
  }
}

extension StoredWebhook {
  fileprivate init(_ row: Row) {
    let verbs: String = row["verbs"]
    self.init(
      id: row["id"], url: row["url"], verbs: verbs.split(separator: ",").map(String.init), isActive: row["is_active"],
      upTo: row["up_to"], course: row["course"], by: row["person"], at: Instant(milliseconds: row["at"]))
  }
}

extension DeadLetter {
  fileprivate init(_ row: Row) {
    id = row["id"]
    webhook = row["webhook"]
    arrival = row["arrival"]
    at = Instant(milliseconds: row["at"])
    reason = row["reason"]
  }
}
