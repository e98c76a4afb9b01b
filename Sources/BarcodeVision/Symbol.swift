/// One symbol that was decoded from a picture.
public struct Symbol: Sendable, Equatable {
  /// Its encoding scheme.
  public let symbology: Symbology
  /// What it says: ``raw`` as text.
  ///
  /// FNC1 inside the data is the character GS (U+001D); a leading FNC1 is told by ``symbologyIdentifier`` only. UPC-E
  /// keeps its 8 digits, Codabar its start and stop letters, DataBar its leading AI `01`; an add-on is no part of a product
  /// code. Code 39 that is written as full ASCII is converted, and has the identifier `]A4`.
  public private(set) var text: String
  /// The data bytes as the symbol carries them. For a QR code that declares its character set (ECI), the text in UTF-8.
  public let raw: [UInt8]
  /// The 2 or 5 digits of the add-on symbol beside a product code.
  public var addOn: String?
  /// The AIM symbology identifier of ISO/IEC 15424, such as `]C1`.
  public private(set) var symbologyIdentifier: String
  /// The decoder that read it.
  public let engine: Engine
  /// How often scan lines agreed on this reading, at least 1. QR codes correct their own errors and always have 1.
  public let quality: Int
  /// Where it is, in the upright picture.
  public private(set) var corners: Corners
  /// The view of the frame in which it was read, such as `plain` or `doubledEqualized`.
  public var step = "plain"
  /// From the start of the reading of its frame to this symbol.
  public var elapsed = Duration.zero

  /// Whether a product code needs a second witness in any case: it was found after others had been painted over, and may
  /// be the rest of one, or it was guessed from a blur.
  var isFaint = false

  /// The decoders: zbar, zxing-cpp, and our own for blurred product codes.
  public enum Engine: String, Sendable {
    case zbar, zxing, custody
  }

  /// The symbol with Code 39 text converted to full ASCII, if that is what it is.
  func readingFullASCII() -> Symbol {
    guard symbology == .code39, let bytes = Code39Text.fullASCII(raw) else { return self }
    var symbol = self
    symbol.text = String(decoding: bytes, as: UTF8.self)
    symbol.symbologyIdentifier = "]A4"
    return symbol
  }

  /// The same symbol, elsewhere.
  func replacingCorners(_ corners: Corners) -> Symbol {
    var moved = self
    moved.corners = corners
    return moved
  }

  /// Whether the other is a reading of the same mark: same scheme, same data.
  func agrees(with other: Symbol) -> Bool {
    symbology == other.symbology && raw == other.raw
  }
}
