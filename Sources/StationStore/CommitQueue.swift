import Dispatch
import GRDB
import Synchronization

/// The one writer. Work that arrives while a commit is under way is gathered into the next transaction, so that
/// several desks share one fsync; each piece of work stands in its own savepoint and is answered only after the
/// commit that makes it durable.
final class CommitQueue: Sendable {
  /// Answers the caller: nil after a durable commit, else what befell it.
  typealias Answer = @Sendable (StoreFault?) -> Void

  /// One caller's piece of work.
  struct Work: Sendable {
    /// Runs inside the transaction; gives back how to answer once the commit's fate is known.
    let run: @Sendable (StoreTransaction) -> Answer
    /// Answers when there was no transaction to run in.
    let fail: @Sendable (StoreFault) -> Void
  }

  private struct State {
    var waiting: [Work] = []
    var isDraining = false
    var closed = false
    /// Told once the last piece of work is answered, when somebody waits for that to close.
    var idle: DispatchSemaphore?
  }

  /// At most so many pieces of work share a commit, which bounds how long the first of them waits.
  private static let largestBatch = 64

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "custody.store.writer", qos: .userInitiated)
  private let writer: LedgerWriter

  init(_ writer: LedgerWriter) { self.writer = writer }

  /// Runs `body` in a transaction and gives its value back after the commit. What `body` throws rolls back only its
  /// own writes.
  func submit<Value: Sendable>(
    urgent: Bool, _ body: @escaping @Sendable (StoreTransaction) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
      enqueue(
        urgent: urgent,
        Work(
          run: { transaction in
            // What others did in this commit is not this one's.
            transaction.knownFollowUps = []
            do {
              let value = try transaction.inSavepoint { try body(transaction) }
              return { fault in
                if let fault { continuation.resume(throwing: fault) } else { continuation.resume(returning: value) }
              }
            } catch {
              return { fault in continuation.resume(throwing: fault ?? error) }
            }
          },
          fail: { fault in continuation.resume(throwing: fault) }))
    }
  }

  /// Takes no more work, and waits until all that was taken is answered, on whichever thread it is written.
  func close() {
    let idle = state.withLock { state -> DispatchSemaphore? in
      state.closed = true
      guard state.isDraining else { return nil }
      let idle = state.idle ?? DispatchSemaphore(value: 0)
      state.idle = idle
      return idle
    }
    idle?.wait()
    // For the next who waits.
    idle?.signal()
  }

  private func enqueue(urgent: Bool, _ work: Work) {
    enum Next { case start, wait, refuse }
    let next = state.withLock { state -> Next in
      if state.closed { return .refuse }
      state.waiting.append(work)
      if state.isDraining { return .wait }
      state.isDraining = true
      return .start
    }
    switch next {
    // Nobody else writes: urgent work is written right here, which spares a lone desk two changes of thread. It is one
    // commit long at most; whatever has gathered meanwhile is the queue's.
    case .start: if !urgent || commitNext() { queue.async { while self.commitNext() {} } }
    case .wait: break
    case .refuse: work.fail(.closed)
    }
  }

  /// Commits what waits, up to the largest batch. Tells whether more waits; when not, the turn is given up.
  private func commitNext() -> Bool {
    let batch = state.withLock { state -> [Work] in
      let batch = Array(state.waiting.prefix(Self.largestBatch))
      state.waiting.removeFirst(batch.count)
      return batch
    }
    writer.commit(batch)
    return state.withLock { state in
      state.isDraining = !state.waiting.isEmpty
      if !state.isDraining { state.idle?.signal() }
      return state.isDraining
    }
  }
}
