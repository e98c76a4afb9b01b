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

  /// How long an idle station waits before it looks again, when nothing woke it.
  private static let idle = Duration.seconds(5)
  /// How long it waits once something was sealed: the desk shows a scan first, and what comes in a burst goes together.
  private static let gathering = Duration.milliseconds(50)

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      try await withThrowingTaskGroup(of: Void.self) { group in
        // An alarm outlives the process: it stands until the log has been verified again.
        core.sync.alarmed(try await core.store.read { try $0.logAlarm() })
        group.addTask { try await push() }
        group.addTask { try await pull() }
        group.addTask { try await keepNumbersOfTags() }
        try await group.next()
        group.cancelAll()
      }
    }
  }

  private func push() async throws {
    var backoff = SyncBackoff()
    while !Task.isCancelled {
      do {
        let progressed = try await pushOnce()
        backoff.succeeded()
        if !progressed { await waitForWork() }
      } catch is CancellationError {
        return
      } catch {
        // Stopped in the middle of a request: that is no fault of the centre's.
        if Task.isCancelled { return }
        try await pause(after: error, &backoff)
      }
    }
  }

  /// Sends one batch. Tells whether anything moved, so that the next one follows at once.
  func pushOnce() async throws -> Bool {
    let pending = try await core.store.read {
      try $0.pendingEntries(limit: SyncLimits.pushEntries, maximumBytes: SyncLimits.pushBytes / 2)
    }
    guard let bundle = EntryBundle(prefixOf: try pending.map { try UnverifiedEntry(bytes: $0.bytes) }) else {
      return false
    }
    let answer = try await client.push(bundle)
    core.sync.reached(at: core.clock.now())
    var held: [ClaimedEntry] = []
    var rejected: [Int: String] = [:]
    for (sent, result) in zip(pending, answer.results) {
      if let index = result.logIndex {
        held.append(ClaimedEntry(seq: sent.seq, leaf: .leaf(sent.bytes), logIndex: index))
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
    return !held.isEmpty
  }

  private func waitForWork() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [core] in
        await core.recorded.wait()
        do { try await Task.sleep(for: Self.gathering) } catch {}
      }
      group.addTask {
        // A sleep that is cut short is a sleep that ended.
        do { try await Task.sleep(for: Self.idle) } catch {}
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func pull() async throws {
    var backoff = SyncBackoff()
    var keys: [String: VerifierKey] = [:]
    var askedAgain = false
    var firstPage = true
    while !Task.isCancelled {
      do {
        if !askedAgain {
          try await takeWhatWasLeft(&keys)
          askedAgain = true
        }
        let cursor = try await core.store.read { try $0.pullCursor() } ?? -1
        // The first page is not waited for: it tells at once whether the centre can be reached.
        let page = try await client.pull(after: cursor, wait: firstPage ? .zero : .seconds(20))
        firstPage = false
        core.sync.reached(at: core.clock.now())
        backoff.succeeded()
        guard !page.isEmpty else { continue }
        try await learnKeys(of: page, &keys)
        let (entries, unverified) = try verified(page, by: keys)
        let last = page[page.count - 1].logIndex
        let left = try await core.store.write { transaction in
          for index in unverified { try transaction.leave(index, because: Self.doesNotVerify) }
          return try transaction.admit(entries, upTo: last)
        }
        for reason in left { core.logger.error("left with the centre", metadata: ["reason": "\(reason)"]) }
        core.live.publish("status", Array(#"{"pulled":true}"#.utf8))
      } catch is CancellationError {
        return
      } catch {
        // Stopped in the middle of a request: that is no fault of the centre's.
        if Task.isCancelled { return }
        try await pause(after: error, &backoff)
      }
    }
  }

  private static let doesNotVerify = "its signature does not verify with a key that the centre names"

  /// Asks once more for the entries that had no place here when they came: a newer program may know their type, a centre
  /// that was put right their key.
  private func takeWhatWasLeft(_ keys: inout [String: VerifierKey]) async throws {
    for (index, _) in try await core.store.read({ try $0.leftWithCentre() }) {
      let page = try await client.pull(after: index - 1, limit: 1)
      try await learnKeys(of: page, &keys)
      for entry in try verified(page, by: keys).entries {
        _ = try await core.store.write { try $0.admit(entry) }
      }
    }
  }

  private func learnKeys(of page: [PulledEntry], _ keys: inout [String: VerifierKey]) async throws {
    let unknown = page.contains { Self.keyID(of: $0).map { keys[$0] == nil } ?? false }
    guard unknown else { return }
    let hello = try await client.hello()
    keys = try Self.keys(in: hello)
    // The centre's own statements stand in the log too.
    let log = try await believing { try await trustedLogKey(hello) }
    keys[log.keyID] = log
  }

  /// The entries with their signatures checked, and the places of those that do not verify: they are left out and told,
  /// for the centre should never have admitted them.
  private func verified(
    _ page: [PulledEntry], by keys: [String: VerifierKey]
  ) throws -> (entries: [HeldEntry], unverified: [Int64]) {
    var entries: [HeldEntry] = []
    var unverified: [Int64] = []
    for pulled in page {
      if let key = Self.keyID(of: pulled).flatMap({ keys[$0] }), key.name == pulled.station,
        let entry = try UnverifiedEntry(bytes: pulled.entry).verify(with: key)
      {
        entries.append(HeldEntry(logIndex: pulled.logIndex, entry: entry))
      } else {
        core.logger.error(
          "an entry of the centre's log does not verify", metadata: ["logIndex": "\(pulled.logIndex)"])
        unverified.append(pulled.logIndex)
      }
    }
    return (entries, unverified)
  }

  /// Which key an entry says it is signed by; nil when its header cannot be read, so that nothing can verify it.
  private static func keyID(of pulled: PulledEntry) -> String? {
    do {
      let entry = try UnverifiedEntry(bytes: pulled.entry)
      return try CanonicalDecoder().decode(EntryHeader.self, from: entry.entry.event).keyID
    } catch {
      return nil
    }
  }

  private static func keys(in hello: Hello) throws -> [String: VerifierKey] {
    var keys: [String: VerifierKey] = [:]
    for text in hello.keys ?? [] {
      let key = try VerifierKey(text)
      keys[key.keyID] = key
    }
    return keys
  }

  private func pause(after error: any Error, _ backoff: inout SyncBackoff) async throws {
    // An exchange that was cut short because the station stops says nothing of the centre.
    guard !Task.isCancelled else { return }
    var random = SystemRandomNumberGenerator()
    var retryAfter: Duration?
    if case SyncError.busy(_, let wait) = error { retryAfter = wait }
    let until = backoff.failed(at: .now, retryAfter: retryAfter, using: &random)
    let remedy = (error as? SyncError)?.remedy ?? "The station tries again by itself."
    // The centre answers, and is not believed: that is told apart from a centre that cannot be reached.
    if error is Distrusted {
      do {
        try await Task.sleep(until: until, clock: .continuous)
      } catch {
        // Cancelled while waiting: the loop ends by itself.
      }
      return
    }
    // One failure is a moment, such as a centre that starts together with the station; the second is an outage.
    if backoff.failures == 2 {
      core.logger.warning("the centre cannot be used", metadata: ["error": "\(error)", "remedy": "\(remedy)"])
      core.live.publish("status", Array(#"{"reached":false}"#.utf8))
    }
    core.sync.failed(at: core.clock.now(), because: "\(error) \(remedy)")
    do {
      try await Task.sleep(until: until, clock: .continuous)
    } catch {
      // Cancelled while waiting: the loop ends by itself.
    }
  }
}
