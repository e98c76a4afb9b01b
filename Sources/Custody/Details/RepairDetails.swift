/// `details` of `repairOut`: an asset goes to repair.
public struct RepairOutDetails: Hashable, Sendable, Codable {
  public var vendor: String
  /// The vendor's return number.
  public var rma: String?
  /// What the custodian got meanwhile.
  public var loanedReplacement: AssetID?
  /// Whether its media go along.
  public var mediaPresent: Bool
  public var location: LocationCode?

  /// Gone to repair.
  public init(vendor: String, mediaPresent: Bool, rma: String? = nil) {
    self.vendor = vendor
    self.mediaPresent = mediaPresent
    self.rma = rma
  }
}

/// `details` of `repairIn`: an asset comes back from repair, to quarantine.
public struct RepairInDetails: Hashable, Sendable, Codable {
  /// What the vendor did.
  public var outcome: String
  public var condition: String?
  public var location: LocationCode?
  /// Media that the vendor took out, by serial, and put in.
  public var mediaRemoved: [String]
  public var mediaAdded: [Medium]

  /// Back from repair.
  public init(outcome: String, mediaRemoved: [String] = [], mediaAdded: [Medium] = []) {
    self.outcome = outcome
    self.mediaRemoved = mediaRemoved
    self.mediaAdded = mediaAdded
  }
}
