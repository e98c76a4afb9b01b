/// One scan as a scanner in keyboard mode typed it.
public struct ScannedText: Hashable, Sendable {
  /// The text, without the configured prefix and without the terminator.
  public let text: String
  /// Every report of the scan as it came, 8 bytes each, one after the other, from the first key press on.
  public let raw: [UInt8]
  /// The device that typed it.
  public let deviceID: String
  /// Whether a terminator ended the scan. When false, the device fell silent for the inter-key timeout: the text may be
  /// the beginning of a longer one.
  public let terminated: Bool
  /// Whether the transport failed, or sent garbage, within the inter-key timeout before the first key: the beginning of
  /// the text may be missing.
  public let followsFault: Bool
  /// The counters of the device, this scan included.
  public let statistics: WedgeStatistics
}
