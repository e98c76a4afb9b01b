import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import Synchronization

/// Gives pushes their places in the log. Pushes that arrive while a commit is under way share the next transaction, and
/// each is answered after the commit that makes it durable. Several processes may do so on one database: whoever holds
/// the counter row sequences, the others wait for it.
final class Sequencer: Sendable {
  private struct Push: Sendable {
    let entries: [CheckedEntry]
    let station: EnrolledStation
    let moment: Instant
    let answer: CheckedContinuation<[PushResult], any Error>
  }

  private struct State {
    var waiting: [Push] = []
    var isDraining = false
    var isClosed = false
  }

  /// At most so many entries share a commit, which bounds how long the first of them waits and how long other processes
  /// do. A push alone may have more.
  private static let largestBatch = 1000

  private let lane: ConnectionLane
  private let state = Mutex(State())

  init(_ address: PostgresAddress) throws(CentralFault) { lane = try ConnectionLane(address, label: "sequencer") }

  /// Admits entries whose signatures have been checked.
  func admit(
    _ entries: [CheckedEntry], from station: EnrolledStation, at moment: Instant
  ) async throws -> [PushResult] {
    try await withCheckedThrowingContinuation { answer in
      enqueue(Push(entries: entries, station: station, moment: moment, answer: answer))
    }
  }

  /// Carries out other work that needs the connection, before or after a commit.
  func run<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
    if state.withLock({ $0.isClosed }) { throw CentralFault.closed }
    return try await lane.run(body)
  }

  /// Takes no more work; gives back once what is under way has ended.
  func close() async {
    state.withLock { $0.isClosed = true }
    await lane.close()
  }

  private func enqueue(_ push: Push) {
    enum Next { case start, wait, refuse }
    let next = state.withLock { state -> Next in
      if state.isClosed { return .refuse }
      state.waiting.append(push)
      if state.isDraining { return .wait }
      state.isDraining = true
      return .start
    }
    switch next {
    case .start: lane.enqueue { self.drain() }
    case .wait: break
    case .refuse: push.answer.resume(throwing: CentralFault.closed)
    }
  }

  private func drain() {
    while true {
      let batch = state.withLock { state -> [Push] in
        var entries = 0
        let batch = Array(
          state.waiting.prefix { push in
            defer { entries += push.entries.count }
            return entries == 0 || entries + push.entries.count <= Self.largestBatch
          })
        state.waiting.removeFirst(batch.count)
        if batch.isEmpty { state.isDraining = false }
        return batch
      }
      if batch.isEmpty { return }
      commit(batch)
    }
  }

  private func commit(_ batch: [Push]) {
    do {
      let results = try lane.perform { connection in
        let ledger = try PostgresAdmission.begin(connection, for: batch.map { ($0.entries, $0.station.name) })
        let results = try batch.map { try ledger.admit($0.entries, from: $0.station, at: $0.moment) }
        try ledger.commit()
        return results
      }
      for (push, results) in zip(batch, results) { push.answer.resume(returning: results) }
    } catch {
      let fault = CentralFault(writing: error)
      // Nothing of it was taken. What one push met must not befall the others; a database that is gone befalls all.
      if batch.count > 1, !fault.isUnavailable {
        for push in batch { commit([push]) }
      } else {
        for push in batch { push.answer.resume(throwing: fault) }
      }
    }
  }
}

extension CentralFault {
  fileprivate var isUnavailable: Bool {
    if case .unavailable = self { true } else { false }
  }
}
