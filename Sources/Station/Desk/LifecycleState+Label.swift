import Custody

extension LifecycleState {
  /// The state in the storeroom's words.
  var label: String {
    switch self {
    case .expected: "Expected"
    case .inStock: "In stock"
    case .deployed: "Deployed"
    case .quarantined: "Quarantined"
    case .inRepair: "In repair"
    case .retired: "Retired"
    case .disposed: "Disposed"
    case .inTransit: "In transit"
    case .missing: "Missing"
    }
  }

  /// The state as a chip.
  var view: StateView { StateView(code: rawValue, label: label) }
}
