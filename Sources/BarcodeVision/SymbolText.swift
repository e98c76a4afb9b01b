import Glibc

/// The text of a symbol's data bytes.
enum SymbolText {
  /// UTF-8 if the bytes are valid UTF-8, else Shift JIS if a QR code may mean it, else ISO/IEC 8859-1.
  ///
  /// ISO/IEC 18004 names 8859-1 the default, but writers put UTF-8 and, for kanji mode, Shift JIS there. Every byte
  /// string is valid 8859-1, so there is always a text; nothing is lost, since the bytes are kept beside it.
  static func decode(_ bytes: [UInt8], symbology: Symbology) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    if symbology == .qr || symbology == .microQR, isShiftJIS(bytes), let text = shiftJIS(bytes) { return text }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// Whether the bytes are well-formed Shift JIS (JIS X 0208 and 0201) that cannot sensibly be 8859-1: either with a
  /// lead byte that is a control character there, or with four half-width kana in a row, which would be four accented
  /// letters.
  private static func isShiftJIS(_ bytes: [UInt8]) -> Bool {
    var index = 0
    var kanaInRow = 0
    var isConvincing = false
    while index < bytes.count {
      let lead = bytes[index]
      switch lead {
      case 0x00...0x7F:
        kanaInRow = 0
        index += 1
      case 0xA1...0xDF:
        kanaInRow += 1
        if kanaInRow >= 4 { isConvincing = true }
        index += 1
      case 0x81...0x9F, 0xE0...0xEF:
        guard index + 1 < bytes.count else { return false }
        let trail = bytes[index + 1]
        guard (0x40...0x7E).contains(trail) || (0x80...0xFC).contains(trail) else { return false }
        if lead <= 0x9F { isConvincing = true }
        kanaInRow = 0
        index += 2
      default: return false
      }
    }
    return isConvincing
  }

  private static func shiftJIS(_ bytes: [UInt8]) -> String? {
    // Not "SHIFT_JIS", which turns a backslash into a yen sign.
    let converter = iconv_open("UTF-8", "CP932")
    // (iconv_t)-1: this system has no such conversion.
    guard converter != iconv_t(bitPattern: -1) else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // A character of two bytes becomes three at most.
    var output = [CChar](repeating: 0, count: bytes.count * 2)
    var outputLeft = output.count
    let failed = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var from = input.baseAddress
        var to = output.baseAddress
        var inputLeft = input.count
        // (size_t)-1: a character that CP932 does not have.
        return Int(bitPattern: UInt(iconv(converter, &from, &inputLeft, &to, &outputLeft))) == -1
      }
    }
    if failed { return nil }
    return String(
      validating: output.dropLast(outputLeft).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
