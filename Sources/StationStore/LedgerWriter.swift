import Custody
import Dispatch
import GRDB
import Synchronization
import TamperEvidence

/// Runs batches of work in one durable transaction each, and keeps the end of the chain.
final class LedgerWriter: Sendable {
  private struct State {
    var head: ChainEnd
    var seen: SeenCheckpoint?
    var sealing: Sealing
    /// Why nothing can be recorded, and when that was last tried.
    var readOnly: (reason: String, triedAt: DispatchTime)?
  }

  private let pool: DatabasePool
  private let state: Mutex<State>
  private let retryAfter: DispatchTimeInterval

  init(pool: DatabasePool, sealing: Sealing, head: ChainEnd, seen: SeenCheckpoint?, retryAfter: DispatchTimeInterval) {
    self.pool = pool
    self.retryAfter = retryAfter
    state = Mutex(State(head: head, seen: seen, sealing: sealing, readOnly: nil))
  }

  /// Why nothing can be recorded at present; nil when all is well.
  var readOnlyReason: String? { state.withLock { $0.readOnly?.reason } }

  /// The end of the station's chain, as committed.
  var head: ChainEnd { state.withLock { $0.head } }

  /// What others verify by what is sealed from now on.
  var verifierKey: VerifierKey { state.withLock { $0.sealing.key.verifierKey } }

  /// Runs the batch in one transaction and answers every piece after its commit. Called from one queue only.
  func commit(_ batch: [CommitQueue.Work]) {
    if let readOnly = state.withLock({ $0.readOnly }), DispatchTime.now() < readOnly.triedAt + retryAfter {
      for work in batch { work.fail(.readOnly(reason: readOnly.reason)) }
      return
    }
    var answers: [CommitQueue.Answer] = []
    var fault: StoreFault?
    do {
      let (head, seen, sealing) = try pool.writeWithoutTransaction { db in
        try db.beginTransaction(.immediate)
        let (head, seen, sealing) = state.withLock { ($0.head, $0.seen, $0.sealing) }
        let transaction = StoreTransaction(db: db, sealing: sealing, head: head, seen: seen)
        for work in batch {
          answers.append(work.run(transaction))
          // SQLite rolls the whole transaction back by itself on a full disk or an I/O error.
          guard db.isInsideTransaction else { throw StoreFault.readOnly(reason: transaction.lastFailure) }
        }
        do {
          try db.commit()
        } catch {
          if db.isInsideTransaction { try db.rollback() }
          throw error
        }
        return (transaction.head, transaction.seen, transaction.sealing)
      }
      state.withLock {
        $0.head = head
        $0.seen = seen
        $0.sealing = sealing
        $0.readOnly = nil
      }
    } catch {
      let reason = (error as? StoreFault).map(Self.reason) ?? "\(error)"
      fault = .readOnly(reason: reason)
      state.withLock { $0.readOnly = (reason, .now()) }
    }
    for answer in answers { answer(fault) }
    for work in batch.dropFirst(answers.count) { work.fail(fault ?? .closed) }
  }

  private static func reason(of fault: StoreFault) -> String {
    if case .readOnly(let reason) = fault { return reason }
    return fault.description
  }
}
