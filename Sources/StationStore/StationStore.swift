import Custody
import CustodyLedger
import Dispatch
import Foundation
import GRDB
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
  private let secrets = DispatchQueue(label: "custody.store.secrets", qos: .userInitiated)

  /// Opens the store in a folder, making it when it is new. Throws ``StoreFault`` when another process holds it, when
  /// it belongs to another station, or when SQLite does not take the settings that durability rests on.
  public init(folder path: String, identity: StationIdentity, clock: any StationClock = SystemClock()) throws {
    folder = try DataFolder(path)
    self.identity = identity
    self.clock = clock
    let key = try folder.signingKey(named: identity.keyName)
    verifierKey = key.verifierKey
    pepper = try folder.pepper()
    var configuration = Configuration()
    configuration.label = "custody.station"
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(5)
    do {
      pool = try DatabasePool(path: folder.database, configuration: configuration)
      try Schema.migrator.migrate(pool)
      try Self.makeDurable(pool)
      try Self.claim(pool, for: identity, key: key.verifierKey, folder: folder.path)
      let head = try pool.read { try Self.head(of: identity.station, in: $0) }
      writer = LedgerWriter(
        pool: pool, sealing: Sealing(identity: identity, key: key, clock: clock), head: head)
    } catch let error as DatabaseError {
      throw StoreFault.damaged(reason: "\(error)")
    }
    queue = CommitQueue(writer)
  }

  /// Runs `body` in a write transaction and gives its value back once that is durable. What `body` throws undoes its
  /// own writes. Throws ``StoreFault/readOnly(reason:)`` when nothing can be recorded at present.
  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (StoreTransaction) throws -> Value
  ) async throws -> Value {
    try await queue.submit(body)
  }

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

  /// Finishes what is under way, refuses what comes later, and closes the database.
  public func close() throws {
    queue.close()
    try pool.close()
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

  /// Sets what durability rests on, on the writing connection, and reads it back.
  private static func makeDurable(_ pool: DatabasePool) throws {
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -16000")
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
  private static func claim(
    _ pool: DatabasePool, for identity: StationIdentity, key: VerifierKey, folder: String
  ) throws {
    try pool.write { db in
      let wanted = "station \(identity.keyName)"
      guard let found = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'identity'") else {
        try db.execute(
          sql: "INSERT INTO meta(key, value) VALUES ('identity', ?), ('verifierKey', ?), ('station', ?)",
          arguments: [wanted, key.description, identity.station.text])
        return
      }
      guard found == wanted else { throw StoreFault.foreignFolder(folder: folder, found: found, wanted: wanted) }
      let kept = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'verifierKey'") ?? ""
      guard kept == key.description else {
        throw StoreFault.damaged(reason: "station.key is not the key that this ledger was signed with")
      }
    }
  }

  /// The end of the chain, read from the ledger itself and checked against its own bytes.
  private static func head(of station: StationCode, in db: Database) throws -> ChainEnd {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT bytes, hash FROM entry WHERE station = ? ORDER BY epoch DESC, seq DESC LIMIT 1",
        arguments: [station.text])
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
