import Custody
import StationStore
import Synchronization

/// The desk that this station's scanners belong to: at most one operator, at most one open session.
final class Desk: Sendable {
  private struct State {
    var operatorToken: String?
    var lastOutcome: ScanOutcome?
  }

  /// Name of the desk; sessions in the store carry it.
  let name: String
  private let state = Mutex(State())

  init(name: String = "desk-1") { self.name = name }

  /// Token of the person who signed in last on the desk's page: scanners act for them while it is valid.
  var operatorToken: String? {
    get { state.withLock { $0.operatorToken } }
    set { state.withLock { $0.operatorToken = newValue } }
  }

  /// What the last scan at the desk came to.
  var lastOutcome: ScanOutcome? {
    get { state.withLock { $0.lastOutcome } }
    set { state.withLock { $0.lastOutcome = newValue } }
  }
}
