import Custody
import CustodyLedger
import Dispatch
import Foundation
import GRDB
import Synchronization
import TamperEvidence

/// A station's durable memory: its ledger, what it makes of it, and reference data, in one SQLite database that one
/// process owns and one connection writes. WAL, `synchronous=FULL`; every value that `write` gives back is on disk.
public final class StationStore: Sendable {
  public let identity: StationIdentity
  /// What others verify this station's entries by.
  public let verifierKey: VerifierKey
  public let folder: DataFolder
  public let clock: any StationClock
  let pepper: [UInt8]
  private let pool: DatabasePool
  private let writer: LedgerWriter
  private let queue: CommitQueue
  private let changesOfPeople = Atomic<Int>(0)
  private let secrets = DispatchQueue(label: "custody.store.secrets", qos: .userInitiated)

  /// Opens the store in a folder, making it when it is new. `identity` may be nil for a folder that has one. Throws
  /// ``StoreFault`` when another process holds the folder, when it belongs to another station, or when SQLite does not
  /// take the settings that durability rests on.
  public convenience init(
    folder path: String, identity wanted: StationIdentity?, clock: any StationClock = SystemClock()
  ) throws {
    try self.init(folder: path, identity: wanted, clock: clock, patience: .standard)
  }

  init(folder path: String, identity wanted: StationIdentity?, clock: any StationClock, patience: Patience) throws {
    folder = try DataFolder(path)
    self.clock = clock
    var configuration = Configuration()
    configuration.label = "custody.station"
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(patience.busySeconds)
    do {
      let pool = try DatabasePool(path: folder.database, configuration: configuration)
      self.pool = pool
      try Self.migrate(pool)
      try Self.makeDurable(pool)
      let identity = try Self.identity(in: pool, wanted: wanted, folder: folder.path)
      self.identity = identity
      let (hasLedger, hasBadges) = try pool.read { db in
        (
          try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM entry)") ?? false,
          try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM badge) OR EXISTS(SELECT 1 FROM pin)") ?? false
        )
      }
      let key = try folder.signingKey(named: identity.keyName, needed: hasLedger)
      verifierKey = key.verifierKey
      pepper = try folder.pepper(needed: hasBadges)
      try Self.claim(pool, for: identity, key: key.verifierKey)
      let (head, seen) = try pool.read { db in
        (try Self.head(of: identity, in: db), try StoreSnapshot(db: db).treeHead()?.checkpoint)
      }
      writer = LedgerWriter(
        pool: pool, sealing: Sealing(identity: identity, key: key, clock: clock), head: head,
        seen: seen.map { SeenCheckpoint(size: Int(clamping: $0.size), root: $0.root.description) },
        retryAfter: patience.retryAfter)
    } catch let error as DatabaseError {
      throw StoreFault(error, path: folder.database)
    }
    queue = CommitQueue(writer)
  }

  /// Runs `body` in a write transaction and gives its value back once that is durable. What `body` throws undoes its
  /// own writes. Throws ``StoreFault/readOnly(reason:)`` when nothing can be recorded at present.
  ///
  /// `urgent` work is short, as a scan is: when nobody else writes it is committed on the calling thread, which spares two
  /// changes of thread.
  public func write<Value: Sendable>(
    urgent: Bool = false, _ body: @escaping @Sendable (StoreTransaction) throws -> Value
  ) async throws -> Value {
    try await queue.submit(urgent: urgent) { [self] transaction in
      let value = try body(transaction)
      if transaction.changesPeople {
        transaction.db.afterNextTransaction { [self] _ in _ = changesOfPeople.add(1, ordering: .releasing) }
      }
      return value
    }
  }

  /// Counts up, after the commit, with every change of people or roles: what was read of a person at another count is
  /// read again before it is relied on.
  public var peopleVersion: Int { changesOfPeople.load(ordering: .acquiring) }

  /// Runs `body` on a consistent snapshot, beside the writer.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (StoreSnapshot) throws -> Value
  ) async throws -> Value {
    try await pool.read { try body(StoreSnapshot(db: $0)) }
  }

  /// Why nothing can be recorded at present; nil when all is well.
  public var readOnlyReason: String? { writer.readOnlyReason }

  /// Sequence and hash of the last entry of the station's chain, as committed.
  public var head: (seq: Int, hash: EntryHash) { (writer.head.seq, writer.head.hash) }

  /// Finishes what is under way, refuses what comes later, closes the database, which then is one file, and
  /// gives the folder back.
  public func close() throws {
    queue.close()
    // The last connection to close puts the write-ahead log into the database, which a reader cannot.
    pool.invalidateReadOnlyConnections()
    try pool.close()
    try folder.release()
  }

  func hashPIN(_ pin: String) async throws -> PINHash {
    try await onSecretsQueue { [pepper] in
      var random = SystemRandomNumberGenerator()
      let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      return try PINHash(pin: pin, salt: salt, pepper: pepper)
    }
  }

  func matches(_ pin: String, _ kept: PINHash) async throws -> Bool {
    try await onSecretsQueue { [pepper] in try kept.matches(pin, pepper: pepper) }
  }

  /// scrypt takes a tenth of a second on purpose: on a queue of its own it holds nobody else back, and guessing is
  /// paced for all guessers together.
  private func onSecretsQueue<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      secrets.async { continuation.resume(with: Result { try body() }) }
    }
  }

  /// Brings the tables up to this program's; refuses those of a newer one, whose meaning it cannot know.
  private static func migrate(_ pool: DatabasePool) throws {
    guard try !pool.read(Schema.migrator.hasBeenSuperseded) else { throw StoreFault.newer(database: pool.path) }
    try Schema.migrator.migrate(pool)
  }

  /// Sets what durability rests on, on the writing connection, and reads it back.
  private static func makeDurable(_ pool: DatabasePool) throws {
    try pool.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -16000;
          PRAGMA journal_size_limit = 67108864
          """)
      let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
      guard synchronous == 2 else {
        throw StoreFault.settingRefused(name: "synchronous", wanted: "2 (FULL)", found: "\(synchronous)")
      }
      let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
      guard journal == "wal" else {
        throw StoreFault.settingRefused(name: "journal_mode", wanted: "wal", found: journal)
      }
    }
  }

  /// A folder belongs to one station for good: another name on its chain would make two chains of one.
  private static func identity(
    in pool: DatabasePool, wanted: StationIdentity?, folder: String
  ) throws -> StationIdentity {
    let found = try pool.read { db -> StationIdentity? in
      guard let site = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'site'"),
        let station = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'station'")
      else { return nil }
      guard let site = SiteCode(site), let station = StationCode(station) else {
        throw StoreFault.damaged(reason: "'\(site)/\(station)' names no station")
      }
      return StationIdentity(site: site, station: station)
    }
    guard let identity = found ?? wanted else {
      throw StoreFault.unreachable(path: folder, reason: "there is no station in it yet")
    }
    if let wanted, wanted != identity {
      throw StoreFault.foreignFolder(
        folder: folder, found: "station \(identity.keyName)", wanted: "station \(wanted.keyName)")
    }
    return identity
  }

  /// Writes down whose folder this is, or finds that the key is not the one that its ledger was signed with.
  private static func claim(_ pool: DatabasePool, for identity: StationIdentity, key: VerifierKey) throws {
    try pool.write { db in
      guard let kept = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'verifierKey'") else {
        try db.execute(
          sql: "INSERT INTO meta(key, value) VALUES ('site', ?), ('station', ?), ('verifierKey', ?)",
          arguments: [identity.site.text, identity.station.text, key.description])
        return
      }
      guard kept == key.description else {
        throw StoreFault.damaged(reason: "station.key is not the key that this ledger was signed with")
      }
    }
  }

  /// The end of the chain, read from the ledger itself and checked against its own bytes.
  private static func head(of identity: StationIdentity, in db: Database) throws -> ChainEnd {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT bytes, hash FROM entry WHERE station = ? ORDER BY epoch DESC, seq DESC LIMIT 1",
        arguments: [identity.keyName])
    else { return .empty }
    let bytes: Data = row["bytes"]
    let stored: Data = row["hash"]
    let event = try CustodyEvent(entry: bytes)
    let hash = EntryHash(of: Array(bytes))
    guard Data(hash.bytes) == stored else {
      throw StoreFault.damaged(reason: "entry \(event.seq) does not have the hash that was stored with it")
    }
    return ChainEnd(epoch: event.epoch, seq: event.seq, hash: hash, hlc: event.hlc, wallClock: event.wallClock)
  }
}
