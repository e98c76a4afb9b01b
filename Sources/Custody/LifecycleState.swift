/// Where an asset is in its life. The arrows between the states stand in ``LifecycleTable``.
public enum LifecycleState: String, Hashable, Sendable, Codable, CaseIterable {
  /// Announced by an order or ship notice; nobody has seen it yet.
  case expected
  /// On our shelf, ready to hand out.
  case inStock
  /// With its custodian.
  case deployed
  /// Came back; what it holds and what it is worth are not known yet.
  case quarantined
  /// At a repair vendor or on the bench.
  case inRepair
  /// Out of service for good, awaiting disposal.
  case retired
  /// Gone. Terminal but for a correction.
  case disposed
  /// Between two places, in a carrier's hands.
  case inTransit
  /// Nobody knows where it is.
  case missing

  /// States in which the asset itself is in known hands, so that it can be shipped or have parts fitted.
  public static let held: Set<LifecycleState> = [.inStock, .deployed, .quarantined, .inRepair, .retired]
}
