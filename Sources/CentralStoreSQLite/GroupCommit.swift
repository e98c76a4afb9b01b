import CentralStore
import Dispatch
import GRDB
import Synchronization

/// The one writer. Pushes that arrive while a commit is under way share the next transaction and its fsync; each has a
/// savepoint of its own, and each is answered only after the commit that makes it durable.
final class GroupCommit: Sendable {
  /// Answers a caller: nil after a durable commit, else what befell it.
  private typealias Answer = @Sendable (CentralFault?) -> Void

  private struct Work: Sendable {
    let run: @Sendable (Database, SQLiteAdmission) -> Answer
    let fail: @Sendable (CentralFault) -> Void
  }

  private struct State {
    var waiting: [Work] = []
    var isDraining = false
    var isClosed = false
  }

  /// At most so many pushes share a commit, which bounds how long the first of them waits.
  private static let largestBatch = 16

  private let pool: DatabasePool
  private let author: LogAuthor
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "custody.central.writer", qos: .userInitiated)

  init(_ pool: DatabasePool, author: LogAuthor) {
    self.pool = pool
    self.author = author
  }

  /// Runs `body` in a transaction and gives its value back after the commit. What `body` throws rolls back only its
  /// own writes.
  func submit<Value: Sendable>(
    _ body: @escaping @Sendable (Database, SQLiteAdmission) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
      enqueue(
        Work(
          run: { db, admission in
            do {
              let value = try Self.inSavepoint(db, admission.sequencer) { try body(db, admission) }
              return { fault in
                if let fault { continuation.resume(throwing: fault) } else { continuation.resume(returning: value) }
              }
            } catch {
              return { fault in continuation.resume(throwing: fault ?? CentralFault(writing: error)) }
            }
          },
          fail: { continuation.resume(throwing: $0) }))
    }
  }

  /// Takes no more work; gives back once what is under way has ended.
  func close() async {
    state.withLock { $0.isClosed = true }
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
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
    case .start: queue.async { self.drain() }
    case .wait: break
    case .refuse: work.fail(.closed)
    }
  }

  private func drain() {
    while true {
      let batch = state.withLock { state -> [Work] in
        let batch = Array(state.waiting.prefix(Self.largestBatch))
        state.waiting.removeFirst(batch.count)
        if batch.isEmpty { state.isDraining = false }
        return batch
      }
      if batch.isEmpty { return }
      commit(batch)
    }
  }

  private func commit(_ batch: [Work]) {
    var answers: [Answer] = []
    var fault: CentralFault?
    do {
      try pool.writeWithoutTransaction { db in
        try db.beginTransaction(.immediate)
        // All the batch's entries extend the tree at once, in the transaction that logs them.
        let admission = SQLiteAdmission(db, author: author)
        for work in batch {
          answers.append(work.run(db, admission))
          // SQLite rolls the whole transaction back by itself on a full disk or an I/O error.
          guard db.isInsideTransaction else { throw CentralFault.writeFailed(reason: "SQLite rolled it back") }
        }
        do {
          _ = try admission.sequencer.finish()
          try db.commit()
        } catch {
          if db.isInsideTransaction { try db.rollback() }
          throw error
        }
      }
    } catch {
      fault = CentralFault(writing: error)
    }
    for answer in answers { answer(fault) }
    for work in batch.dropFirst(answers.count) { work.fail(fault ?? .closed) }
  }

  private static func inSavepoint<Value>(
    _ db: Database, _ sequencer: LogSequencer, _ body: () throws -> Value
  ) throws -> Value {
    let mark = sequencer.mark
    try db.cachedStatement(sql: "SAVEPOINT work").execute()
    do {
      let value = try body()
      try db.cachedStatement(sql: "RELEASE work").execute()
      return value
    } catch {
      sequencer.rollBack(to: mark)
      if db.isInsideTransaction {
        try db.cachedStatement(sql: "ROLLBACK TO work").execute()
        try db.cachedStatement(sql: "RELEASE work").execute()
      }
      throw error
    }
  }
}
