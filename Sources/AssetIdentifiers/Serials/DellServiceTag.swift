/// Dell's service tag, seven letters and digits, and its express service code: the same number, of base 36 and of base 10.
public enum DellServiceTag {
  /// The express service code of a tag, without the hyphens that Dell prints for reading; nil when it is no tag.
  public static func expressServiceCode(of tag: String) -> String? {
    guard tag.utf8.count == 7, tag.utf8.allSatisfy({ isDigit($0) || isUppercase($0) }), let number = Int(tag, radix: 36)
    else { return nil }
    return String(number)
  }

  /// The tag of an express service code, the inverse of ``expressServiceCode(of:)``; nil when it is more than seven
  /// characters of base 36 can say, or no number. Hyphens and spaces between the digits are skipped.
  public static func serviceTag(of code: String) -> String? {
    let digits = code.utf8.filter { $0 != UInt8(ascii: "-") && $0 != 0x20 }
    guard digits.count <= 11, digits.areDigits, let number = Int(String(decoding: digits, as: UTF8.self)),
      number < 78_364_164_096  // 36⁷
    else { return nil }
    let tag = String(number, radix: 36, uppercase: true)
    return String(repeating: "0", count: 7 - tag.utf8.count) + tag
  }
}
