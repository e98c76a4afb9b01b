/// `details` of `amend`: facts are changed, old and new side by side. Identity is changed by bind and unbind only.
/// Loosening a wipe gate (data-bearing to false, media taken off the list, legal hold lifted) needs a manager.
public struct AmendDetails: Hashable, Sendable, Codable {
  /// The facts that are set; a fact that is nil here stays as it is.
  public var set: AssetFacts
  /// The old values of just the facts that are set (nil where there was none). Filled in by `decide`.
  public var was: AssetFacts?
  public var reason: String

  /// A change of facts.
  public init(set: AssetFacts, reason: String) {
    self.set = set
    self.reason = reason
  }
}
