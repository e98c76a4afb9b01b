/// `details` of `register`: stock that existed before this system did.
public struct RegisterDetails: Hashable, Sendable, Codable {
  /// Where the declaration comes from.
  public enum Source: Hashable, Sendable, Codable {
    /// A row of an import file: SHA-256 of the file (lowercase hexadecimal) and the row's line number, from 1.
    case file(sha256: String, row: Int)
    /// The operator declares it, for this reason.
    case declared(reason: String)
  }

  public var facts: AssetFacts
  public var identifiers: [BoundIdentifier]
  /// Any but disposed.
  public var state: LifecycleState
  public var custodian: Custodian?
  public var location: LocationCode?
  public var condition: String?
  public var expectedReturn: CalendarDate?
  public var source: Source
  /// For state retired, when a person registers it: a person with the manager role, as for a retirement.
  public var approver: PersonID?

  /// A declaration.
  public init(facts: AssetFacts, identifiers: [BoundIdentifier], state: LifecycleState, source: Source) {
    self.facts = facts
    self.identifiers = identifiers
    self.state = state
    self.source = source
  }
}
