/// A GS1 element string: application identifiers and their values (GS1 General Specifications §3).
public struct ElementString: Hashable, Sendable {
  /// One application identifier and its value.
  public struct Element: Hashable, Sendable {
    public let identifier: ApplicationIdentifier
    /// The value as it stands in the symbol, checked against the identifier's format.
    public let value: String
  }

  /// How the elements were carried.
  public enum Carrier: Hashable, Sendable {
    /// As GS1 symbols carry them: run together, FNC1 after those of variable length.
    case concatenated
    /// As people write them, identifiers in brackets.
    case bracketed
    /// An EAN or UPC number, with its add-on if it has one; the add-on is no part of the GTIN.
    case eanUPC(addOn: String?)
    /// Made of a GS1 Digital Link, an EPC or an ISO/IEC 15434 message.
    case derived
  }

  /// In the order of the symbol.
  public let elements: [Element]
  public let carrier: Carrier

  init(_ elements: [Element], carrier: Carrier) {
    self.elements = elements
    self.carrier = carrier
  }

  /// The value of the first element with this identifier, such as `"21"`.
  public subscript(_ identifier: ApplicationIdentifier) -> String? {
    elements.first { $0.identifier == identifier }?.value
  }

  /// The bracketed form, such as `(01)09506000134352(21)ABC`; an opening bracket of a value has a backslash before it.
  public var bracketed: String { Self.bracketed(elements) }

  /// The bracketed form of the first element with each of these identifiers, in the order given.
  public func bracketed(_ identifiers: [ApplicationIdentifier]) -> String {
    Self.bracketed(identifiers.compactMap { identifier in elements.first { $0.identifier == identifier } })
  }

  private static func bracketed(_ elements: [Element]) -> String {
    var text = ""
    for element in elements {
      text += "(\(element.identifier))"
      for character in element.value.unicodeScalars {
        if character == "(" { text.unicodeScalars.append("\\") }
        text.unicodeScalars.append(character)
      }
    }
    return text
  }

  /// As a symbol holds it, with GS for FNC1 after values whose length is not predefined.
  public var concatenated: String {
    var text = ""
    for (index, element) in elements.enumerated() {
      text += "\(element.identifier)\(element.value)"
      let row = ApplicationIdentifierTable.standard.row(of: element.identifier)
      if index < elements.count - 1, row?.isPredefinedLength != true { text += "\u{1D}" }
    }
    return text
  }
}
