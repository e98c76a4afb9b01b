/// What one scanner has sent since its device was attached. Counters only grow.
public struct WedgeStatistics: Hashable, Sendable, Codable {
  /// Reports received, good or not.
  public var reports = 0
  /// Reports that were none of a scan's: wrong length, keyboard error, reserved usage, another report ID.
  public var garbageReports = 0
  /// Interruptions of the transport that the adapter told of: a stall, an error on the wire.
  public var interruptions = 0
  /// Characters read.
  public var characters = 0
  /// Key presses for which the layout has no character.
  public var unmappedKeys = 0
  /// Scans handed on.
  public var scans = 0
  /// Scans rejected: too long, damaged, or with keys that have no character.
  public var rejectedScans = 0
  /// Terminators without text before them.
  public var emptyScans = 0

  /// All zero.
  public init() {}
}
