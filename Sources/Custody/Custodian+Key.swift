extension Custodian {
  /// How a custodian stands in the projection's column: `person:…`, `team:…` or `place:…`.
  public var key: String {
    switch self {
    case .person(let person): "person:\(person)"
    case .team(let team): "team:\(team)"
    case .place(let place): "place:\(place)"
    }
  }
}
