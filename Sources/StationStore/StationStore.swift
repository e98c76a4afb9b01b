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
  public var verifierKey: VerifierKey { writer.verifierKey }
  public let folder: DataFolder
  public let clock: any StationClock
  let pepper: [UInt8]
  private let peppers: Mutex<[UInt8]?>
  let pool: DatabasePool
  private let writer: LedgerWriter
  private let queue: CommitQueue
  private let changesOfPeople = Atomic<Int>(0)
  let searchIndex: SearchIndex
  /// Why searches go without the index.
  let searchFault = Mutex<String?>(nil)
  /// Searches that found no index. For one reader.
  let searchesWaiting: AsyncStream<Void>
  let searchWanted: AsyncStream<Void>.Continuation
  /// Assets whose earlier events somebody has asked for that are at the centre. For one reader.
  public let wantedHistories: AsyncStream<AssetID>
  private let wants: AsyncStream<AssetID>.Continuation
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
    (wantedHistories, wants) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    (searchesWaiting, searchWanted) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    var configuration = Configuration()
    configuration.label = "custody.station"
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(patience.busySeconds)
    do {
      let pool = try DatabasePool(path: folder.database, configuration: configuration)
      self.pool = pool
      try Self.lookThrough(pool)
      try Self.migrate(pool)
      try Self.makeDurable(pool)
      let identity = try Self.identity(in: pool, wanted: wanted, folder: folder.path)
      self.identity = identity
      let restoration = try pool.read(Restoration.init(awaitedIn:))
      let (hasLedger, hasBadges) = try pool.read { db in
        (
          try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM entry) OR EXISTS(SELECT 1 FROM own_statement)")
            ?? false,
          try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM badge) OR EXISTS(SELECT 1 FROM pin)") ?? false
        )
      }
      let key = try Self.signingKey(
        in: pool, folder, named: identity.keyName, needed: hasLedger && restoration == nil)
      pepper = try folder.pepper(needed: hasBadges)
      try restoration?.begin(in: pool, key: key.verifierKey)
      peppers = Mutex(try folder.centrePepper())
      try Self.claim(pool, for: identity, key: key.verifierKey)
      let (end, seen) = try pool.read { db in
        (try Self.head(of: identity, in: db), try StoreSnapshot(db: db).treeHead()?.checkpoint)
      }
      let head = try pool.read { try Restoration(last: $0)?.head(after: end) ?? end }
      let sealing = Sealing(identity: identity, key: key, clock: clock)
      if try !pool.read({ try StoreSnapshot(db: $0).isProjectionUpToDate() }) {
        try pool.write { db in
          try StoreTransaction(db: db, sealing: sealing, head: head, seen: nil).bringProjectionUpToDate()
        }
      }
      writer = LedgerWriter(
        pool: pool, sealing: sealing, head: head,
        seen: seen.map { SeenCheckpoint(size: Int(clamping: $0.size), root: $0.root.description) },
        retryAfter: patience.retryAfter)
    } catch let error as DatabaseError {
      throw StoreFault(error, path: folder.database)
    }
    do {
      searchIndex = try SearchIndex(path: folder.searchIndex)
    } catch let error as DatabaseError {
      throw StoreFault(error, path: folder.searchIndex)
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
      do {
        let value = try body(transaction)
        if !transaction.erasedBlobs.isEmpty {
          defer { transaction.erasedBlobs = [] }
          try removeBlobs(transaction.erasedBlobs)
        }
        if transaction.changesPeople {
          transaction.db.afterNextTransaction { [self] _ in _ = changesOfPeople.add(1, ordering: .releasing) }
        }
        return value
      } catch StoreFault.historyAtCentre(let asset) {
        want(historyOf: asset)
        throw StoreFault.historyAtCentre(asset)
      }
    }
  }

  /// Asks whoever talks with the centre for the earlier events of an asset.
  public func want(historyOf asset: AssetID) { wants.yield(asset) }

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

  /// Where that entry stands; seq 0 before the first.
  public var headPlace: ChainPlace { ChainPlace(epoch: writer.head.epoch, seq: writer.head.seq) }

  /// Finishes what is under way, refuses what comes later, closes the database, which then is one file, and
  /// gives the folder back.
  public func close() throws {
    queue.close()
    // The last connection to close puts the write-ahead log into the database, which a reader cannot.
    pool.invalidateReadOnlyConnections()
    try pool.close()
    searchWanted.finish()
    try searchIndex.close()
    try folder.release()
  }

  func hashPIN(_ pin: String) async throws -> PINHash {
    try await onSecretsQueue { [pepper] in
      var random = SystemRandomNumberGenerator()
      let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      return try PINHash(pin: pin, salt: salt, pepper: pepper)
    }
  }

  func matches(_ pin: String, _ kept: PINHash, isCentres: Bool = false) async throws -> Bool {
    // Without the centre's pepper no PIN of its is right.
    let pepper = isCentres ? centrePepper ?? [] : pepper
    return try await onSecretsQueue { try kept.matches(pin, pepper: pepper) }
  }

  /// What the centre's badges and PINs were made with; nil before its first reference data.
  var centrePepper: [UInt8]? { peppers.withLock { $0 } }

  /// Keeps what the centre's badges and PINs were made with, 32 bytes, in a key file beside the station's own and never in the
  /// database. On disk when the call returns.
  public func keep(centrePepper bytes: [UInt8]) throws {
    guard bytes.count == 32 else { throw StoreFault.damaged(reason: "the centre's pepper has \(bytes.count) bytes") }
    guard centrePepper != bytes else { return }
    try folder.keep(centrePepper: bytes)
    peppers.withLock { $0 = bytes }
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

  /// Up to this size, in bytes, a database is looked through at each start, which takes some tenths of a second; a larger one is
  /// by `custody station check`.
  private static let lookedThroughBelow: Int64 = 64 << 20

  /// Finds pages that are not as they were written, where SQLite's own check can tell. Throws ``StoreFault/damaged(reason:)``.
  private static func lookThrough(_ pool: DatabasePool) throws {
    let found = try pool.read { db -> String? in
      let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
      guard pages * size <= lookedThroughBelow else { return nil }
      return try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
    }
    guard found == nil || found == "ok" else { throw StoreFault.damaged(reason: found ?? "") }
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

  /// The key that signs. Where the process ended while one key was put in the place of another, that is finished first: the
  /// database says which of the two it is.
  private static func signingKey(
    in pool: DatabasePool, _ folder: DataFolder, named name: String, needed: Bool
  ) throws -> SigningKey {
    let (due, awaited) = try pool.read { db in
      (
        try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'verifierKey'"),
        try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'nextKey'")
      )
    }
    if let next = try folder.nextKey() {
      if next.verifierKey.description == due {
        try folder.adoptNextKey()
      } else if next.verifierKey.description != awaited {
        // It signed nothing, and nobody was told of it.
        try folder.dropNextKey()
      }
    }
    return try folder.signingKey(named: name, needed: needed)
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
    let event = try Row.fetchOne(
      db, sql: "SELECT epoch, seq, bytes, hash FROM entry WHERE station = ? ORDER BY epoch DESC, seq DESC LIMIT 1",
      arguments: [identity.keyName])
    let statement = try Row.fetchOne(
      db, sql: "SELECT epoch, seq, bytes, hash FROM own_statement ORDER BY epoch DESC, seq DESC LIMIT 1")
    func place(_ row: Row) -> ChainPlace { ChainPlace(epoch: row["epoch"], seq: row["seq"]) }
    if let statement, event.map({ place($0) < place(statement) }) ?? true { return try head(statement: statement) }
    guard let event else { return .empty }
    return try head(event: event)
  }

  private static func head(event row: Row) throws -> ChainEnd {
    let bytes: Data = row["bytes"]
    let event = try CustodyEvent(entry: bytes)
    return ChainEnd(
      epoch: event.epoch, seq: event.seq, hash: try hash(of: bytes, in: row), hlc: event.hlc,
      wallClock: event.wallClock)
  }

  private static func head(statement row: Row) throws -> ChainEnd {
    let bytes: Data = row["bytes"]
    let statement = try StationStatement(entry: bytes)
    return ChainEnd(
      epoch: statement.place.epoch, seq: statement.place.seq, hash: try hash(of: bytes, in: row), hlc: statement.hlc,
      wallClock: statement.wallClock)
  }

  private static func hash(of bytes: Data, in row: Row) throws -> EntryHash {
    let stored: Data = row["hash"]
    let hash = EntryHash(of: Array(bytes))
    guard Data(hash.bytes) == stored else {
      throw StoreFault.damaged(reason: "entry \(row["seq"] as Int) does not have the hash that was stored with it")
    }
    return hash
  }
}

extension StationStatement {
  /// The statement in a stored entry; throws ``StoreFault/damaged(reason:)`` when it cannot be read.
  init(entry: Data) throws {
    do {
      self = try CanonicalDecoder().decode(
        StationStatement.self, from: Array(entry.dropFirst(LedgerEntry.signatureLength)))
    } catch {
      throw StoreFault.damaged(reason: "a statement of the ledger cannot be read: \(error)")
    }
  }
}
