extension LifecycleState {
  /// As it is said in a storeroom, to follow "is".
  public var words: String {
    switch self {
    case .expected: "announced but not received"
    case .inStock: "in stock"
    case .deployed: "handed out"
    case .quarantined: "in quarantine"
    case .inRepair: "in repair"
    case .retired: "retired"
    case .disposed: "disposed of"
    case .inTransit: "in transit"
    case .missing: "missing"
    }
  }

  /// The step that usually comes before any other in this state.
  public var firstStep: String {
    switch self {
    case .expected: "Receive it first."
    case .inStock: "Nothing has to be done to it first: look it up, and choose a step that fits something in stock."
    case .deployed: "Take it back with a return first."
    case .quarantined: "Triage it first."
    case .inRepair: "Take it back from repair first."
    case .retired: "It can be sanitized, shipped or disposed of; if it was retired by mistake, have that corrected."
    case .disposed: "If the record is wrong, have it corrected; if the thing is here, tell your manager."
    case .inTransit: "Book its arrival first."
    case .missing: "Record where it was found first."
    }
  }
}

extension Verb {
  /// As it is said in a storeroom, to follow "cannot be".
  var participle: String {
    switch self {
    case .expect: "announced"
    case .register: "registered"
    case .amend: "amended"
    case .bind: "given a further mark"
    case .unbind: "freed of a mark"
    case .attach: "fitted"
    case .detach: "taken out"
    case .receive: "received"
    case .deploy: "deployed"
    case .transfer: "transferred"
    case .return: "returned"
    case .triage: "triaged"
    case .repairOut: "sent to repair"
    case .repairIn: "taken back from repair"
    case .ship: "shipped"
    case .arrive: "booked as arrived"
    case .retire: "retired"
    case .sanitize: "sanitized"
    case .dispose: "disposed of"
    case .declareMissing: "declared missing"
    case .found: "booked as found"
    case .correct: "corrected"
    case .label: "given a label"
    case .proveLabel: "scanned back"
    case .settle: "settled"
    }
  }
}
