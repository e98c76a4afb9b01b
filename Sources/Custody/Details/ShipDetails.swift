/// `details` of `ship`: an asset leaves with a carrier.
public struct ShipDetails: Hashable, Sendable, Codable {
  public var carrier: String
  public var trackingNumber: String?
  public var sealNumber: String?
  /// Where it goes: a location of ours, or an address or vendor in words.
  public var toLocation: LocationCode?
  public var destination: String?
  /// What travels together.
  public var contents: [AssetID]
  /// The disposal order, when a retired asset leaves for its vendor.
  public var order: String?

  /// Left with a carrier.
  public init(carrier: String, toLocation: LocationCode? = nil, destination: String? = nil, order: String? = nil) {
    self.carrier = carrier
    self.toLocation = toLocation
    self.destination = destination
    self.order = order
    contents = []
  }
}

/// `details` of `arrive`: an asset comes out of transit, to the state it had before.
public struct ArriveDetails: Hashable, Sendable, Codable {
  public var location: LocationCode
  public var sealIntact: Bool?
  public var condition: String?

  /// Arrived at a location.
  public init(location: LocationCode) { self.location = location }
}
