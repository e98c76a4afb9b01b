/// `details` of `dispose`: the confirmation that an asset is gone. The second person is the event's witness.
public struct DisposeDetails: Hashable, Sendable, Codable {
  /// What becomes of it.
  public enum Route: String, Hashable, Sendable, Codable, CaseIterable {
    case recycle, resale, donate, returnToLessor, destroy
  }

  /// The disposal order, in words.
  public var order: String
  public var route: Route
  public var vendor: String?
  /// Vehicle or seal number.
  public var vehicle: String?
  /// Number of the vendor's certificate.
  public var certificate: String?
  /// For a part that went along: what it was fitted in. Filled in by `decide`, and missing on what was disposed of itself.
  public var fittedIn: AssetID?

  /// Gone.
  public init(order: String, route: Route, vendor: String? = nil, vehicle: String? = nil, certificate: String? = nil) {
    self.order = order
    self.route = route
    self.vendor = vendor
    self.vehicle = vehicle
    self.certificate = certificate
  }
}
