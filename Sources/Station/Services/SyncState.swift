import Custody
import StationStore
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
    /// Why the centre's log is not believed; nil while it is.
    var alarm: LogAlarm?
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

  /// The centre's log is not believed, or believed again.
  func alarmed(_ alarm: LogAlarm?) { state.withLock { $0.alarm = alarm } }

  func failed(at now: Instant, because reason: String) {
    state.withLock { state in
      if state.offlineSince == nil { state.offlineSince = now }
      state.reason = reason
    }
  }
}
