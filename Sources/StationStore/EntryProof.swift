import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// The proof that the centre's log holds an entry of this station, as it was verified when the centre took it: what a
/// certificate prints, and what `custody-audit proof` checks.
///
///     leaf = hash(0x00, entry bytes);  path leads from leaf at logIndex to root;  checkpoint, signed by the log's key, says root
public struct EntryProof: Hashable, Sendable {
  /// Place in the centre's log, from 0.
  public let logIndex: UInt64
  /// How many entries the log had in the tree head that the path leads to.
  public let treeSize: UInt64
  /// The root in that tree head.
  public let root: TreeHash
  /// The hash of the entry's leaf.
  public let leaf: TreeHash
  /// The hashes from the leaf's sibling upwards (RFC 6962 §2.1.1).
  public let path: [TreeHash]
  /// The tree head: a C2SP signed note, its text.
  public let checkpoint: String
  /// What the tree head is verified by; its name is the log's origin.
  public let logKey: VerifierKey

  /// The same as an RFC 6962 proof, to be verified.
  public var inclusion: InclusionProof { InclusionProof(leafIndex: logIndex, treeSize: treeSize, hashes: path) }
}

/// An own entry that the centre was shown to hold.
public struct ProvedEntry: Hashable, Sendable {
  /// Place in the station's chain.
  public let epoch: Int
  public let seq: Int
  /// The proof under the tree head that it is acknowledged with.
  public let proof: InclusionProof

  /// An entry with its proof, which has been verified.
  public init(epoch: Int = 1, seq: Int, proof: InclusionProof) {
    self.epoch = epoch
    self.seq = seq
    self.proof = proof
  }
}

/// A tree head of the centre's log that this station has verified.
public struct KeptHead: Hashable, Sendable {
  public let checkpoint: Checkpoint
  /// The signed note.
  public let note: [UInt8]

  /// A tree head.
  public init(checkpoint: Checkpoint, note: [UInt8]) {
    self.checkpoint = checkpoint
    self.note = note
  }
}

/// Why the station does not believe its centre's log, as it is kept until the log is verified again.
public struct LogAlarm: Hashable, Sendable {
  public let at: Instant
  public let code: String
  public let sentence: String
  public let remedy: String

  /// An alarm.
  public init(at: Instant, code: String, sentence: String, remedy: String) {
    self.at = at
    self.code = code
    self.sentence = sentence
    self.remedy = remedy
  }
}

extension StoreReading {
  /// The key of the centre's log that this station trusts; nil before it has one.
  public func logKey() throws -> VerifierKey? {
    guard let text = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'logKey'") else { return nil }
    do {
      return try VerifierKey(text)
    } catch {
      throw StoreFault.damaged(reason: "the key of the centre's log cannot be read: \(error)")
    }
  }

  /// The newest tree head of the centre's log that was verified.
  public func treeHead() throws -> KeptHead? {
    try Data.fetchOne(db.cachedStatement(sql: "SELECT note FROM tree_head ORDER BY size DESC LIMIT 1")).map(
      KeptHead.init)
  }

