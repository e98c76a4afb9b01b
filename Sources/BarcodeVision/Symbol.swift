/// One symbol that was decoded from a picture.
public struct Symbol: Sendable, Equatable {
  /// Its encoding scheme.
  public let symbology: Symbology
  /// What it says: ``raw`` as text.
  ///
  /// FNC1 inside the data is the character GS (U+001D); a leading FNC1 is told by ``symbologyIdentifier`` only. UPC-E
  /// keeps its 8 digits, Codabar its start and stop letters, DataBar its leading AI `01`.
  public let text: String
  /// The data bytes as the symbol carries them. For a QR code that declares its character set (ECI), the text in UTF-8.
  public let raw: [UInt8]
  /// The AIM symbology identifier of ISO/IEC 15424, such as `]C1`.
  public let symbologyIdentifier: String
  /// The decoder that read it.
  public let engine: Engine
  /// How often scan lines agreed on this reading, at least 1. QR codes correct their own errors and always have 1.
  public let quality: Int
  /// Where it is, in the upright picture.
  public let corners: Corners
  /// The view of the frame in which it was read, such as `plain` or `doubledEqualized`.
  public var step = "plain"
  /// From the start of the reading of its frame to this symbol.
  public var elapsed = Duration.zero

  /// The decoders.
  public enum Engine: String, Sendable {
    case zbar, zxing
  }

  /// Whether the other is a reading of the same mark: same scheme, same data.
  func agrees(with other: Symbol) -> Bool {
    symbology == other.symbology && raw == other.raw && symbologyIdentifier == other.symbologyIdentifier
  }
}
