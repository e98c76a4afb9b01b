/// A data identifier of ANSI MH10.8.2 and its value.
public struct DataIdentifierField: Hashable, Sendable {
  /// Up to three digits and a letter, such as `1P` or `S`.
  public let identifier: String
  public let value: String
  /// What the value is, in our words; nil for an identifier that the standard has not assigned.
  public var meaning: String? { DataIdentifier.meaning(of: identifier) }

  init(identifier: String, value: String) {
    self.identifier = identifier
    self.value = value
  }

  /// A field as it stands in a message: identifier and value run together. Nil when it does not begin with an identifier,
  /// or ends behind it.
  init?(_ bytes: Bytes) {
    let digits = bytes.prefix { isDigit($0) }
    let letter = bytes.dropFirst(digits.count)
    guard digits.count <= 3, let first = letter.first, isUppercase(first), letter.count > 1 else { return nil }
    identifier = bytes.prefix(digits.count + 1).text
    value = letter.dropFirst().text
  }

  /// The reading of a plain text as a field, as labels carry them in Code 128 and Code 39 without envelope: `1P…`, `S…`,
  /// `Q…`. It is offered, not told: a serial number may well begin with S. Nil when the text does not begin with an
  /// identifier that the standard has assigned, and for text that is made like no such label: words, URLs and
  /// abbreviations with a colon or a slash, such as `HTTPS://…`, `SN:…` and `S/N …`.
  public static func reading(of text: String) -> DataIdentifierField? {
    let bytes = Array(text.utf8)[...]
    guard let field = DataIdentifierField(bytes), field.meaning != nil, bytes.allSatisfy(isLabelCharacter),
      bytes.contains(where: isDigit), let first = field.value.utf8.first, isDigit(first) || isUppercase(first)
    else { return nil }
    return field
  }

  /// What such labels are made of: the characters of Code 39 without space, and few more that part numbers have.
  private static func isLabelCharacter(_ byte: UInt8) -> Bool {
    isDigit(byte) || isUppercase(byte) || "-./$+%#_*".utf8.contains(byte)
  }
}
