/// A field of a template: a name that stands in it as `{{name}}`, and what may be put there.
public struct LabelField: Hashable, Sendable, Encodable {
  /// Characters of a field that says nothing about it.
  public static let usualLength = 60
  /// The most characters that any field may ask for.
  public static let lengths = 1...2_000

  public let name: String
  /// What people call it.
  public let title: String
  /// A value as it comes in practice, for previews; empty only where the field is optional.
  public let example: String
  /// Whether a label cannot be made without it.
  public let isRequired: Bool
  /// In characters.
  public let maximumLength: Int
  public let characters: LabelCharacters
  /// Whether it may have several lines.
  public let isMultiline: Bool

  /// A field.
  public init(
    name: String, title: String, example: String, isRequired: Bool = true, maximumLength: Int = usualLength,
    characters: LabelCharacters = .text, isMultiline: Bool = false
  ) {
    self.name = name
    self.title = title
    self.example = example
    self.isRequired = isRequired
    self.maximumLength = maximumLength
    self.characters = characters
    self.isMultiline = isMultiline
  }

  /// Whether a word can name a field: a small letter, then letters and digits, at most 40.
  public static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, (0x61...0x7A).contains(first), name.utf8.count <= 40 else { return false }
    return name.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
    }
  }

  /// Why a value cannot stand in the field; nil when it can. `path` is how the refusal names the field.
  public func refusal(_ value: String, path: String) -> LabelRefusal? {
    if value.isEmpty {
      guard isRequired else { return nil }
      return LabelRefusal(
        "label.field.missing", "\(title) is missing.", remedy: "Give \(path), such as \(example).", field: path)
    }
    let length = value.count
    guard length <= maximumLength, value.utf8.count <= 8 * maximumLength else {
      return LabelRefusal(
        "label.field.tooLong", "\(title) has \(length) characters; it takes at most \(maximumLength).",
        remedy: "Shorten \(path).", field: path)
    }
    guard let wrong = characters.firstWrong(in: value, isMultiline: isMultiline) else { return nil }
    return LabelRefusal(
      "label.field.characters", "\(title) holds \(wrong), which it cannot take.",
      remedy: "Give \(path) in \(characters.words).", field: path)
  }
}

/// The characters that a field takes.
public enum LabelCharacters: String, Hashable, Sendable, Encodable, CaseIterable {
  /// Anything that can be printed.
  case text
  /// Printable ASCII, U+0020 to U+007E.
  case ascii
  /// Capitals, digits, and - . / + $ % and the space: what every symbology for letters carries.
  case code
  case digits

  /// In a sentence.
  var words: String {
    switch self {
    case .text: "printable characters"
    case .ascii: "printable ASCII"
    case .code: "capitals, digits and - . / + $ %"
    case .digits: "digits"
    }
  }

  /// The first character that is not among them, in words.
  func firstWrong(in value: String, isMultiline: Bool) -> String? {
    for scalar in value.unicodeScalars where !takes(scalar) {
      if isMultiline, scalar == "\n" { continue }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
        return "the character U+" + Self.hexadecimal(scalar.value)
      default: return "“\(scalar)”"
      }
    }
    return nil
  }

  private func takes(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .digits: return (0x30...0x39).contains(scalar.value)
    case .ascii: return (0x20...0x7E).contains(scalar.value)
    case .code:
      switch scalar {
      case "A"..."Z", "0"..."9", "-", ".", "/", "+", "$", "%", " ": return true
      default: return false
      }
    case .text:
      // Format characters turn text around or hide it; two joiners are part of how words are written.
      if scalar == "\u{200C}" || scalar == "\u{200D}" { return true }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return false
      default: return true
      }
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
