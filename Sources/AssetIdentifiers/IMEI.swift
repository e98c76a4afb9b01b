/// The identity of a mobile device (3GPP TS 23.003 §6.2.1): fourteen digits and a Luhn check digit. The sixteen digits of
/// an IMEISV, which has a software version in place of the check digit, are none.
public struct IMEI: Hashable, Sendable, CustomStringConvertible {
  /// The fifteen digits.
  public let digits: String

  /// Fifteen digits whose check digit holds; nil for anything else.
  public init?(_ text: some Collection<UInt8>) {
    let bytes = Array(text.prefix(16))
    guard bytes.count == 15, bytes.areDigits, Self.checkDigit(bytes.prefix(14)) == bytes[14] else { return nil }
    digits = String(decoding: bytes, as: UTF8.self)
  }

  /// An IMEI as it is printed, its digits apart in groups of two, six, six and one, or of six, two, six and one as until
  /// 2003, by hyphens; nil for anything else.
  init?(grouped text: Bytes) {
    guard text.count == 18 else { return nil }
    let hyphens = text.indices.filter { text[$0] == UInt8(ascii: "-") }.map { $0 - text.startIndex }
    guard hyphens == [2, 9, 16] || hyphens == [6, 9, 16] else { return nil }
    self.init(spaced: text)
  }

  /// An IMEI with single hyphens, slashes, dots or spaces anywhere between its digits; nil for anything else.
  init?(spaced text: Bytes) {
    guard text.count < 30, text.first.map(isDigit) == true, text.last.map(isDigit) == true else { return nil }
    var digits: [UInt8] = []
    var isApart = false
    for byte in text {
      if isDigit(byte) {
        digits.append(byte)
        isApart = false
      } else {
        guard !isApart, "-/. ".utf8.contains(byte) else { return nil }
        isApart = true
      }
    }
    self.init(digits)
  }

  /// Type allocation code: which model it is.
  public var typeAllocationCode: String { String(digits.prefix(8)) }

  /// Whether the first two digits are those of a body that allocates or has allocated (GSMA TS.06). One bare number in
  /// ten has a fitting check digit; this is what tells an IMEI from them.
  public var isOfKnownBody: Bool { Self.bodies.contains(String(digits.prefix(2))) }

  public var description: String { digits }

  private static let bodies: Set<String> = [
    "01", "10", "30", "33", "35", "44", "45", "49", "50", "51", "52", "53", "54", "86", "91", "98", "99",
  ]

  /// Luhn's check digit (ISO/IEC 7812-1 annex B) of decimal digits.
  static func checkDigit(_ digits: some BidirectionalCollection<UInt8>) -> UInt8 {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = Int(digit - 0x30) * (place.isMultiple(of: 2) ? 2 : 1)
      sum += value / 10 + value % 10
    }
    return UInt8(0x30 + (10 - sum % 10) % 10)
  }
}
