/// One decoded mark of a picture or of a burst of scans. The same data on two faces of a carton is one symbol twice.
public struct CartonSymbol: Hashable, Sendable {
  /// The data bytes, without symbology identifier.
  public let bytes: [UInt8]
  /// AIM symbology identifier such as `]C1`; nil when the device did not tell it.
  public let symbologyIdentifier: String?

  /// A mark.
  public init(_ bytes: some Sequence<UInt8>, symbologyIdentifier: String? = nil) {
    self.bytes = Array(bytes)
    self.symbologyIdentifier = symbologyIdentifier
  }

  /// The bytes as text: UTF-8, or one character a byte where they are not.
  public var text: String {
    String(validating: bytes, as: UTF8.self) ?? String(bytes.map { Character(Unicode.Scalar($0)) })
  }

  /// Letter of the symbology, such as `C` for Code 128; nil when it is not known.
  var symbology: UInt8? {
    guard let symbologyIdentifier else { return nil }
    return symbologyIdentifier.utf8.dropFirst().first
  }

  /// An order of its own, so that results do not depend on the order of the symbols.
  static func precedes(_ left: CartonSymbol, _ right: CartonSymbol) -> Bool {
    if left.bytes != right.bytes { return left.bytes.lexicographicallyPrecedes(right.bytes) }
    return (left.symbologyIdentifier ?? "") < (right.symbologyIdentifier ?? "")
  }
}
