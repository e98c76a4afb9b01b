extension ElementString {
  /// The GTIN of an EAN-13, UPC-A, UPC-E or EAN-8 symbol, padded with zeros to fourteen digits; with its composite
  /// component, if one follows behind `|]e0`.
  /// - Parameter digits: 13 or 8, as the symbology identifier says. Scanners also hand UPC-A over as twelve digits and
  ///   UPC-E as the eight that are printed.
  init(gtin bytes: Bytes, digits: Int, isWholeItem: Bool) throws(IdentifierError) {
    let bar = bytes.firstIndex(of: UInt8(ascii: "|")) ?? bytes.endIndex
    var reader = ElementReader()
    try reader.readGTIN(bytes[..<bar], digits: digits)
    if bar < bytes.endIndex {
      guard bytes[bar...].starts(with: "|]e0") else {
        throw IdentifierError(
          "gs1.composite", "What follows the bar is no composite component: it begins with ]e0.",
          remedy: ElementReader.remedy, start: bar, length: bytes.endIndex - bar)
      }
      try reader.read(concatenated: bytes.dropFirst(bar - bytes.startIndex + 4))
    }
    try reader.checkPairing(isWholeItem: isWholeItem)
    self.init(reader.elements, carrier: .eanUPC(addOn: nil))
  }

  /// The GTIN of an EAN or UPC symbol with an add-on of two or five digits, which is no part of the GTIN.
  init(gtinWithAddOn bytes: Bytes) throws(IdentifierError) {
    let counts = [(13, 5), (13, 2), (12, 5), (12, 2), (8, 5), (8, 2)]
    guard bytes.areDigits, let (digits, addOn) = counts.first(where: { $0.0 + $0.1 == bytes.count }) else {
      throw IdentifierError(
        "gs1.addOn", "An EAN or UPC number with its add-on has 15 or 18 digits.", remedy: ElementReader.remedy,
        start: bytes.startIndex, length: bytes.count)
    }
    var reader = ElementReader()
    try reader.readGTIN(bytes.prefix(digits), digits: digits == 12 ? 13 : digits)
    self.init(reader.elements, carrier: .eanUPC(addOn: bytes.suffix(addOn).text))
  }

  /// The UPC-A number of the eight digits of a UPC-E symbol (ISO/IEC 15420 §4.3.4); nil when they are none.
  static func expandedUPCE(_ digits: [UInt8]) -> [UInt8]? {
    guard digits[0] == 0x30 || digits[0] == 0x31 else { return nil }
    let body: [UInt8] =
      switch digits[6] {
      case 0x30...0x32: Array(digits[1...2]) + [digits[6]] + ElementReader.zeros(4) + digits[3...5]
      case 0x33: Array(digits[1...3]) + ElementReader.zeros(5) + digits[4...5]
      case 0x34: Array(digits[1...4]) + ElementReader.zeros(5) + digits[5...5]
      default: Array(digits[1...5]) + ElementReader.zeros(4) + digits[6...6]
      }
    return [digits[0]] + body + [digits[7]]
  }
}

extension ElementReader {
  fileprivate mutating func readGTIN(_ bytes: Bytes, digits: Int) throws(IdentifierError) {
    var number = Array(bytes)
    guard number.areDigits, number.count == digits || (digits == 13 && (number.count == 12 || number.count == 8)) else {
      throw IdentifierError(
        "gs1.gtin", "The symbol must hold \(digits) digits; it has \(number.count) characters.", remedy: Self.remedy,
        start: bytes.startIndex, length: bytes.count)
    }
    if digits == 13, number.count == 8, let long = ElementString.expandedUPCE(number) { number = long }
    guard let row = ApplicationIdentifierTable.standard.row(of: "01") else { return }
    let padded = Self.zeros(14 - number.count) + number
    let last = bytes.endIndex - 1
    guard ValueCheck.checkDigit(padded[...]) == nil else {
      throw IdentifierError(
        "gs1.value", "(01) GTIN: The check digit does not fit.", remedy: Self.remedy, start: last, length: 1)
    }
    // The zeros stand nowhere, and what a UPC-E leaves out neither: all of it is the whole symbol's.
    let places = [Int](repeating: bytes.startIndex, count: padded.count) + [bytes.endIndex]
    try append("01", row, padded[...], span: bytes.startIndex..<bytes.endIndex, places: places)
  }

  fileprivate static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x30, count: count) }
}
