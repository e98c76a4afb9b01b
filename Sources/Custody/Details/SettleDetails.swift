/// `details` of `settle`: people decided what holds where claims disagree. The envelope's `settles` names the same
/// events; the second person, needed for a disposal, is the event's witness. All claims stay in the record.
public struct SettleDetails: Hashable, Sendable, Codable {
  /// The answer to an identity question.
  public enum Identity: String, Hashable, Sendable, Codable, CaseIterable {
    /// One thing, received more than once.
    case same
    /// Two things that carry the same number.
    case different
  }

  public var kind: Discrepancy.Kind
  /// The events that it settles, 1 to 200: an event that is not named is not settled.
  public var claims: [EventID]
  /// The claim that holds: the asset stands where that event left it. Needed where acts contest one another.
  public var holds: EventID?
  /// Needed for an identity question.
  public var identity: Identity?
  public var reason: String

  /// A settlement.
  public init(
    kind: Discrepancy.Kind, claims: [EventID], holds: EventID? = nil, identity: Identity? = nil, reason: String
  ) {
    self.kind = kind
    self.claims = claims
    self.holds = holds
    self.identity = identity
    self.reason = reason
  }
}
