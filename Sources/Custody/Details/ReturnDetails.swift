/// `details` of `return`: an asset comes back. It is taken back by the event's operator.
public struct ReturnDetails: Hashable, Sendable, Codable {
  /// From whom. Filled in by `decide` with the custodian on record when nil.
  public var from: Custodian?
  public var condition: String?
  public var location: LocationCode?
  public var missingAccessories: [String]
  /// Licences to reclaim. Filled in by `decide` from the asset's facts when empty.
  public var licencesToReclaim: [String]
  /// The word of the one who gives it back, where it was asked for.
  public var acknowledgement: Acknowledgement?

  /// Come back.
  public init(
    from: Custodian? = nil, condition: String? = nil, location: LocationCode? = nil, missingAccessories: [String] = [],
    licencesToReclaim: [String] = []
  ) {
    self.from = from
    self.condition = condition
    self.location = location
    self.missingAccessories = missingAccessories
    self.licencesToReclaim = licencesToReclaim
  }
}
