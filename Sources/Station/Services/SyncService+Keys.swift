import Custody
import CustodyLedger
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

/// The centre takes nothing of this station: two sign as one. People must find out which one it is.
struct Frozen: Error, CustomStringConvertible {
  let problem: SyncProtocol.Problem
  var description: String { problem.detail }
}

extension SyncService {
  /// Tells the centre where this station's chain ends, and does what its answer asks for: begins a new epoch where the centre
  /// has more of the chain than the station, and raises the alarm where another signs as this one.
  func greet() async throws {
    let store = core.store
    let (place, hash) = (store.headPlace, store.head.hash)
    let end = HeldChain(epoch: place.epoch, seq: place.seq, hash: hash.description)
    let hello = try await client.hello(at: end)
    core.sync.reached(at: core.clock.now())
    _ = try await believing { try await trustedLogKey(hello) }
    if let frozen = hello.frozen {
      try await raise(code: "sync.frozen", frozen.sentence, frozen.remedy)
    } else {
      try await follow(hello, from: end)
    }
    core.sync.owesGreeting(false)
  }

  private func follow(_ hello: Hello, from end: HeldChain) async throws {
    let enrolled = try await core.store.read { try $0.enrolment()?.epoch }
    let held = hello.held
    if let epoch = enrolled, epoch > end.epoch {
      switch hello.standing {
      case .ahead, .forked: try await open(epoch, after: held, "enrolled anew")
      case .level where held == nil || held == end:
        try await open(epoch, after: end.seq > 0 ? end : nil, "enrolled anew")
      // What was sealed with the key of before is sent first.
      case .level, nil: break
      }
      return
    }
    switch hello.standing {
    case .ahead:
      // Of two that sign as one, neither goes on over the other in a new epoch: people have to find out first.
      guard let held, core.sync.snapshot.refused?.code != Self.forkCode else { return }
      try await open(held.epoch + 1, after: held, "restored from a backup")
    case .forked:
      try await raiseFork()
    case .level, nil:
      if end.seq == 0, end.epoch > 1 { try await core.store.openRestoredEpoch() }
      guard core.sync.snapshot.refused != nil else { return }
      try await core.store.write { try $0.endStationAlarm() }
      core.sync.refused(nil)
    }
  }

  private static let forkCode = "sync.fork"

  /// Raises the alarm that another signs as this station does.
  func raiseFork() async throws {
    try await raise(
      code: Self.forkCode,
      "The centre holds other entries under this station's name than this station does: two sign as one, or this one was "
        + "restored from a backup and used.",
      "What is pending goes to the centre as evidence. Find out which of the two is the station and stop the other; then "
        + "make a code at the centre (custody central code) and enrol the right one with custody station enrol --new-key."
    )
  }

  /// Whether the station was enrolled with a key that begins an epoch, which it has not begun.
  func awaitsEpoch() async throws -> Bool {
    guard let epoch = try await core.store.read({ try $0.enrolment()?.epoch }) else { return false }
    return epoch > core.store.headPlace.epoch
  }

  private func open(_ epoch: Int, after held: HeldChain?, _ reason: String) async throws {
    var last: (ChainPlace, EntryHash)?
    if let held {
      guard let hash = EntryHash(hex: held.hash), held.epoch >= 1, held.seq >= 1, epoch < 1 << 53 else {
        throw SyncError.protocol(reason: "what it says it holds of this station is no end of a chain")
      }
      last = (ChainPlace(epoch: held.epoch, seq: held.seq), hash)
    }
    try await core.store.openEpoch(epoch, after: last, reason: reason)
    core.logger.notice("a new epoch is begun", metadata: ["epoch": "\(epoch)", "reason": "\(reason)"])
    try await core.store.write { try $0.endStationAlarm() }
    core.sync.refused(nil)
    core.sync.asksAgain(true)
  }

  /// Does what a frozen station may not, and raises the alarm when the centre says so.
  func notFrozen<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      let value = try await body()
      if core.sync.snapshot.refused?.code == "sync.frozen" {
        try await core.store.write { try $0.endStationAlarm() }
        core.sync.refused(nil)
      }
      return value
    } catch SyncError.refused(let problem) where problem.code == "sync.frozen" {
      core.sync.reached(at: core.clock.now())
      try await raise(code: problem.code, problem.detail, problem.remedy)
      throw Frozen(problem: problem)
    }
  }

  private func raise(code: String, _ sentence: String, _ remedy: String) async throws {
    let alarm = StationAlarm(at: core.clock.now(), code: code, sentence: sentence, remedy: remedy)
    try await core.store.write { try $0.raise(alarm) }
    let standing = try await core.store.read { try $0.stationAlarm() }
    if core.sync.snapshot.refused != standing {
      core.logger.error(
        "the centre refuses this station",
        metadata: ["code": "\(code)", "reason": "\(sentence)", "remedy": "\(remedy)"])
      core.live.publish("status", Array(#"{"reached":true}"#.utf8))
    }
    core.sync.refused(standing)
  }

  // MARK: Keys of others

  /// The keys of all stations as the log states them, those of the page among them. A statement is believed once the log is
  /// proved to hold it: so whoever lets a stranger in has to do it where every auditor sees it.
  func learnKeys(of page: [PulledEntry], _ known: inout KeyHistory?) async throws -> KeyHistory {
    let stated = page.filter { LogAudit.statement(in: $0.entry[...]) != nil }
    if let known, stated.isEmpty { return known }
    let authority = try await believing { try await trustedLogKey(nil) }
    let kept = try await core.store.read { try $0.statements() }
    let indexes = Set(kept.map(\.logIndex))
    let new = stated.filter { !indexes.contains($0.logIndex) }.map { ($0.logIndex, $0.entry) }
    let all = (kept.map { ($0.logIndex, $0.bytes) } + new).sorted { $0.0 < $1.0 }
    let history = KeyHistory(authority: authority, statements: try all.map { try UnverifiedEntry(bytes: $0.1) })
    // What does not verify tells nothing, and is left with the centre as any entry is: it may have been damaged on its way.
    let faults = Set(history.faults.map { all[$0.index].0 })
    let leaves = stated.filter { !faults.contains($0.logIndex) }.map {
      (leaf: TreeHash.leaf($0.entry), index: $0.logIndex)
    }
    if !leaves.isEmpty {
      let (head, _) = try await believing { try await proofs(of: leaves, by: nil) }
      try await core.store.write { try $0.acknowledge([], under: head) }
      core.sync.alarmed(nil)
    }
    known = history
    return history
  }

  /// Whose entries are judged anew by what a page states.
  static func subjects(of page: [PulledEntry]) -> [String] {
    var subjects: Set<String> = []
    for pulled in page {
      guard let entry = LogAudit.statement(in: pulled.entry[...]) else { continue }
      do {
        let statement = try CanonicalDecoder().decode(StationStatement.self, from: entry.entry.event)
        switch statement.details {
        case .revoke(let revocation): subjects.insert(revocation.subject)
        case .openEpoch: subjects.insert(statement.author)
        case .enrol, .rotate, .erase, .closeCount, .closeSession, .disposalOrder: break
        }
      } catch {
        // It states nothing that this program can read, and is left with the centre by who takes the page in.
        continue
      }
    }
    return subjects.sorted()
  }
}

extension KeyHistory.Judgement {
  /// The key that must have signed; nil where none is enrolled.
  var key: VerifierKey? {
    switch self {
    case .key(let key), .revoked(let key, _), .closed(let key, _): key
    case .unknown: nil
    }
  }
}
