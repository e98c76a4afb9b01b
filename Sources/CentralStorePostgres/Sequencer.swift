import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import Synchronization

/// Gives pushes their places in the log. Pushes that arrive while a commit is under way share the next transaction, and
/// each is answered after the commit that makes it durable. Several processes may do so on one database: whoever holds
/// the counter row sequences, the others wait for it.
final class Sequencer: Sendable {
  /// Answers a caller: nil after a durable commit, else what befell it.
  private typealias Answer = @Sendable (CentralFault?) -> Void

  private struct Work: Sendable {
    /// What is fetched for it in advance, and from which station it came.
    let entries: [CheckedEntry]
    let station: String
    let run: @Sendable (PostgresAdmission) throws -> Answer
    let fail: @Sendable (CentralFault) -> Void
  }

  private struct State {
    var waiting: [Work] = []
    var isDraining = false
    var isClosed = false
  }

  /// At most so many entries share a commit, which bounds how long the first of them waits, and other processes. A push
  /// alone may have more.
  private static let largestBatch = 1000

  private let lane: ConnectionLane
  let author: LogAuthor
  private let state = Mutex(State())

  init(_ lane: ConnectionLane, author: LogAuthor) {
    self.lane = lane
    self.author = author
  }

  /// Runs `body` in a transaction that others may share, and gives its value back after the commit. What the rules will
  /// ask about `entries` is fetched in advance. `body` may run again in another transaction, when the first was undone.
  func submit<Value: Sendable>(
    _ entries: [CheckedEntry] = [], from station: String = "",
    _ body: @escaping @Sendable (PostgresAdmission) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
      enqueue(
        Work(
          entries: entries, station: station,
          run: { ledger in
            let value = try body(ledger)
            return { fault in
              if let fault { continuation.resume(throwing: fault) } else { continuation.resume(returning: value) }
            }
          },
          fail: { continuation.resume(throwing: $0) }))
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

  private func enqueue(_ work: Work) {
    enum Next { case start, wait, refuse }
    let next = state.withLock { state -> Next in
      if state.isClosed { return .refuse }
      state.waiting.append(work)
      if state.isDraining { return .wait }
      state.isDraining = true
      return .start
    }
    switch next {
    case .start: lane.enqueue { self.drain() }
    case .wait: break
    case .refuse: work.fail(.closed)
    }
  }

  private func drain() {
    while true {
      let batch = state.withLock { state -> [Work] in
        var entries = 0
        let batch = Array(
          state.waiting.prefix { work in
            defer { entries += work.entries.count }
            return entries == 0 || entries + work.entries.count <= Self.largestBatch
          })
        state.waiting.removeFirst(batch.count)
        if batch.isEmpty { state.isDraining = false }
        return batch
      }
      if batch.isEmpty { return }
      commit(batch)
    }
  }

  private func commit(_ batch: [Work]) {
    do {
      let answers = try lane.perform { connection in
        let ledger = try PostgresAdmission.begin(
          connection, author: author, for: batch.map { ($0.entries, $0.station) })
        let answers = try batch.map { try $0.run(ledger) }
        try ledger.commit()
        return answers
      }
      for answer in answers { answer(nil) }
    } catch {
      let fault = CentralFault(writing: error)
      // Nothing of it was taken. What one of them met must not befall the others; a database that is gone befalls all.
      if batch.count > 1, !fault.isUnavailable {
        for work in batch { commit([work]) }
      } else {
        for work in batch { work.fail(fault) }
      }
    }
  }
}

extension CentralFault {
  fileprivate var isUnavailable: Bool {
    if case .unavailable = self { true } else { false }
  }
}
