import Custody

/// An asset as it was recorded when a count was opened, or, of one that was not expected, when it was first seen.
public struct ExpectedAsset: Hashable, Sendable, Codable {
  public let asset: AssetID
  /// State, custodian and location in the records.
  public let standing: Standing

  /// An asset as it is recorded.
  public init(asset: AssetID, standing: Standing) {
    self.asset = asset
    self.standing = standing
  }

  /// States of which a count expects to see the thing: it is in known hands, and not on its way. What is in repair is expected
  /// only where a place is recorded for it, since a vendor's bench is not ours to count.
  public static func isCountable(_ standing: Standing) -> Bool {
    LifecycleState.held.contains(standing.state) && (standing.state != .inRepair || standing.location != nil)
  }
}
