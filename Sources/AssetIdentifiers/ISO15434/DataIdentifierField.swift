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
  /// identifier that the standard has assigned.
  public static func reading(of text: String) -> DataIdentifierField? {
    guard let field = DataIdentifierField(Array(text.utf8)[...]), field.meaning != nil else { return nil }
    return field
  }
}
