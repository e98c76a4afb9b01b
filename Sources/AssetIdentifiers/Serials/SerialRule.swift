/// How a manufacturer writes serial numbers: a form, where it is from, and what a match proves. Rules are data; a site may
/// have its own, written down as in ``init(_:manufacturer:name:form:source:proves:isSelfEvident:)-(_,_,_,String,_,_,_)``.
public struct SerialRule: Hashable, Sendable {
  /// Which characters a part is made of. Letters are capitals.
  public enum Characters: Hashable, Sendable {
    case digits, letters, lettersOrDigits
  }

  /// One piece of the form, from left to right. Every piece has a fixed length, so that a text fits in one way only.
  public enum Piece: Hashable, Sendable {
    /// These characters.
    case literal(String)
    /// A part with a name: `serial` is the serial number; parts without a name belong to the serial number as well.
    case part(String?, Characters, Int)
  }

  /// Stable, such as `dell.serviceTag`.
  public let id: String
  public let manufacturer: String
  /// What it is called, such as `service tag`.
  public let name: String
  public let form: [Piece]
  /// Where the rule is from.
  public let source: String
  /// What a match proves, one sentence.
  public let proves: String
  /// Whether the form alone tells; otherwise the manufacturer must be known as well.
  public let isSelfEvident: Bool

  public init(
    _ id: String, manufacturer: String, name: String, form: [Piece], source: String, proves: String,
    isSelfEvident: Bool = false
  ) {
    self.id = id
    self.manufacturer = manufacturer
    self.name = name
    self.form = form
    self.source = source
    self.proves = proves
    self.isSelfEvident = isSelfEvident
  }

  /// The serial number that a text is by this rule; nil when it does not fit.
  public func reading(of text: String) -> SerialNumber? { reading(of: Array(text.utf8)[...]) }

  func reading(of bytes: Bytes) -> SerialNumber? {
    var rest = bytes
    var serial: [UInt8] = []
    var whole: [UInt8] = []
    var details: [SerialNumber.Detail] = []
    for piece in form {
      switch piece {
      case .literal(let text):
        guard rest.starts(with: text.utf8) else { return nil }
        rest = rest.dropFirst(text.utf8.count)
      case .part(let name, let characters, let count):
        let part = rest.prefix(count)
        guard part.count == count, part.allSatisfy(characters.contains) else { return nil }
        rest = rest.dropFirst(count)
        whole += part
        if name == "serial" {
          serial += part
        } else if let name {
          // A part of several runs is one part.
          let begun = details.last?.name == name ? details.removeLast().value : ""
          details.append(.init(name: name, value: begun + part.text))
        }
      }
    }
    guard rest.isEmpty else { return nil }
    let value = (serial.isEmpty ? whole : serial)[...].text
    return SerialNumber(value: value, text: bytes.text, rule: self, details: details).completed
  }
}

extension SerialRule.Characters {
  func contains(_ byte: UInt8) -> Bool {
    switch self {
    case .digits: isDigit(byte)
    case .letters: isUppercase(byte)
    case .lettersOrDigits: isDigit(byte) || isUppercase(byte)
    }
  }
}
