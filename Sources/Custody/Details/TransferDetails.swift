/// `details` of `transfer`: custodian or location change, the state stays. At least one of the two is named.
public struct TransferDetails: Hashable, Sendable, Codable {
  /// The new custodian; nil leaves it. Only a deployed asset has one.
  public var custodian: Custodian?
  /// The new location; nil leaves it.
  public var location: LocationCode?
  /// Of the people on both sides; the new custodian's is required when it is a person.
  public var acknowledgements: [Acknowledgement]
  public var reason: String?

  /// A change of custodian or location.
  public init(
    custodian: Custodian? = nil, location: LocationCode? = nil, acknowledgements: [Acknowledgement] = [],
    reason: String? = nil
  ) {
    self.custodian = custodian
    self.location = location
    self.acknowledgements = acknowledgements
    self.reason = reason
  }
}
