/// `details` of `attach` and of `detach`: the event's asset is fitted in, or taken out of, another.
public struct AttachDetails: Hashable, Sendable, Codable {
  /// What it is fitted in or taken out of.
  public var parent: AssetID
  /// Where in there, such as `bay 2`.
  public var slot: String?
  public var reason: String?

  /// A part fitted or taken out.
  public init(parent: AssetID, slot: String? = nil, reason: String? = nil) {
    self.parent = parent
    self.slot = slot
    self.reason = reason
  }
}
