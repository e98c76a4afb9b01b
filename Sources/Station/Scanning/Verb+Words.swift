import Custody

/// How a verb is said at the desk.
struct VerbWords: Sendable {
  /// On a button: `Receive`.
  let imperative: String
  /// When it is done: `Received`.
  let done: String
}

extension Verb {
  /// Name of its icon in the page's sprite.
  var icon: String { rawValue }

  /// The storeroom's words for a verb.
  var words: VerbWords {
    switch self {
    case .expect: VerbWords(imperative: "Announce", done: "Announced")
    case .register: VerbWords(imperative: "Register", done: "Registered")
    case .amend: VerbWords(imperative: "Amend", done: "Amended")
    case .bind: VerbWords(imperative: "Bind mark", done: "Mark bound")
    case .unbind: VerbWords(imperative: "Unbind mark", done: "Mark unbound")
    case .attach: VerbWords(imperative: "Fit in", done: "Fitted in")
    case .detach: VerbWords(imperative: "Take out", done: "Taken out")
    case .receive: VerbWords(imperative: "Receive", done: "Received")
    case .deploy: VerbWords(imperative: "Deploy", done: "Deployed")
    case .transfer: VerbWords(imperative: "Transfer", done: "Transferred")
    case .return: VerbWords(imperative: "Return", done: "Returned")
    case .triage: VerbWords(imperative: "Triage", done: "Triaged")
    case .repairOut: VerbWords(imperative: "To repair", done: "Gone to repair")
    case .repairIn: VerbWords(imperative: "From repair", done: "Back from repair")
    case .ship: VerbWords(imperative: "Ship", done: "Shipped")
    case .arrive: VerbWords(imperative: "Arrive", done: "Arrived")
    case .retire: VerbWords(imperative: "Retire", done: "Retired")
    case .sanitize: VerbWords(imperative: "Sanitize", done: "Sanitized")
    case .dispose: VerbWords(imperative: "Dispose", done: "Disposed")
    case .declareMissing: VerbWords(imperative: "Declare missing", done: "Declared missing")
    case .found: VerbWords(imperative: "Found", done: "Found")
    case .correct: VerbWords(imperative: "Correct", done: "Taken back")
    case .settle: VerbWords(imperative: "Settle", done: "Settled")
    case .label: VerbWords(imperative: "Print label", done: "Label printed")
    case .proveLabel: VerbWords(imperative: "Scan label back", done: "Label proved")
    }
  }
}
