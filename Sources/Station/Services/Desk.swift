import Custody
import StationStore
import Synchronization

/// The desk that this station's scanners belong to: at most one operator, at most one open session.
final class Desk: Sendable {
  private struct State {
    var operatorToken: String?
    var lastOutcome: ScanOutcome?
    var asset: AssetID?
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
    set {
      state.withLock { state in
        state.lastOutcome = newValue
        switch newValue?.result {
        // A label that only changes what the next scan means leaves the asset where it is: before the operator.
        case nil, .context?: break
        default: state.asset = newValue?.asset?.id
        }
      }
    }
  }

  /// The asset that lies on the desk: the one that was scanned last.
  var asset: AssetID? { state.withLock { $0.asset } }

  /// Clears the desk for the next session.
  func clear() {
    state.withLock { state in
      state.lastOutcome = nil
      state.asset = nil
    }
  }
}
