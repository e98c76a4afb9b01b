/// An AIM symbology identifier (ISO/IEC 15424): `]`, a letter for the symbology, and a modifier that says how the data is
/// to be taken.
public struct SymbologyIdentifier: Hashable, Sendable, CustomStringConvertible {
  /// The symbology's letter, such as `C` for Code 128.
  public let symbology: UInt8
  /// The modifier, a digit or a letter.
  public let modifier: UInt8

  /// - Parameter bytes: three bytes, such as `]C1`.
  /// - Throws: ``IdentifierError`` with the code `identifier.symbologyIdentifier`, also for a letter or a modifier that is
  ///   not assigned; its span lies in `bytes`.
  public init(_ bytes: some Collection<UInt8>) throws(IdentifierError) {
    let head = Array(bytes.prefix(4))
    func fault(_ sentence: String, _ start: Int, _ length: Int) -> IdentifierError {
      IdentifierError(
        "symbologyIdentifier", sentence, remedy: "Check the scanner's settings for the AIM prefix.", start: start,
        length: length)
    }
    guard head.count == 3, head[0] == UInt8(ascii: "]"), isLetter(head[1]), isDigit(head[2]) || isLetter(head[2]) else {
      throw fault("What came as symbology identifier is none: it is like ]C1.", 0, bytes.count)
    }
    let shown = String(decoding: head, as: UTF8.self)
    guard let modifiers = Self.modifiers(of: head[1]) else {
      throw fault("The letter of \(shown) stands for no symbology.", 1, 1)
    }
    guard modifiers.utf8.contains(head[2]) else {
      throw fault("The symbology of \(shown) has no such modifier; it has \(modifiers).", 2, 1)
    }
    symbology = head[1]
    modifier = head[2]
  }

  /// The modifiers of a symbology; nil for a letter that is not assigned. All hexadecimal digits where modifiers tell of
  /// check digits and full ASCII only: there scanners stray from the standard, and the data is the same. Where a modifier
  /// tells how the data is to be read, one that is not assigned leaves that open.
  private static func modifiers(of letter: UInt8) -> String? {
    switch letter {
    // Code 128; EAN and UPC; DataBar and composites; QR.
    case "C": "0124"
    case "E": "01234"
    case "e": "0123"
    case "Q": "0123456"
    // Data Matrix, of which 7 to C are its rectangular extension (ISO/IEC 21471); DotCode; PDF417 and MicroPDF417.
    case "d": "0123456789ABC"
    case "J", "L": "012345"
    // Aztec, of which C is its rune; MaxiCode; Code 16K; Code 49; Codablock.
    case "z": "0123456789ABC"
    case "U": "0123"
    case "K": "0124"
    case "T": "01245"
    case "O": "01456"
    // Code 93 says in it how many characters follow.
    case "G": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
    // Code 39, Telepen, Code One, Codabar, Code 11, ITF, MSI, Anker, Plessey, straight 2 of 5, other, no barcode, channel
    // code, Grid Matrix, Han Xin, OCR, PosiCode, SuperCode, and two that scanners use.
    case "A", "B", "D", "F", "H", "I", "M", "N", "P", "R", "S", "X", "Z", "c", "g", "h", "i", "o", "p", "s", "x":
      "0123456789ABCDEFabcdef"
    default: nil
    }
  }

  public var description: String { String(decoding: [UInt8(ascii: "]"), symbology, modifier], as: UTF8.self) }

  /// What the data of such a symbol is.
  enum Carrying {
    /// GS1 element strings: FNC1 stood first. With `eci`, `\` and six digits may stand before them.
    case elementStrings(eci: Bool)
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
    // GS1's own carriers: GS1-128, DataBar and composites, Data Matrix, QR, DotCode.
    case ("C", "1"), ("e", "0"), ("d", "2"), ("Q", "3"), ("J", "1"): .elementStrings(eci: false)
    // Symbols in which FNC1 first means the same: Aztec, rectangular Data Matrix, MicroPDF417, Code 16K, Code 49, Code One,
    // Codablock.
    case ("z", "1"), ("d", "8"), ("L", "3"), ("K", "1"), ("T", "1"), ("D", "1"), ("O", "1"), ("O", "5"):
      .elementStrings(eci: false)
    case ("Q", "4"), ("d", "5"), ("d", "B"), ("J", "4"), ("z", "4"): .elementStrings(eci: true)
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
