/// One scan as a scanner handed it over: typed by a keyboard wedge, in HID POS reports, or as bytes of a serial line.
public struct ScannedText: Hashable, Sendable {
  /// The text, without the configured prefix and without the terminator.
  public let text: String
  /// The AIM symbology identifier, such as `]C1`, where the scanner says it apart from the text.
  public internal(set) var symbologyIdentifier: String?
  /// The maker's own code for the symbology (Honeywell), where the scanner says it.
  public internal(set) var vendorSymbology: UInt8?
  /// Every report of the scan as it came, one after the other, from the first key press on; of a serial line, its bytes.
  public let raw: [UInt8]
  /// The device that sent it.
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
