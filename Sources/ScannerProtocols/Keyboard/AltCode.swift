/// A character typed as a number on the keypad while Alt is held, as scanners do to be independent of the country.
///
/// With a leading zero the number is a code of Windows-1252, without one of code page 437, modulo 256. Numbers below 32
/// are control characters in both: a code holds GS (29), never the arrow that code page 437 draws there.
struct AltCode: Hashable, Sendable {
  private var value = 0
  private var digits = 0
  private var leadingZero = false

  /// Takes one digit, 0 to 9.
  mutating func take(_ digit: Int) {
    if digits == 0 { leadingZero = digit == 0 }
    digits += 1
    value = (value * 10 + digit) % 256
  }

  /// The character when Alt is let go, or nil when no digit was typed or the code has no character.
  var character: Unicode.Scalar? {
    guard digits > 0 else { return nil }
    let code = UInt8(value)
    if code < 0x80 { return Unicode.Scalar(code) }
    return leadingZero ? Self.windows1252(code) : Self.codePage437[Int(code) - 0x80]
  }

  /// The digit on a key of the keypad, or nil.
  static func digit(usage: UInt8) -> Int? {
    switch usage {
    case 0x59...0x61: Int(usage) - 0x58
    case 0x62: 0
    default: nil
    }
  }

  private static func windows1252(_ code: UInt8) -> Unicode.Scalar? {
    guard code < 0xA0 else { return Unicode.Scalar(code) }
    let scalar = windows1252High[Int(code) - 0x80]
    return scalar == "\u{FFFD}" ? nil : scalar
  }

  /// 0x80 to 0x9F of Windows-1252 (Unicode's mapping table CP1252.TXT); U+FFFD where there is none.
  private static let windows1252High = Array(
    "€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ".unicodeScalars)

  /// 0x80 to 0xFF of code page 437 (Unicode's mapping table CP437.TXT).
  private static let codePage437 = Array(
    """
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}
    """.unicodeScalars)
}
