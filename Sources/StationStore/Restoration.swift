import Backup
import Custody
import Foundation
import GRDB
import TamperEvidence

/// That a store was restored from a backup, which holds no keys: it stands in `meta` under `restored`, as JSON.
///
/// The station gets a new key when it is opened for the first time after that, must be enrolled again, and goes on in a new
/// epoch, whose first entry follows the last one of the backup: between the two lies what the backup did not have.
public struct Restoration: Codable, Hashable, Sendable {
  /// When it was restored.
  public let at: Instant
  /// Where the chain ended in the backup; sequence 0 for a chain without entries.
  public let epoch: Int
  public let seq: Int
  /// The key that the chain was signed with until then.
  public let formerKey: String
  /// The key that the station made afterwards; nil until it has been opened.
  public var newKey: String?

  private static let name = "restored"

  /// The last restoration; nil for a store that was never restored.
  init?(last db: Database) throws {
    guard let text = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [Self.name]) else {
      return nil
    }
    do {
      self = try JSONDecoder().decode(Restoration.self, from: Data(text.utf8))
    } catch {
      throw StoreFault.damaged(reason: "what it says of its restoration cannot be read")
    }
  }

  /// The restoration after which the store was not opened yet; nil when there is none.
  init?(awaitedIn db: Database) throws {
    guard let last = try Restoration(last: db), last.newKey == nil else { return nil }
    self = last
  }

  private init(at: Instant, epoch: Int, seq: Int, formerKey: String) {
    self.at = at
    self.epoch = epoch
    self.seq = seq
    self.formerKey = formerKey
  }

  /// Writes down the new key.
  func begin(in pool: DatabasePool, key: VerifierKey) throws {
    var begun = self
    begun.newKey = key.description
    try pool.write { [begun] db in
      try begun.save(in: db)
      try db.execute(sql: "UPDATE meta SET value = ? WHERE key = 'verifierKey'", arguments: [key.description])
    }
  }

  /// What the next entry follows, given the last one: while that is still the backup's, a new epoch begins.
  func head(after end: ChainEnd) -> ChainEnd {
    guard end.epoch == epoch, end.seq > 0 else { return end }
    var head = end
    head.epoch += 1
    head.seq = 0
    return head
  }

  private func save(in db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO meta(key, value) VALUES (?,?)",
      arguments: [Self.name, String(decoding: try JSONEncoder().encode(self), as: UTF8.self)])
  }

  /// Makes a database that a backup held ready to be opened: checks it, notes the restoration, and takes out the badges and
  /// PINs that no sign-in could be checked against without the pepper they were made with.
  ///
  /// - Parameter keepsBadges: whether that pepper was put back.
  /// - Returns: how many people have to be given badge and PIN again.
  public static func prepare(_ database: String, at moment: Instant, keepsBadges: Bool) throws -> Int {
    do {
      let queue = try DatabaseQueue(path: database)
      guard try !queue.read(Schema.migrator.hasBeenSuperseded) else { throw StoreFault.newer(database: database) }
      let without = try queue.write { db in
        let verdict = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") ?? "nothing"
        guard verdict == "ok" else { throw StoreFault.damaged(reason: verdict) }
        guard let key = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'verifierKey'"),
          let site = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'site'"),
          let station = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'station'")
        else { throw StoreFault.damaged(reason: "it says of no station that it is its own") }
        // A backup of an older program has no statements of the station's own.
        let statements =
          try db.tableExists("own_statement") ? "UNION ALL SELECT epoch, seq FROM own_statement" : ""
        let last = try Row.fetchOne(
          db,
          sql: """
            SELECT epoch, seq FROM entry WHERE station = ? \(statements) ORDER BY epoch DESC, seq DESC LIMIT 1
            """,
          arguments: ["\(site)/\(station)"])
        try Restoration(at: moment, epoch: last?["epoch"] ?? 1, seq: last?["seq"] ?? 0, formerKey: key).save(in: db)
        guard !keepsBadges else { return 0 }
        let people =
          try Int.fetchOne(db, sql: "SELECT count(*) FROM (SELECT person FROM badge UNION SELECT person FROM pin)") ?? 0
        try db.execute(sql: "DELETE FROM badge; DELETE FROM pin")
        return people
      }
      try queue.close()
      return without
    } catch let error as DatabaseError {
      throw StoreFault(error, path: database)
    }
  }
}

extension StoreReading {
  /// The last restoration from a backup; nil for a store that was never restored.
  public func restoration() throws -> Restoration? { try Restoration(last: db) }
}
