/// What a smoother has seen. Counters only grow.
public struct TagStatistics: Hashable, Sendable, Codable {
  /// Reads, by the readers' own counts.
  public var reads = 0
  /// Reads that the filter kept out.
  public var filteredReads = 0
  /// Reads of tags for which there was no room.
  public var overflowedReads = 0
  /// Tags that arrived.
  public var arrivals = 0
  /// Tags that had arrived and went.
  public var departures = 0

  /// All zero.
  public init() {}
}
