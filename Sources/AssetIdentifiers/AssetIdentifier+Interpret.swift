extension AssetIdentifier {
  /// What `text` means, as a scanner or a picture gave it.
  ///
  /// White space and line ends at both ends are the scanner's, not the label's: they are dropped. Within the text GS, RS
  /// and EOT are kept, for GS1 element strings and ISO/IEC 15434 envelopes carry them; other control characters mean a
  /// scanner that is set up wrong.
  /// - Parameters:
  ///   - text: at most ``longestScan`` bytes.
  ///   - symbologyIdentifier: AIM symbology identifier (ISO/IEC 15424), such as `]C1`, when the device told it.
  /// - Throws: ``IdentifierError``, which names the span that is wrong.
  public static func interpret(_ text: String, symbologyIdentifier: String? = nil) throws(IdentifierError)
    -> AssetIdentifier
  {
    if let symbologyIdentifier { try check(symbologyIdentifier: symbologyIdentifier) }
    let whole = text.utf8
    guard whole.count <= longestScan else {
      throw IdentifierError(
        "tooLong", "The scan has \(whole.count) bytes, more than \(longestScan).",
        remedy: "Scan one barcode at a time; if it is one, it is no asset's.", start: longestScan,
        length: whole.count - longestScan)
    }
    guard let first = whole.firstIndex(where: { !isSpace($0) }), let last = whole.lastIndex(where: { !isSpace($0) })
    else {
      throw IdentifierError(
        "empty", "The scan is empty.", remedy: "Scan it again, or clean the label.", start: 0, length: whole.count)
    }
    let bytes = whole[first...last]
    try checkControls(bytes, in: whole)
    if let custody = try custodyCode(bytes, in: whole) { return custody }
    if isTag(bytes) { return .assetTag(String(text[first...last])) }
    if let tag = tagOfURL(bytes) { return .assetTag(tag) }
    return .text(String(text[first...last]))
  }

  private typealias Bytes = Substring.UTF8View

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func checkControls(_ bytes: Bytes, in whole: String.UTF8View) throws(IdentifierError) {
    var offset = -1
    var previous: UInt8 = 0
    for byte in bytes {
      offset += 1
      defer { previous = byte }
      let isC1 = previous == 0xC2 && (0x80...0x9F).contains(byte)
      guard byte < 0x20 || byte == 0x7F || isC1 else { continue }
      if byte == 0x1D || byte == 0x1E || byte == 0x04 { continue }
      throw IdentifierError(
        "controlCharacter", "The scan holds a control character.",
        remedy: "Scan it again; if it stays so, check the scanner's settings.",
        start: whole.distance(from: whole.startIndex, to: bytes.startIndex) + offset - (isC1 ? 1 : 0),
        length: isC1 ? 2 : 1)
    }
  }

  /// Refuses anything but `]`, a letter for the symbology and a digit or letter for its modifier.
  private static func check(symbologyIdentifier text: String) throws(IdentifierError) {
    let bytes = Array(text.utf8.prefix(4))
    guard bytes.count == 3, bytes[0] == UInt8(ascii: "]"), isLetter(bytes[1]), isLetter(bytes[2]) || isDigit(bytes[2])
    else {
      throw IdentifierError(
        "symbologyIdentifier", "What came as symbology identifier is none: it is like ]C1.",
        remedy: "Check the scanner's settings for the AIM prefix.", start: 0, length: text.utf8.count)
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isUppercase(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { isUppercase(byte & 0xDF) }
}
