import Custody

/// Which assets a page shows.
public struct AssetQuery: Hashable, Sendable {
  /// The beginning of a mark, manufacturer or model.
  public var text: String?
  public var state: LifecycleState?
  /// The last asset of the page before.
  public var after: AssetID?
  /// How many at most.
  public var limit: Int

  /// A page of assets.
  public init(text: String? = nil, state: LifecycleState? = nil, after: AssetID? = nil, limit: Int) {
    self.text = text
    self.state = state
    self.after = after
    self.limit = limit
  }
}

/// How much of what the centre holds.
public struct CentralFigures: Hashable, Sendable {
  public var assets: [LifecycleState: Int]
  /// Entries in the log.
  public var entries: Int64
  /// Entries that are claims of open discrepancies.
  public var contested: Int
  public var quarantined: Int
  public var unsupported: Int
  public var rejected: Int
  public var forks: Int
  public var stations: Int
  /// Open discrepancies.
  public var discrepancies: Int

  /// Figures.
  public init(
    assets: [LifecycleState: Int], entries: Int64, contested: Int, quarantined: Int, unsupported: Int, rejected: Int,
    forks: Int, stations: Int, discrepancies: Int
  ) {
    self.assets = assets
    self.entries = entries
    self.contested = contested
    self.quarantined = quarantined
    self.unsupported = unsupported
    self.rejected = rejected
    self.forks = forks
    self.stations = stations
    self.discrepancies = discrepancies
  }
}
