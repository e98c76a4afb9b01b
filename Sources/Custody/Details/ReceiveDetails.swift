/// `details` of `receive`: an asset is taken in. A new one needs a tag or serial and a model.
public struct ReceiveDetails: Hashable, Sendable, Codable {
  /// What is newly known; overlays what was announced.
  public var facts: AssetFacts
  /// Marks that were scanned on it and are not bound yet.
  public var identifiers: [BoundIdentifier]
  /// Where it was put.
  public var location: LocationCode
  public var condition: String?
  /// Why there is no order line; required when neither the asset nor `facts` names one.
  public var blindReason: String?

  /// Taken in at a location.
  public init(
    location: LocationCode, facts: AssetFacts = AssetFacts(), identifiers: [BoundIdentifier] = [],
    condition: String? = nil, blindReason: String? = nil
  ) {
    self.location = location
    self.facts = facts
    self.identifiers = identifiers
    self.condition = condition
    self.blindReason = blindReason
  }
}
