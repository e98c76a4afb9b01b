extension Role {
  /// As people call it, in the middle of a sentence; files and the API have its raw value.
  public var words: String {
    switch self {
    case .viewer: "viewer"
    case .counter: "counter"
    case .technician: "technician"
    case .disposalOperator: "disposal operator"
    case .validator: "validator"
    case .manager: "manager"
    case .auditor: "auditor"
    case .admin: "admin"
    }
  }
}
