import Custody
import Synchronization

/// What the station knows of its centre.
final class SyncState: Sendable {
  /// How it stands with the centre.
  struct Snapshot: Sendable {
    /// When the centre last answered; nil when it never did since the start.
    var lastContact: Instant?
    /// Since when it cannot be reached, and why; nil while it can.
    var offlineSince: Instant?
    var reason: String?
    /// Entries that the centre does not admit, with its words; empty when all is well.
    var rejected: [Int: String] = [:]
  }

  private let state = Mutex(Snapshot())

  var snapshot: Snapshot { state.withLock { $0 } }

  func reached(at now: Instant) {
    state.withLock { state in
      state.lastContact = now
      state.offlineSince = nil
      state.reason = nil
    }
  }

  func rejected(_ rejected: [Int: String]) { state.withLock { $0.rejected = rejected } }

  func failed(at now: Instant, because reason: String) {
    state.withLock { state in
      if state.offlineSince == nil { state.offlineSince = now }
      state.reason = reason
    }
  }
}
