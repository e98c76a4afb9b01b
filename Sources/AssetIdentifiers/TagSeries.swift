/// How asset tags are numbered: `AT-00042`, and with a check digit `AT-000422`.
///
///     tag = letters "-" digits [check]      ; letters 2 to 4 capitals, digits padded with zeros
///
/// The check digit is Luhn's (ISO/IEC 7812-1, annex B) over the digits alone: it finds every single wrong digit and
/// nearly every swapped pair. ``text(of:)`` and ``number(in:)`` are inverse to each other.
public struct TagSeries: Hashable, Sendable {
  /// The letters before the hyphen.
  public let letters: String
  /// How many digits a number is padded to, 5 to 12, without the check digit.
  public let digits: Int
  /// Whether a check digit follows.
  public let hasCheckDigit: Bool

  /// `AT-00001` to `AT-99999`, without check digit.
  public static let standard = TagSeries()

  private init() {
    letters = "AT"
    digits = 5
    hasCheckDigit = false
  }

  /// A series; nil when the letters are not 2 to 4 capitals, or the digits not 5 to 12.
  public init?(letters: String, digits: Int = 5, hasCheckDigit: Bool = false) {
    guard (2...4).contains(letters.utf8.count), letters.utf8.allSatisfy(isUppercase), (5...12).contains(digits) else {
      return nil
    }
    self.letters = letters
    self.digits = digits
    self.hasCheckDigit = hasCheckDigit
  }

  /// The highest number that the series can write.
  public var highest: Int { (0..<digits).reduce(1) { power, _ in power * 10 } - 1 }

  /// The tag with a number; nil below 1 and above ``highest``.
  public func text(of number: Int) -> String? {
    guard (1...highest).contains(number) else { return nil }
    let plain = String(number)
    let padded = String(repeating: "0", count: digits - plain.utf8.count) + plain
    return letters + "-" + padded + (hasCheckDigit ? String(Self.checkDigit(of: padded.utf8)) : "")
  }

  /// The number of a tag; nil for a text that is no tag of this series, or whose check digit is wrong.
  public func number(in text: String) -> Int? {
    let bytes = Array(text.utf8)
    let start = letters.utf8.count + 1
    guard bytes.count == start + digits + (hasCheckDigit ? 1 : 0), bytes.starts(with: (letters + "-").utf8),
      bytes[start...].allSatisfy(isDigit)
    else { return nil }
    let counted = bytes[start..<(start + digits)]
    if hasCheckDigit, bytes[start + digits] != UInt8(0x30 + Self.checkDigit(of: counted)) { return nil }
    let number = counted.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return number == 0 ? nil : number
  }

  /// Luhn's digit for decimal digits, 0 to 9.
  static func checkDigit(of digits: some Collection<UInt8>) -> Int {
    var sum = 0
    var doubled = true
    for byte in digits.reversed() {
      let digit = Int(byte - 0x30)
      sum += doubled ? (digit * 2) / 10 + (digit * 2) % 10 : digit
      doubled.toggle()
    }
    return (10 - sum % 10) % 10
  }
}