  /// The proof that the centre's log holds an event of this station about an asset; nil while there is none, and for events
  /// of other stations, which a dossier proves.
  public func proof(of event: EventID, about asset: AssetID) throws -> EntryProof? {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT entry.bytes AS bytes, log_index, proof, proof_size, note FROM entry
            JOIN tree_head ON tree_head.size = entry.proof_size
            WHERE asset = ? AND event_id = ?
            """), arguments: [asset, event]), let key = try logKey()
    else { return nil }
    let (bytes, path, note): (Data, Data, Data) = (row["bytes"], row["proof"], row["note"])
    let head = try KeptHead(note).checkpoint
    let index: Int64 = row["log_index"]
    return EntryProof(
      logIndex: UInt64(index), treeSize: head.size, root: head.root, leaf: .leaf(bytes),
      path: try Self.hashes(path), checkpoint: String(decoding: note, as: UTF8.self), logKey: key)
  }

  /// Every entry about an asset, its exact bytes, with its place in the centre's log where the centre holds it.
  public func placedEntries(of asset: AssetID) throws -> [(logIndex: Int64?, bytes: [UInt8])] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT log_index, bytes FROM entry WHERE asset = ? ORDER BY arrival"), arguments: [asset]
    ).map { row in
      let bytes: Data = row["bytes"]
      return (row["log_index"], Array(bytes))
    }
  }

  /// Statements of the centre's log about keys, by index: exact entries, verified when they came.
  public func statements() throws -> [(logIndex: Int64, bytes: [UInt8])] {
    try Row.fetchAll(db, sql: "SELECT log_index, bytes FROM statement ORDER BY log_index").map { row in
      let bytes: Data = row["bytes"]
      return (row["log_index"], Array(bytes))
    }
  }

  /// Why the centre's log is not believed; nil when all is well.
  public func logAlarm() throws -> LogAlarm? {
    try Row.fetchOne(
      db, sql: "SELECT at, code, sentence, remedy FROM log_alarm WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1"
    ).map { row in
      LogAlarm(
        at: Instant(milliseconds: row["at"]), code: row["code"], sentence: row["sentence"], remedy: row["remedy"])
    }
  }

  /// A path has at most 64 hashes.
  private static func hashes(_ path: Data) throws -> [TreeHash] {
    guard !path.isEmpty else { return [] }
    guard let hashes = Tile.hashes(in: path) else { throw StoreFault.damaged(reason: "a proof cannot be read") }
    return hashes
  }
}

extension KeptHead {
  init(_ stored: Data) throws {
    note = Array(stored)
    do {
      checkpoint = try Checkpoint(text: try SignedNote(bytes: note).text)
    } catch {
      throw StoreFault.damaged(reason: "a tree head of the centre's log cannot be read: \(error)")
    }
  }
}

extension StoreTransaction {
  /// Trusts the centre's log by a key, from now on and for good. Gives back the key that is trusted: the first one.
  public func trustLog(_ key: VerifierKey) throws -> VerifierKey {
    if let trusted = try logKey() { return trusted }
    try db.execute(sql: "INSERT INTO meta(key, value) VALUES ('logKey', ?)", arguments: [key.description])
    return key
  }

  /// The centre is proved to hold these own entries, under a tree head that has been verified. What is sealed from now on
  /// says that the station has seen it.
  public func acknowledge(_ proved: [ProvedEntry], under head: KeptHead) throws {
    let size = Int64(clamping: head.checkpoint.size)
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO tree_head(size, note, at) VALUES (?,?,?)").execute(
      arguments: [size, Data(head.note), now.milliseconds])
    for entry in proved {
      try db.cachedStatement(sql: "DELETE FROM outbox WHERE epoch = ? AND seq = ?").execute(
        arguments: [entry.epoch, entry.seq])
      let path = Data(Tile.bytes(of: entry.proof.hashes))
      try db.cachedStatement(
        sql: """
          UPDATE entry SET log_index = ?, proof = ?, proof_size = ? WHERE station = ? AND epoch = ? AND seq = ?
          """
      ).execute(arguments: [
        Int64(clamping: entry.proof.leafIndex), path, size, sealing.identity.keyName, entry.epoch, entry.seq,
      ])
      guard db.changesCount == 0 else { continue }
      try db.cachedStatement(
        sql: "UPDATE own_statement SET log_index = ?, proof = ?, proof_size = ? WHERE epoch = ? AND seq = ?"
      ).execute(arguments: [Int64(clamping: entry.proof.leafIndex), path, size, entry.epoch, entry.seq])
    }
    try db.execute(sql: "UPDATE log_alarm SET ended_at = ? WHERE ended_at IS NULL", arguments: [now.milliseconds])
    // Two exchanges may be under way at once; the newer of what they showed was seen.
    guard size >= Int64(seen?.size ?? 0) else { return }
    seen = SeenCheckpoint(size: Int(clamping: head.checkpoint.size), root: head.checkpoint.root.description)
  }

  /// The centre's log is not believed, for a reason. `note` is what it showed, which is kept as evidence for ever. The same
  /// reason again is the same alarm.
  public func raise(_ alarm: LogAlarm, shown note: [UInt8]?) throws {
    if let standing = try logAlarm(), standing.code == alarm.code, standing.sentence == alarm.sentence { return }
    try db.execute(sql: "UPDATE log_alarm SET ended_at = ? WHERE ended_at IS NULL", arguments: [now.milliseconds])
    try db.execute(
      sql: "INSERT INTO log_alarm(at, code, sentence, remedy, note) VALUES (?,?,?,?,?)",
      arguments: [alarm.at.milliseconds, alarm.code, alarm.sentence, alarm.remedy, note.map { Data($0) }])
  }

  /// Keeps a statement of the centre's log.
  func keep(statement entry: HeldEntry) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO statement(log_index, bytes) VALUES (?,?)").execute(
      arguments: [entry.logIndex, Data(entry.entry.entry.bytes)])
  }
}
