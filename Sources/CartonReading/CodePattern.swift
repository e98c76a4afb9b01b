import AssetIdentifiers

/// The look of a code: symbology, what stands before the value, length, and which kinds of characters stand where.
///
/// Letters and digits are told apart as sets, not place by place, because serial numbers mix them; signs such as `-` count
/// with their place. One example is enough to learn it: `165627` in Code 39 is "Code 39, six digits".
public struct CodePattern: Hashable, Sendable, Codable {
  /// Letter of the AIM symbology identifier; nil fits every symbology.
  public let symbology: String?
  /// Application or data identifier of the part; nil for a plain symbol.
  public let identifier: String?
  /// What is dropped from the beginning of the text to get the value, such as `SN:` or `S`.
  public let prefix: String
  /// Characters of the value.
  public let length: Int
  /// Whether the value has capital letters, small letters, digits.
  public let hasCapitals: Bool
  public let hasSmallLetters: Bool
  public let hasDigits: Bool
  /// The other characters of the value with their places, such as `["4-"]`.
  public let signs: [String]

  init(_ part: CartonPart, dropping prefix: String?) {
    let prefix = prefix.flatMap { part.text.utf8.starts(with: $0.utf8) ? $0 : nil } ?? ""
    let value = Array(part.text.utf8.dropFirst(prefix.utf8.count))
    let look = Look(value)
    symbology = part.symbol.symbology.map { String(decoding: [$0], as: UTF8.self) }
    identifier = part.identifier
    self.prefix = prefix
    length = value.count
    hasCapitals = look.hasCapitals
    hasSmallLetters = look.hasSmallLetters
    hasDigits = look.hasDigits
    signs = look.signs
  }

  /// Bytes of a part that looks like this.
  var wholeLength: Int { prefix.utf8.count + length }

  /// The value that the pattern sees in a part; nil when it does not look like this.
  func value(in part: CartonPart) -> String? {
    let bytes = part.text.utf8
    guard bytes.count == wholeLength, part.identifier == identifier else { return nil }
    if let symbology, let other = part.symbol.symbology, symbology.utf8.first != other { return nil }
    guard bytes.starts(with: prefix.utf8) else { return nil }
    let value = Array(bytes.dropFirst(prefix.utf8.count))
    let look = Look(value)
    guard look.hasCapitals == hasCapitals, look.hasSmallLetters == hasSmallLetters, look.hasDigits == hasDigits,
      look.signs == signs
    else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  /// Whether the two catch the same codes, whatever they make of the beginning.
  func looksLike(_ other: CodePattern) -> Bool {
    if self == other { return true }
    // The same code with its first letter kept and dropped is one code, of which something else was said later.
    return symbology == other.symbology && identifier == other.identifier && prefix != other.prefix
      && prefix.utf8.count + length == other.prefix.utf8.count + other.length && signs.count == other.signs.count
      && (prefix.isEmpty || other.prefix.isEmpty)
  }

  /// What a plain part has before its value when it is this field: a printed prefix, or a lone data identifier.
  static func prefix(of part: CartonPart, for field: CartonField) -> String? {
    guard part.identifier == nil else { return nil }
    if let printed = PrintedPrefix.leading(part.text) { return printed.text }
    if let lone = LoneIdentifier.leading(part.text), lone.field == field { return lone.identifier }
    return nil
  }

  private struct Look {
    var hasCapitals = false
    var hasSmallLetters = false
    var hasDigits = false
    var signs: [String] = []

    init(_ value: [UInt8]) {
      for (place, byte) in value.enumerated() {
        switch byte {
        case 0x41...0x5A: hasCapitals = true
        case 0x61...0x7A: hasSmallLetters = true
        case 0x30...0x39: hasDigits = true
        default: signs.append("\(place)" + String(decoding: [byte], as: UTF8.self))
        }
      }
    }
  }
}
