import Custody
import CustodyLedger
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

/// An own entry that the centre says it holds.
struct ClaimedEntry: Sendable {
  var epoch = 1
  let seq: Int
  let leaf: TreeHash
  let logIndex: Int64
}

/// The centre's log is not believed: why, and what it showed.
struct Distrusted: Error {
  let why: LogDistrust
  var note: [UInt8]?
}

extension SyncService {
  /// Lets the centre prove that its log holds entries, that the log is the one that this station knows, and that it only grew;
  /// then, and only then, notes them as held. Throws ``Distrusted`` otherwise.
  func prove(_ claimed: [ClaimedEntry], _ text: String?) async throws {
    guard let text else { throw Distrusted(why: .noLog) }
    let (head, proofs) = try await proofs(of: claimed.map { ($0.leaf, $0.logIndex) }, by: Array(text.utf8))
    let proved = zip(claimed, proofs).map { ProvedEntry(epoch: $0.epoch, seq: $0.seq, proof: $1) }
    try await core.store.write { try $0.acknowledge(proved, under: head) }
    core.sync.alarmed(nil)
  }

  /// Lets the centre prove that its log holds leaves at indexes: by a tree head that it gave, or by its newest. Throws
  /// ``Distrusted`` where it does not.
  func proofs(
    of leaves: [(leaf: TreeHash, index: Int64)], by given: [UInt8]?
  ) async throws -> (KeptHead, [InclusionProof]) {
    let key = try await trustedLogKey(nil)
    let before = try await core.store.read { try $0.treeHead()?.checkpoint }
    var watch = LogWatch(key: key, head: before)
    var note: [UInt8]
    if let given {
      note = given
      // While this answer was under way, another exchange may have shown more of the log: then the newest is asked for.
      if case .rolledBack? = Self.distrust(of: note, by: watch), let newest = try await client.log(.checkpoint) {
        note = newest
      }
    } else {
      guard let newest = try await client.log(.checkpoint) else { throw Distrusted(why: .noLog) }
      note = newest
    }
    do {
      let head = try watch.read(note)
      let indexes = try leaves.map { claim throws(LogDistrust) -> UInt64 in
        guard let index = UInt64(exactly: claim.index) else {
          throw .notIncluded(index: 0, size: head.size, because: "\(claim.index) is no index")
        }
        return index
      }
      let tiles = try await client.tiles(try watch.tilesNeeded(for: head, indexes: indexes), ofSize: head.size)
      try watch.take(head, with: tiles)
      let proofs = try zip(leaves, indexes).map { claim, index in
        try LogWatch.proof(of: claim.leaf, at: index, in: head, with: tiles)
      }
      return (KeptHead(checkpoint: head, note: note), proofs)
    } catch let why as LogDistrust {
      throw Distrusted(why: why, note: note)
    }
  }

  private static func distrust(of note: [UInt8], by watch: LogWatch) -> LogDistrust? {
    do throws(LogDistrust) {
      _ = try watch.read(note)
      return nil
    } catch {
      return error
    }
  }

  /// The key of the centre's log that this station trusts: the one that it was told; else the first that the centre named,
  /// which is kept. Another one, told or named, is not believed.
  func trustedLogKey(_ greeting: Hello?) async throws -> VerifierKey {
    let kept = try await core.store.read { try $0.logKey() }
    let told = core.options.centreKey
    if let kept {
      for other in [told?.description, greeting?.log].compactMap({ $0 }) where other != kept.description {
        throw Distrusted(why: .otherKey(pinned: kept.description, named: other))
      }
      return kept
    }
    if let told { return try await core.store.write { try $0.trustLog(told) } }
    let hello: Hello
    if let greeting { hello = greeting } else { hello = try await client.hello(at: nil) }
    guard let named = hello.log else { throw Distrusted(why: .noLog) }
    let key: VerifierKey
    do {
      key = try VerifierKey(named)
    } catch {
      throw SyncError.protocol(reason: "the key of its log cannot be read: \(error)")
    }
    return try await core.store.write { try $0.trustLog(key) }
  }

  /// Does what rests on the centre's log; when that is not to be believed, raises the alarm before it throws ``Distrusted``.
  func believing<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let distrust as Distrusted {
      try await raise(distrust)
      throw distrust
    }
  }

  /// Tells everybody, and keeps what the centre showed: a signed note that contradicts another is evidence.
  private func raise(_ distrust: Distrusted) async throws {
    let alarm = LogAlarm(
      at: core.clock.now(), code: distrust.why.code, sentence: distrust.why.description, remedy: distrust.why.remedy)
    try await core.store.write { try $0.raise(alarm, shown: distrust.note) }
    let standing = try await core.store.read { try $0.logAlarm() }
    if core.sync.snapshot.alarm != standing {
      core.logger.error(
        "the centre's log is not believed",
        metadata: ["code": "\(alarm.code)", "reason": "\(alarm.sentence)", "remedy": "\(alarm.remedy)"])
    }
    core.sync.alarmed(standing)
    core.live.publish("status", Array(#"{"reached":true}"#.utf8))
  }
}
