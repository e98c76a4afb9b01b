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
    /// Why the centre refuses this station itself; nil while it does not.
    var refused: StationAlarm?
    /// Whether the centre is to be told where the chain ends before anything is sent: at the start, and after every failure.
    var owesGreeting = true
    /// Whether what was left with the centre is to be asked for again.
    var asksAgain = false
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

  /// The centre refuses this station, or takes again what it sends.
  func refused(_ alarm: StationAlarm?) { state.withLock { $0.refused = alarm } }

  /// The centre is to be greeted before the next push, or has been.
  func owesGreeting(_ owes: Bool) { state.withLock { $0.owesGreeting = owes } }

  /// An epoch was begun: entries may have their place now.
  func asksAgain(_ asks: Bool) { state.withLock { $0.asksAgain = asks } }

  func failed(at now: Instant, because reason: String) {
    state.withLock { state in
      if state.offlineSince == nil { state.offlineSince = now }
      state.reason = reason
    }
  }
}
