/// `details` of `expect`: an order or ship notice announces an asset.
public struct ExpectDetails: Hashable, Sendable, Codable {
  /// What is announced; needs at least a model.
  public var facts: AssetFacts
  /// Marks that are announced, such as the serial.
  public var identifiers: [BoundIdentifier]
  /// Where it will be received, if known.
  public var location: LocationCode?

  /// An announcement.
  public init(facts: AssetFacts, identifiers: [BoundIdentifier] = [], location: LocationCode? = nil) {
    self.facts = facts
    self.identifiers = identifiers
    self.location = location
  }
}
