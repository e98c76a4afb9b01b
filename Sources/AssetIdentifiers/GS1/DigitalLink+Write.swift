extension DigitalLink {
  /// The domain of canonical links.
  public static let canonicalStem = "https://id.gs1.org"

  /// The link of an element string.
  ///
  /// The first identification key goes into the path with as many of its qualifiers as one of its choices has; what else
  /// there is follows as attributes, those of predefined length first. This is the standard's canonical form when the
  /// stem is ``canonicalStem``.
  /// - Throws: ``IdentifierError`` when there is no key, or an identifier that no link may carry; its span counts in the
  ///   bracketed form of `elements`.
  public init(_ elements: ElementString, stem: String = canonicalStem) throws(IdentifierError) {
    let table = ApplicationIdentifierTable.standard
    var unique: [ElementString.Element] = []
    for element in elements.elements where !unique.contains(element) { unique.append(element) }
    guard let key = unique.first(where: { table.row(of: $0.identifier)?.qualifiers != nil }),
      let choices = table.row(of: key.identifier)?.qualifiers
    else {
      throw IdentifierError(
        "digitalLink.key", "A Digital Link needs an identification key such as (01).",
        remedy: "Scan the symbol that holds it.", start: 0, length: elements.bracketed.utf8.count)
    }
    var path = [key]
    for choice in choices {
      let found = choice.compactMap { qualifier in unique.first { $0.identifier == qualifier } }
      if found.count >= path.count { path = [key] + found }
    }
    let rest = unique.filter { !path.contains($0) }
    for element in rest where table.row(of: element.identifier)?.isAttribute != true {
      throw IdentifierError(
        "digitalLink.attribute", "(\(element.identifier)) cannot be an attribute of a Digital Link.",
        remedy: "Use the element string.", start: 0, length: elements.bracketed.utf8.count)
    }
    let isFixed = { (element: ElementString.Element) in table.row(of: element.identifier)?.isPredefinedLength == true }
    self.init(
      elements: ElementString(path + rest.filter(isFixed) + rest.filter { !isFixed($0) }, carrier: .derived),
      stem: stem.last == "/" ? String(stem.dropLast()) : stem, pathCount: path.count)
  }

  /// The URI, percent-encoded where a character is not unreserved (RFC 3986 §2.3).
  public var uri: String { uri(stem: stem) }

  /// The same link at ``canonicalStem``.
  public var canonicalURI: String { uri(stem: Self.canonicalStem) }

  private func uri(stem: String) -> String {
    var text = Array(stem.utf8)
    for (index, element) in elements.elements.enumerated() {
      text.append(index < pathCount ? UInt8(ascii: "/") : index == pathCount ? UInt8(ascii: "?") : UInt8(ascii: "&"))
      text += element.identifier.description.utf8
      text.append(index < pathCount ? UInt8(ascii: "/") : UInt8(ascii: "="))
      for byte in element.value.utf8 {
        if isDigit(byte) || isLetter(byte) || "-._~".utf8.contains(byte) {
          text.append(byte)
        } else {
          text += [UInt8(ascii: "%"), uppercaseHexadecimal[Int(byte >> 4)], uppercaseHexadecimal[Int(byte & 15)]]
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
