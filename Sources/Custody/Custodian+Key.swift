extension Custodian {
  /// How a custodian stands in the projection's column: `person:…`, `team:…` or `place:…`.
  public var key: String {
    switch self {
    case .person(let person): "person:\(person)"
    case .team(let team): "team:\(team)"
    case .place(let place): "place:\(place)"
    }
  }

  /// Reads what `key` writes; nil for anything else.
  public init?(key: String) {
    guard let colon = key.firstIndex(of: ":") else { return nil }
    let rest = String(key[key.index(after: colon)...])
    switch key[..<colon] {
    case "person":
      guard let person = PersonID(rest) else { return nil }
      self = .person(person)
    case "team": self = .team(rest)
    case "place":
      guard let place = LocationCode(rest) else { return nil }
      self = .place(place)
    default: return nil
    }
  }
}
