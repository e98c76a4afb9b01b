import Custody
import StationStore

extension ScanFlow {
  /// To whom something was handed out or passed on, one sentence; nil where nobody else has it now.
  func newHolder(said events: [CustodyEvent]) throws -> String? {
    let presenter = AssetPresenter(snapshot: transaction, moments: Moments(clock: transaction.clock))
    switch events.first?.details {
    case .deploy(let details): return try presenter.name(details.recipient).map { "Handed out to \($0)." }
    case .transfer(let details): return try presenter.name(details.custodian).map { "Passed on to \($0)." }
    default: return nil
    }
  }
}

extension WorkSession {
  /// Whether things are handed out and nobody is named yet who gets them.
  var waitsForRecipient: Bool { workflow == .deploy && details[path: "recipient"] == nil }

  /// What is to be done then.
  static let whoGetsIt = "Scan the badge of who gets it, or choose the person, team or place."
}
