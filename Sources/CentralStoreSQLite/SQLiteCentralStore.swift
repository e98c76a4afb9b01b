import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import SyncProtocol
import TamperEvidence

/// The centre's store in one SQLite database, which one process owns and one connection writes. WAL,
/// `synchronous=FULL`; every value that a writing call gives back is on disk.
public final class SQLiteCentralStore: CentralStore {
  private let lock: FolderLock
  let pool: DatabasePool
  let commits: GroupCommit
  public let author: LogAuthor

  /// Opens the store in a folder, making it when it is new; takes the same time whatever the log's length, save that a log
  /// of a program that kept no tree gets one at its first opening.
  ///
  /// `author` gives the centre's key, for the folder that is locked by then; it is told whether there is a log that was
  /// signed already, whose key must not be made anew. Throws ``CentralFault`` when another process holds the folder, when
  /// SQLite does not take the settings that durability rests on, when the newest entry does not have its hash, or when
  /// tree, tree head and key do not go together.
  public init(folder: String, author: (_ isNeeded: Bool) throws -> LogAuthor) throws {
    lock = try FolderLock(folder)
    var configuration = Configuration()
    configuration.label = "custody.central"
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(5)
    do {
      pool = try DatabasePool(path: lock.path + "/central.db", configuration: configuration)
      try Schema.migrator.migrate(pool)
      try Self.makeDurable(pool)
      try pool.read(Self.checkHead)
      let isNeeded = try pool.read { try SQLiteTree($0).takeHead() != nil }
      let author = try author(isNeeded)
      self.author = author
      commits = GroupCommit(pool, author: author)
      try Self.prepareLog(pool, author)
    } catch {
      throw CentralFault(reading: error)
    }
  }

