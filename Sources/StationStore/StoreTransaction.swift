import Custody
import CustodyLedger
import Foundation
import GRDB

/// What can be asked of the store, inside a transaction or a snapshot.
public protocol StoreReading {
  /// The database connection of this transaction or snapshot.
  var db: Database { get }
}

/// A consistent snapshot for reading. Lives only inside the closure it is given to.
public struct StoreSnapshot: StoreReading {
  public let db: Database
}

/// A write transaction. Lives only inside the closure it is given to.
public final class StoreTransaction: StoreReading {
  public let db: Database
  /// Who signs: another key, once this transaction has handed over to it.
  var sealing: Sealing
  /// The end of the chain as this transaction would leave it.
  var head: ChainEnd
  /// The event that was inserted last and is not projected yet.
  var untaken: EventID?
  /// The asset that was read or projected last: a scan reads it, judges it and writes it.
  private var memo: (id: AssetID, asset: Asset?)?
  /// The newest tree head of the centre's log that the station has verified.
  var seen: SeenCheckpoint?
  /// Whether people or their roles are other than before.
  var changesPeople = false
  /// Follow-ups that ended by the work at hand because an asset carries their code now.
  var knownFollowUps: [Int64] = []
  /// Names of files whose persons were erased: to be deleted before that is committed.
  var erasedBlobs: [String] = []
  /// What the last statement that failed said: the reason, should SQLite have rolled everything back.
  private(set) var lastFailure = "the transaction was rolled back"
  private var random = SystemRandomNumberGenerator()

  init(db: Database, sealing: Sealing, head: ChainEnd, seen: SeenCheckpoint?) {
    self.db = db
    self.seen = seen
    self.sealing = sealing
    self.head = head
  }

  /// The station's clock.
  public var clock: any StationClock { sealing.clock }

  /// The time on the station's clock.
  public var now: Instant { sealing.clock.now() }

  /// SHA-256 of the newest entry of the station's chain as this transaction would leave it, lowercase hexadecimal.
  public var headHash: String { head.hash.description }

  /// The asset as it stands.
  public func asset(_ id: AssetID) throws -> Asset? {
    if let memo, memo.id == id { return memo.asset }
    let asset = try StoreSnapshot(db: db).asset(id)
    memo = (id, asset)
    return asset
  }

  /// Takes note of an asset as it was read or projected in this transaction; nil of what was undone.
  func remember(_ asset: Asset?, as id: AssetID?) { memo = id.map { ($0, asset) } }

  /// Two words from the system's random source.
  func randomWords() -> (UInt64, UInt64) { (random.next(), random.next()) }

  /// A new id for a `Kind`.
  public func newID<Kind>() -> EntityID<Kind> { EntityID(at: now, random: randomWords()) }

  /// Runs `body`; what it throws undoes its own writes and no others.
  func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
    let before = (head, seen, sealing)
    try db.cachedStatement(sql: "SAVEPOINT work").execute()
    do {
      let value = try body()
      try db.cachedStatement(sql: "RELEASE work").execute()
      return value
    } catch {
      lastFailure = "\(error)"
      (head, seen, sealing) = before
      remember(nil, as: nil)
      if db.isInsideTransaction {
        try db.cachedStatement(sql: "ROLLBACK TO work").execute()
        try db.cachedStatement(sql: "RELEASE work").execute()
      }
      throw error
    }
  }
}

extension EntityID: DatabaseValueConvertible {
  /// The sixteen bytes, big-endian: sorts as the id does.
  public var databaseValue: DatabaseValue {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0).databaseValue }
  }

  /// Reads the sixteen bytes back.
  public static func fromDatabaseValue(_ value: DatabaseValue) -> EntityID? {
    guard let data = Data.fromDatabaseValue(value), data.count == 16 else { return nil }
    return data.withUnsafeBytes { bytes in
      EntityID(
        high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}
