/// An AIM symbology identifier (ISO/IEC 15424): `]`, a letter for the symbology, and a modifier that says how the data is
/// to be taken.
public struct SymbologyIdentifier: Hashable, Sendable, CustomStringConvertible {
  /// The symbology's letter, such as `C` for Code 128.
  public let symbology: UInt8
  /// The modifier, a digit or a hexadecimal letter.
  public let modifier: UInt8

  /// - Parameter bytes: three bytes, such as `]C1`.
  /// - Throws: ``IdentifierError`` with the code `identifier.symbologyIdentifier`; its span lies in `bytes`.
  public init(_ bytes: some Collection<UInt8>) throws(IdentifierError) {
    let head = Array(bytes.prefix(4))
    guard head.count == 3, head[0] == UInt8(ascii: "]"), Self.letters.contains(head[1]),
      isDigit(head[2]) || isHexadecimalLetter(head[2])
    else {
      throw IdentifierError(
        "symbologyIdentifier", "What came as symbology identifier is none: it is like ]C1.",
        remedy: "Check the scanner's settings for the AIM prefix.", start: 0, length: bytes.count)
    }
    symbology = head[1]
    modifier = head[2]
  }

  /// The letters that AIM has assigned. `]X`, other, and `]Z`, no barcode, are among them.
  private static let letters = Set("ABCDEFGHIJKLMNOPQRSTUXZcdeghiopsxz".utf8)

  public var description: String { String(decoding: [UInt8(ascii: "]"), symbology, modifier], as: UTF8.self) }

  /// What the data of such a symbol is.
  enum Carrying {
    /// GS1 element strings: FNC1 stood first.
    case elementStrings
    /// A whole EAN or UPC number of so many digits.
    case gtin(digits: Int)
    /// An EAN-13, UPC-A or UPC-E number and its two or five digit add-on.
    case gtinWithAddOn
    /// The add-on alone.
    case addOn(digits: Int)
    /// Anything.
    case plain
  }

  var carrying: Carrying {
    switch (symbology, modifier) {
    // GS1-128; DataBar and composites; Data Matrix; QR; DotCode. The last two are QR and Data Matrix with FNC1 first and
    // ECI.
    case ("C", "1"), ("e", "0"), ("d", "2"), ("Q", "3"), ("J", "1"), ("Q", "4"), ("d", "5"): .elementStrings
    case ("E", "0"): .gtin(digits: 13)
    case ("E", "1"): .addOn(digits: 2)
    case ("E", "2"): .addOn(digits: 5)
    case ("E", "3"): .gtinWithAddOn
    case ("E", "4"): .gtin(digits: 8)
    default: .plain
    }
  }
}

private func ~= (character: Unicode.Scalar, byte: UInt8) -> Bool { character.value == UInt32(byte) }