  /// Gives a log that has no tree its tree, in portions that are each durable, and states the enrolments of that time.
  private static func prepareLog(_ pool: DatabasePool, _ author: LogAuthor) throws {
    while try !pool.write({ try LogSequencer(SQLiteTree($0), author: author).catchUp() }) {}
    try pool.write { db in
      let admission = SQLiteAdmission(db, author: author)
      let moment = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
      // Before new ones are stated: what an older program logged of keys is not known of yet.
      if try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM key_statement)") != true {
        try admission.adoptKeyStatements(at: moment)
      }
      try admission.stateMissingEnrolments(at: moment)
      _ = try admission.sequencer.finish()
      // What other rules had made is made anew, at once and not when something happens to an asset.
      guard try Int.fetchOne(db, sql: "SELECT version FROM projection") != ProjectionVersion.current else { return }
      try admission.rebuildProjection(recordingAt: moment)
      try db.execute(
        sql: "INSERT OR REPLACE INTO projection(id, version) VALUES (0, ?)", arguments: [ProjectionVersion.current])
    }
  }

  /// Absolute path of the data folder.
  public var folder: String { lock.path }

  public func admit(
    _ entries: [UnverifiedEntry], from station: EnrolledStation, at moment: Instant
  ) async throws -> [PushResult] {
    // Signatures cost more than all the rest and need no database: they are checked before the writer is taken.
    let keys = try await keys(of: station)
    let checked = CheckedEntry.check(entries, from: station, by: keys)
    return try await commits.submit { _, admission in
      try admission.admit(checked, from: station, by: keys, at: moment)
    }
  }

  public func push(
    _ push: StationPush, from station: EnrolledStation, at moment: Instant
  ) async throws -> PushOutcome {
    let keys = try await keys(of: station)
    let checked = CheckedEntry.check(push.entries, from: station, by: keys)
    return try await commits.submit { _, admission in
      try admission.push(checked, ratchet: push.ratchet, from: station, by: keys, at: moment)
    }
  }

  public func replay(_ entries: [UnverifiedEntry], from index: Int64) async throws {
    try await commits.submit { _, admission in
      for (offset, entry) in entries.enumerated() { try admission.replay(entry, at: index + Int64(offset)) }
    }
  }

  public func issue(_ code: TokenDigest, forStation name: String, until: Instant) async throws -> Refusal? {
    try await commits.submit { _, admission in try admission.issue(code, forStation: name, until: until) }
  }

  public func enrol(
    _ key: VerifierKey, requestKey: VerifierKey, code: TokenDigest, at moment: Instant
  ) async throws -> CodeEnrolment {
    try await commits.submit { _, admission in
      try admission.enrol(key, requestKey: requestKey, code: code, at: moment)
    }
  }

  public func revoke(
    _ station: String, after lastGood: ChainPlace?, reason: String, at moment: Instant
  ) async throws -> Refusal? {
    try await commits.submit { _, admission in
      try admission.revoke(station, after: lastGood, reason: reason, at: moment)
    }
  }

  public func remember(request id: String, until: Instant, at moment: Instant) async throws -> Bool {
    try await commits.submit { db, _ in
      try db.cachedStatement(sql: "DELETE FROM request_token WHERE until < ?").execute(
        arguments: [moment.milliseconds])
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO request_token(id, until) VALUES (?,?)").execute(
        arguments: [id, until.milliseconds])
      return db.changesCount > 0
    }
  }

  public func enrol(_ key: VerifierKey, token: TokenDigest, at moment: Instant) async throws -> Refusal? {
    try await commits.submit { _, admission in try admission.enrol(key, token: token, at: moment) }
  }

  public func tagNumbers(
    _ request: TagNumberRequest, for station: EnrolledStation, at moment: Instant
  ) async throws -> TagNumbers {
    try await commits.submit { db, _ in
      if let row = try Row.fetchOne(
        db, sql: "SELECT letters, first, last FROM tag_numbers WHERE station = ? AND request = ?",
        arguments: [station.name, request.request])
      {
        return TagNumbers(letters: row["letters"], first: row["first"], last: row["last"])
      }
      let given =
        try Int.fetchOne(db, sql: "SELECT max(last) FROM tag_numbers WHERE letters = ?", arguments: [request.letters])
      let first = max(given ?? 0, request.inUse) + 1
      let numbers = TagNumbers(letters: request.letters, first: first, last: first + request.count - 1)
      try db.execute(
        sql: "INSERT INTO tag_numbers(station, request, letters, first, last, at) VALUES (?,?,?,?,?,?)",
        arguments: [station.name, request.request, numbers.letters, numbers.first, numbers.last, moment.milliseconds])
      return numbers
    }
  }

  public func rebuildProjection() async throws {
    try await commits.submit { _, admission in try admission.rebuildProjection() }
  }

  public func subject(ofEntryAt index: Int64) async throws -> (asset: AssetID?, event: EventID?) {
    try await read { db in
      let row = try Row.fetchOne(db, sql: "SELECT asset, event_id FROM log WHERE \"index\" = ?", arguments: [index])
      let (asset, event): (Data?, Data?) = (row?["asset"], row?["event_id"])
      return (try asset.map { try AssetID(column: $0) }, try event.map { try EventID(column: $0) })
    }
  }

  public func foldedOtherwise(after id: AssetID?, limit: Int) async throws -> FoldedPortion {
    try await commits.submit { _, admission in try admission.foldedOtherwise(after: id, limit: limit) }
  }

  public func close() async throws {
    await commits.close()
    do {
      try pool.close()
    } catch {
      throw CentralFault(reading: error)
    }
    lock.release()
  }

  /// Runs `body` on a consistent snapshot, beside the writer.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    do {
      return try await pool.read(body)
    } catch let error as CancellationError {
      // Whoever asked has gone: nothing is broken.
      throw error
    } catch {
      throw CentralFault(reading: error)
    }
  }

  /// Sets what durability rests on, on the writing connection, and reads it back.
  private static func makeDurable(_ pool: DatabasePool) throws {
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000; PRAGMA cache_size = -32000")
      let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
      guard synchronous == 2 else {
        throw CentralFault.settingRefused(name: "synchronous", wanted: "2 (FULL)", found: "\(synchronous)")
      }
      let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
      guard journal == "wal" else {
        throw CentralFault.settingRefused(name: "journal_mode", wanted: "wal", found: journal)
      }
    }
  }

  private static func checkHead(_ db: Database) throws {
    guard let head = try LogEntry.fetchOne(db, "ORDER BY \"index\" DESC LIMIT 1") else { return }
    guard EntryHash(of: head.bytes) == head.hash else {
      throw CentralFault.damaged(reason: "log entry \(head.index) does not have the hash that was stored with it")
    }
  }
}
