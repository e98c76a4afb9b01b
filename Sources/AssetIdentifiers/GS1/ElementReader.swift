/// Gathers elements, holds each to its format as it comes, and all of them to GS1's pairing rules in the end.
struct ElementReader {
  /// No symbol holds more, and no item needs them.
  static let most = 64

  private let table = ApplicationIdentifierTable.standard
  private(set) var elements: [ElementString.Element] = []
  /// Where each element stands in the scan, identifier and value.
  private var spans: [Range<Int>] = []

  /// Takes an element.
  /// - Parameters:
  ///   - span: where it stands in the scan, identifier and value.
  ///   - places: where in the scan each byte of the value stands, and its end, when `value` is a copy that begins at 0; nil
  ///     when it is a slice of the scan.
  mutating func append(
    _ identifier: ApplicationIdentifier, _ row: ApplicationIdentifierRow, _ value: Bytes, span: Range<Int>,
    places: [Int]? = nil
  ) throws(IdentifierError) {
    guard elements.count < Self.most else {
      throw IdentifierError(
        "gs1.tooMany", "The code has more than \(Self.most) application identifiers.",
        remedy: "Scan one label at a time.",
        start: span.lowerBound, length: span.count)
    }
    if let fault = Self.fault(in: value, of: row) {
      var place = fault.start..<(fault.start + fault.length)
      if let places { place = places[place.lowerBound]..<places[place.upperBound] }
      throw IdentifierError(
        "gs1.value", "\(identifier.named): \(fault.sentence)", remedy: Self.remedy,
        start: place.lowerBound, length: place.count)
    }
    elements.append(.init(identifier: identifier, value: String(decoding: value, as: UTF8.self)))
    spans.append(span)
  }

  static let remedy = "Scan it again; if it stays so, the label is wrong: tell who made it."

  /// What is wrong with a value by its identifier's format.
  private static func fault(in value: Bytes, of row: ApplicationIdentifierRow) -> ValueCheck.Fault? {
    if value.isEmpty { return .init("The value is missing.", value) }
    if value.count < row.length.lowerBound {
      return .init("The value has \(value.count) characters, fewer than \(row.length.lowerBound).", value)
    }
    if value.count > row.length.upperBound {
      let most = row.length.upperBound
      return .init(
        "The value has \(value.count) characters, more than \(most); the separator behind it may be missing.",
        value.dropFirst(most))
    }
    var rest = value
    for component in row.components {
      let part = rest.prefix(component.length.upperBound)
      if part.isEmpty, component.isOptional { continue }
      if let fault = fault(in: part, of: component.characters) { return fault }
      guard part.count >= component.length.lowerBound else {
        return .init("A part of the value has \(part.count) of \(component.length.lowerBound) characters.", part)
      }
      for check in component.checks {
        if let fault = check.fault(in: part) { return fault }
      }
      rest = rest.dropFirst(part.count)
    }
    return rest.isEmpty ? nil : .init("The value goes on after its end.", rest)
  }

  static func fault(in part: Bytes, of set: ApplicationIdentifierRow.CharacterSet) -> ValueCheck.Fault? {
    let members = ApplicationIdentifierRow.CharacterSet.members
    var characters = part
    if set == .base64 {
      // Padding, up to two, fills to a multiple of three.
      while characters.last == UInt8(ascii: "=") { characters.removeLast() }
      let padding = part.count - characters.count
      if padding > 2 || (padding > 0 && !part.count.isMultiple(of: 3)) {
        return .init("The padding is wrong.", part.dropFirst(characters.count))
      }
    }
    for index in characters.indices where members[Int(characters[index])] & set.rawValue == 0 {
      let sentence =
        set == .numeric ? "It holds something that is no digit." : "It holds a character that GS1 does not allow here."
      return .init(sentence, index, 1)
    }
    return nil
  }

  // MARK: Pairing

  /// Holds the elements to the rules of what must and must not stand beside what (General Specifications §4.13, §4.14).
  func checkPairing(isWholeItem: Bool) throws(IdentifierError) {
    for (index, element) in elements.enumerated() {
      guard let row = table.row(of: element.identifier) else { continue }
      for pattern in row.excludes {
        if let other = elements.first(where: { $0.identifier != element.identifier && pattern.matches($0.identifier) })
        {
          throw fault(
            "gs1.excluded", "\(name(element)) must not stand on an item with \(name(other)).", at: index)
        }
      }
      if let other = elements[..<index].first(where: {
        $0.identifier == element.identifier && $0.value != element.value
      }) {
        throw fault("gs1.repeated", "\(name(other)) is here twice with different values.", at: index)
      }
      guard isWholeItem else { continue }
      for requirement in row.requires where !requirement.contains(where: { isMet($0, beside: element) }) {
        let wanted = requirement.map { $0.map { "(\($0))" }.joined(separator: " with ") }
        throw fault("gs1.required", "\(name(element)) needs \(list(wanted)) on the same item.", at: index)
      }
    }
    try checkSignedKeys()
  }

  /// A digital signature (8030) is one item's: keys whose serial component is optional must have it.
  private func checkSignedKeys() throws(IdentifierError) {
    guard elements.contains(where: { $0.identifier == "8030" }) else { return }
    for (index, element) in elements.enumerated() where ["253", "255", "8003"].contains(element.identifier) {
      guard let row = table.row(of: element.identifier), element.value.utf8.count == row.length.lowerBound else {
        continue
      }
      throw fault("gs1.serial", "\(name(element)) must have its serial number beside a digital signature.", at: index)
    }
  }

  private func isMet(_ group: [ApplicationIdentifierRow.Pattern], beside element: ElementString.Element) -> Bool {
    group.allSatisfy { pattern in
      elements.contains { $0.identifier != element.identifier && pattern.matches($0.identifier) }
    }
  }

  private func name(_ element: ElementString.Element) -> String {
    element.identifier.named
  }

  private func list(_ items: [String]) -> String {
    guard items.count > 1, let last = items.last else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " or " + last
  }

  private func fault(_ code: String, _ sentence: String, at index: Int) -> IdentifierError {
    IdentifierError(
      code, sentence, remedy: "Scan the label's other symbols as well; if it stays so, the label is wrong.",
      start: spans[index].lowerBound, length: spans[index].count)
  }
}

extension ApplicationIdentifierRow.Pattern: CustomStringConvertible {
  /// Digits, and `n` for any.
  var description: String {
    let low = ApplicationIdentifier(number: numbers.lowerBound, length: length).description
    let high = ApplicationIdentifier(number: numbers.upperBound, length: length).description
    return String(zip(low, high).map { $0 == $1 ? $0 : "n" })
  }
}
