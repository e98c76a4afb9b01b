/// `details` of `bind` and of `unbind`: a mark is added or taken off.
public struct BindDetails: Hashable, Sendable, Codable {
  public var identifier: BoundIdentifier
  /// Why; required for unbind.
  public var reason: String?

  /// A mark added or taken off.
  public init(identifier: BoundIdentifier, reason: String? = nil) {
    self.identifier = identifier
    self.reason = reason
  }
}
