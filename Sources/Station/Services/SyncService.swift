import Custody
import CustodyLedger
import Foundation
import Logging
import ServiceLifecycle
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

/// Keeps the centre and this station level: sends what is sealed here, takes in what others recorded. The station never
/// waits for it; offline, everything stays in the outbox.
struct SyncService: Service {
  let core: StationCore
  let client: CentralClient
  /// What it waits by.
  var clock: any Clock<Duration> = ContinuousClock()

  /// How long an idle station waits before it looks again, when nothing woke it.
  private static let idle = Duration.seconds(5)
  /// How long it waits once something was sealed: the desk shows a scan first, and what comes in a burst goes together.
  private static let gathering = Duration.milliseconds(50)

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      try await withThrowingTaskGroup(of: Void.self) { group in
        // An alarm outlives the process: it stands until the log has been verified again.
        core.sync.alarmed(try await core.store.read { try $0.logAlarm() })
        core.sync.refused(try await core.store.read { try $0.stationAlarm() })
        group.addTask {
          try await repeating(SyncBackoff()) { try await pushTurn(&$0, using: &$1) }
        }
        group.addTask {
          try await repeating(PullState()) { try await pullTurn(&$0, using: &$1) }
        }
        group.addTask {
          try await repeating(SyncBackoff(ceiling: .seconds(600))) { try await tagNumbersTurn(&$0, using: &$1) }
        }
        group.addTask {
          try await repeating(SyncBackoff(ceiling: .seconds(600))) { try await referenceTurn(&$0, using: &$1) }
        }
        group.addTask {
          try await repeating(BlobState()) { try await blobTurn(&$0, using: &$1) }
        }
        group.addTask { try await fetchHistories() }
        try await group.next()
        group.cancelAll()
      }
    }
  }

  /// Takes turns until the station stops. A turn does its work once, never waits on the clock, and says what to wait for
  /// before the next one.
  private func repeating<State>(
    _ start: State, _ turn: (inout State, inout SystemRandomNumberGenerator) async throws -> SyncPause
  ) async throws {
    var state = start
    var random = SystemRandomNumberGenerator()
    while !Task.isCancelled {
      do {
        switch try await turn(&state, &random) {
        case .none: continue
        case .time(let pause): try await clock.sleep(for: pause)
        case .work: await waitForWork()
        }
      } catch is CancellationError {
        return
      }
    }
  }

  /// One turn of the push: sends one batch.
  func pushTurn(
    _ backoff: inout SyncBackoff, using random: inout some RandomNumberGenerator
  ) async throws -> SyncPause {
    do {
      if core.sync.snapshot.owesGreeting { try await greet() }
      let progressed = try await pushOnce()
      backoff.succeeded()
      // An enrolment waits for the end of what was sealed before it.
      if !progressed, try await awaitsEpoch() { core.sync.owesGreeting(true) }
      return progressed ? .none : .work
    } catch {
      // Whoever comes back after a while tells where its chain ends: meanwhile it may have been copied or restored.
      core.sync.owesGreeting(true)
      return try pause(after: error, &backoff, using: &random)
    }
  }

  /// Sends one batch. Tells whether anything moved, so that the next one follows at once.
  func pushOnce() async throws -> Bool {
    let (pending, ratchet) = try await core.store.read {
      (
        try $0.pendingEntries(limit: SyncLimits.pushEntries, maximumBytes: SyncLimits.pushBytes / 2),
        try $0.ratchet()
      )
    }
    guard let bundle = EntryBundle(prefixOf: try pending.map { try UnverifiedEntry(bytes: $0.bytes) }) else {
      return false
    }
    let began = ContinuousClock.now
    let answer = try await notFrozen { try await client.push(bundle, ratchet: ratchet ?? SyncHeader.firstRatchet) }
    core.metrics.pushes.note(.now - began)
    // On disk before anything is noted as held: with the ratchet of before, what follows would be taken for a clone's.
    if let next = answer.ratchet { try await core.store.write { try $0.keep(ratchet: next) } }
    core.sync.reached(at: core.clock.now())
    var held: [ClaimedEntry] = []
    var rejected: [Int: String] = [:]
    for (sent, result) in zip(pending, answer.results) {
      if let index = result.logIndex {
        held.append(ClaimedEntry(epoch: sent.epoch, seq: sent.seq, leaf: .leaf(sent.bytes), logIndex: index))
      } else {
        rejected[sent.seq] = result.message ?? result.code ?? "the centre does not say why"
      }
    }
    core.sync.rejected(rejected)
    // What the centre says it holds goes on waiting here until the centre has proved it.
    if !held.isEmpty {
      let claimed = held
      try await believing { try await prove(claimed, answer.checkpoint) }
    }
    for (seq, reason) in rejected {
      core.logger.error("the centre does not admit an entry", metadata: ["seq": "\(seq)", "reason": "\(reason)"])
    }
    core.live.publish("status", Array(#"{"reached":true}"#.utf8))
    // What the disk has changed is never admitted, and nothing behind it fits: the station goes on in a new epoch.
    let refused = zip(pending, answer.results).first { $1.logIndex == nil }?.0
    if let refused {
      let place = ChainPlace(epoch: refused.epoch, seq: refused.seq)
      if try await core.store.write({ try $0.leaveDamaged(at: place) }) {
        core.logger.error("an own entry was changed on the disk", metadata: ["place": "\(place)"])
        return true
      }
    }
    return !held.isEmpty
  }

  private func waitForWork() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [core, clock] in
        await core.recorded.wait()
        do { try await clock.sleep(for: Self.gathering) } catch {}
      }
      group.addTask { [clock] in
        // A sleep that is cut short is a sleep that ended.
        do { try await clock.sleep(for: Self.idle) } catch {}
      }
      await group.next()
      group.cancelAll()
    }
  }

  /// What the pull knows from one turn to the next.
  struct PullState {
    var backoff = SyncBackoff()
    /// By whom entries are signed, as the centre's log states and proves; nil before it was read.
    var keys: KeyHistory?
    /// Whether what was left with the centre has been asked for once more.
    var askedAgain = false
    /// Pages without anything new since the start, and after which of them what did not verify is asked for again.
    var emptyPages = 0
    var asksAgainAfter = 1
    var firstPage = true
    /// Whether a new station has begun with the centre's snapshot, or found that it may not.
    var hasBegun = false
  }

  /// One turn of the pull: takes in one page.
  func pullTurn(
    _ state: inout PullState, using random: inout some RandomNumberGenerator
  ) async throws -> SyncPause {
    do {
      if !state.hasBegun {
        _ = try await bootstrap()
        state.hasBegun = true
      }
      if !state.askedAgain || core.sync.snapshot.asksAgain {
        core.sync.asksAgain(false)
        try await takeWhatWasLeft(&state.keys) { _ in true }
        state.askedAgain = true
      }
      let cursor = try await core.store.read { try $0.pullCursor() } ?? -1
      // The first page is not waited for: it tells at once whether the centre can be reached.
      let page = try await client.pull(after: cursor, wait: state.firstPage ? .zero : .seconds(20))
      state.firstPage = false
      core.sync.reached(at: core.clock.now())
      guard !page.isEmpty else {
        state.emptyPages += 1
        if state.emptyPages >= state.asksAgainAfter {
          // What was damaged on its way verifies the next time; what is damaged at the centre waits for who mends it.
          try await takeWhatWasLeft(&state.keys) { $0 == Self.doesNotVerify }
          state.asksAgainAfter += min(state.emptyPages, Self.longestUnasked)
        }
        state.backoff.succeeded()
        return .none
      }
      let history = try await learnKeys(of: page, &state.keys)
      let (entries, unverified) = try verified(page, by: history)
      let last = page[page.count - 1].logIndex
      let left = try await admit(
        entries, unverified: unverified, because: Self.doesNotVerify, upTo: last, judging: Self.subjects(of: page),
        by: history)
      // Not before it is taken in: a page that cannot be is not asked for without a pause.
      state.backoff.succeeded()
      for reason in left { core.logger.error("left with the centre", metadata: ["reason": "\(reason)"]) }
      core.live.publish("status", Array(#"{"pulled":true}"#.utf8))
      if !core.sync.snapshot.owesGreeting, goesBeyondOwnChain(page) { try await raiseFork() }
      return .none
    } catch {
      return try pause(after: error, &state.backoff, using: &random)
    }
  }

  /// After so many pages without anything new, an hour of them, what did not verify is asked for again at the latest.
  private static let longestUnasked = 180
  private static let doesNotVerify = "its signature does not verify with a key that the centre's log states"

  /// Asks once more for the entries that had no place here when they came: a newer program may know their type, a centre
  /// that was put right their key.
  private func takeWhatWasLeft(
    _ keys: inout KeyHistory?, where isWanted: (_ reason: String) -> Bool
  ) async throws {
    for (index, reason) in try await core.store.read({ try $0.leftWithCentre() }) where isWanted(reason) {
      let page = try await client.pull(after: index - 1, limit: 1)
      let history = try await learnKeys(of: page, &keys)
      for entry in try verified(page, by: history).entries {
        _ = try await core.store.write { try $0.admit(entry) }
      }
    }
  }

  /// The entries with their signatures checked, and the places of those that do not verify: they are left out and told,
  /// for the centre should never have admitted them.
  private func verified(
    _ page: [PulledEntry], by history: KeyHistory
  ) throws -> (entries: [HeldEntry], unverified: [Int64]) {
    var entries: [HeldEntry] = []
    var unverified: [Int64] = []
    for pulled in page {
      let entry = try UnverifiedEntry(bytes: pulled.entry)
      if let judgement = Self.judgement(of: entry, from: pulled.station, by: history), let key = judgement.key,
        let verified = entry.verify(with: key)
      {
        entries.append(
          HeldEntry(
            logIndex: pulled.logIndex, entry: verified, doubt: KeyDoubt(judgement, of: pulled.station),
            receivedAt: pulled.receivedAt))
      } else {
        core.logger.error(
          "an entry of the centre's log does not verify", metadata: ["logIndex": "\(pulled.logIndex)"])
        unverified.append(pulled.logIndex)
      }
    }
    return (entries, unverified)
  }

  /// Whether the centre holds more of this station's chain than the station. One that has told where its chain ends, and was
  /// not restored since, finds it only when another signs as it does.
  private func goesBeyondOwnChain(_ page: [PulledEntry]) -> Bool {
    let (name, head) = (core.store.identity.keyName, core.store.headPlace)
    return page.contains { pulled in
      guard pulled.station == name, let place = Self.place(of: pulled.entry) else { return false }
      return head < place
    }
  }

  /// Where an entry stands in its chain; nil when its header cannot be read.
  private static func place(of bytes: [UInt8]) -> ChainPlace? {
    do {
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: UnverifiedEntry(bytes: bytes).entry.event)
      return ChainPlace(epoch: header.epoch, seq: header.seq)
    } catch {
      return nil
    }
  }

  /// Which key was good for an entry's place; nil when its header cannot be read or names another station, so that nothing
  /// can verify it.
  private static func judgement(
    of entry: UnverifiedEntry, from station: String, by history: KeyHistory
  ) -> KeyHistory.Judgement? {
    do {
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: entry.entry.event)
      guard "\(header.site)/\(header.station)" == station else { return nil }
      return history.judgement(of: station, at: ChainPlace(epoch: header.epoch, seq: header.seq))
    } catch {
      return nil
    }
  }

  /// Tells of a failure, and how long to leave the centre alone. Throws `CancellationError` when the station stops: that
  /// an exchange was cut short then is no fault of the centre's.
  private func pause(
    after error: any Error, _ backoff: inout SyncBackoff, using random: inout some RandomNumberGenerator
  ) throws -> SyncPause {
    guard !(error is CancellationError), !Task.isCancelled else { throw CancellationError() }
    var retryAfter: Duration?
    if case SyncError.busy(_, let wait) = error { retryAfter = wait }
    let pause = backoff.failed(retryAfter: retryAfter, using: &random)
    // The centre answers, and is not believed: that is told apart from a centre that cannot be reached.
    if error is Distrusted || error is Frozen { return .time(pause) }
    let remedy = (error as? SyncError)?.remedy ?? "The station tries again by itself."
    // One failure is a moment, such as a centre that starts together with the station; the second is an outage.
    if backoff.failures == 2 {
      core.logger.warning("the centre cannot be used", metadata: ["error": "\(error)", "remedy": "\(remedy)"])
      core.live.publish("status", Array(#"{"reached":false}"#.utf8))
    }
    core.sync.failed(at: core.clock.now(), because: "\(error) \(remedy)")
    return .time(pause)
  }
}

/// What the sync waits for before its next turn.
enum SyncPause: Hashable, Sendable {
  /// Nothing: there is more to do.
  case none
  /// So much time; nothing ends it sooner.
  case time(Duration)
  /// Until something is sealed, or a few seconds are over.
  case work
}
