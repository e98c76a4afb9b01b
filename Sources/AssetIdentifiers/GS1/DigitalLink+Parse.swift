extension DigitalLink {
  /// The Digital Link that a URI is; nil for any other URI.
  ///
  /// The grammar (GS1 Digital Link Standard: URI Syntax §4), with the key that stands furthest right in the path:
  /// ```
  /// link      = ("http" / "https" / "HTTP" / "HTTPS") "://" host *("/" segment) key *qualifier ["?" query] ["#" …]
  /// key       = "/" identifier "/" value           an identification key such as 01
  /// qualifier = "/" identifier "/" value           those of the key, in their order
  /// query     = *("&" / identifier "=" value / other)
  /// ```
  /// Values are percent-encoded. Identifiers are digits; the names such as `gtin` of the first edition are none any more.
  /// - Throws: ``IdentifierError`` when it is a Digital Link whose values or order are wrong.
  init?(_ bytes: Bytes, isWholeItem: Bool) throws(IdentifierError) {
    guard let host = Self.host(of: bytes) else { return nil }
    let afterHost = bytes[host.endIndex...]
    let end = afterHost.firstIndex(of: UInt8(ascii: "#")) ?? afterHost.endIndex
    let mark = afterHost[..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
    guard let path = Self.path(in: afterHost[..<mark]) else { return nil }
    try Self.checkCharacters(afterHost[..<end])

    let table = ApplicationIdentifierTable.standard
    var reader = ElementReader()
    var identifiers: [ApplicationIdentifier] = []
    for (identifier, value) in path {
      guard let row = table.row(of: identifier) else { continue }
      let decoded = try Self.decoded(value, isQuery: false)
      let start = value.startIndex - 1 - Int(identifier.length)
      try reader.append(
        identifier, row, decoded?.bytes ?? value, span: start..<value.endIndex, places: decoded?.places)
      identifiers.append(identifier)
    }
    guard let keyStart = path.first?.1.startIndex, Self.isSequence(identifiers) else {
      let first = path.first?.1.startIndex ?? mark
      throw IdentifierError(
        "digitalLink.order", "What follows the key in the path is not what may follow it, in its order.",
        remedy: ElementReader.remedy, start: first, length: mark - first)
    }
    let pathIdentifiers = identifiers
    if mark < end {
      for parameter in afterHost[(mark + 1)..<end].split(separator: UInt8(ascii: "&")) {
        try Self.read(parameter, into: &reader, &identifiers, path: pathIdentifiers)
      }
    }
    try reader.checkPairing(isWholeItem: isWholeItem)
    let stem = bytes[..<(keyStart - 2 - Int(pathIdentifiers[0].length))]
    self.init(
      elements: ElementString(reader.elements, carrier: .derived), stem: stem.text, pathCount: pathIdentifiers.count)
  }

  /// The Digital Link that a URI is; nil for any other text.
  /// - Throws: ``IdentifierError``; its span counts in the UTF-8 of `uri`. At most ``AssetIdentifier/longestScan`` bytes.
  public init?(uri: String, isWholeItem: Bool = true) throws(IdentifierError) {
    guard uri.utf8.count <= AssetIdentifier.longestScan else { throw AssetIdentifier.tooLong(uri.utf8.count) }
    try self.init(Array(uri.utf8)[...], isWholeItem: isWholeItem)
  }

  /// The host of an HTTP URI in the two spellings of the scheme that the standard has.
  private static func host(of bytes: Bytes) -> Bytes? {
    let scheme =
      bytes.starts(with: "https://") || bytes.starts(with: "HTTPS://")
      ? 8 : bytes.starts(with: "http://") || bytes.starts(with: "HTTP://") ? 7 : 0
    guard scheme > 0 else { return nil }
    let host = bytes.dropFirst(scheme).prefix { byte in
      isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
        || byte == UInt8(ascii: "_")
    }
    return host.isEmpty || host.endIndex == bytes.endIndex || bytes[host.endIndex] != UInt8(ascii: "/") ? nil : host
  }

  /// The pairs of identifier and value from the rightmost key on; nil when no key with a value of its form stands there.
  private static func path(in path: Bytes) -> [(ApplicationIdentifier, Bytes)]? {
    let table = ApplicationIdentifierTable.standard
    var pairs: [(ApplicationIdentifier, Bytes)] = []
    var end = path.endIndex
    // Of a path that goes on and on, only its end can be a link: a key has at most three qualifiers.
    while pairs.count < 16, let slash = path[..<end].lastIndex(of: UInt8(ascii: "/")),
      let before = path[..<slash].lastIndex(of: UInt8(ascii: "/")),
      let identifier = ApplicationIdentifier(path[(before + 1)..<slash]), let row = table.row(of: identifier)
    {
      let value = path[(slash + 1)..<end]
      pairs.append((identifier, value))
      if row.qualifiers != nil {
        let wanted = row.components[0].characters == .numeric ? min(8, row.length.lowerBound) : 4
        guard value.count >= wanted, value.prefix(wanted).areDigits else { return nil }
        return pairs.reversed()
      }
      end = before
    }
    return nil
  }

  /// For every byte whether a URI may hold it (RFC 3986 §2).
  private static let isURICharacter: [Bool] = (0..<256).map {
    $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}".utf8.contains(UInt8($0))
  }

  private static func checkCharacters(_ bytes: Bytes) throws(IdentifierError) {
    for index in bytes.indices where !isURICharacter[Int(bytes[index])] {
      throw IdentifierError(
        "digitalLink.character", "The Digital Link holds a character that a URI cannot have.",
        remedy: ElementReader.remedy, start: index, length: 1)
    }
  }

  /// A query parameter: an attribute, or something that is none of ours.
  private static func read(
    _ parameter: Bytes, into reader: inout ElementReader, _ identifiers: inout [ApplicationIdentifier],
    path: [ApplicationIdentifier]
  ) throws(IdentifierError) {
    guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")), equals > parameter.startIndex,
      parameter[..<equals].areDigits
    else { return }
    func fault(_ code: String, _ sentence: String) -> IdentifierError {
      IdentifierError(
        "digitalLink." + code, sentence, remedy: ElementReader.remedy, start: parameter.startIndex,
        length: parameter.count)
    }
    let table = ApplicationIdentifierTable.standard
    guard let identifier = ApplicationIdentifier(parameter[..<equals]), let row = table.row(of: identifier) else {
      throw fault("identifier", "The number before the equals sign is no application identifier of GS1.")
    }
    guard !identifiers.contains(identifier) else {
      throw fault("repeated", "\(identifier.named) stands in the link twice.")
    }
    guard row.isAttribute else {
      throw fault("attribute", "\(identifier.named) cannot be an attribute of a Digital Link.")
    }
    let choices = table.row(of: path[0])?.qualifiers ?? []
    for place in 1...path.count where choices.contains(where: { $0.contains(identifier) }) {
      var trial = path
      trial.insert(identifier, at: place)
      if isSequence(trial) {
        throw fault("place", "\(identifier.named) belongs in the path, behind the key.")
      }
    }
    let value = parameter[(equals + 1)...]
    let decoded = try decoded(value, isQuery: true)
    try reader.append(
      identifier, row, decoded?.bytes ?? value, span: parameter.startIndex..<parameter.endIndex,
      places: decoded?.places)
    identifiers.append(identifier)
  }

  /// Whether the identifiers are a key and some of its qualifiers in their order.
  static func isSequence(_ identifiers: [ApplicationIdentifier]) -> Bool {
    guard let key = identifiers.first, let choices = ApplicationIdentifierTable.standard.row(of: key)?.qualifiers else {
      return false
    }
    return choices.contains { choice in
      var rest = choice[...]
      for qualifier in identifiers.dropFirst() {
        guard let found = rest.firstIndex(of: qualifier) else { return false }
        rest = rest[(found + 1)...]
      }
      return true
    }
  }

  /// A percent-encoded value, decoded, and where in the scan its bytes and its end stand; nil when there is nothing to
  /// decode. In a query `+` is a space.
  private static func decoded(
    _ value: Bytes, isQuery: Bool
  ) throws(IdentifierError) -> (bytes: Bytes, places: [Int])? {
    guard value.contains(where: { $0 == UInt8(ascii: "%") || (isQuery && $0 == UInt8(ascii: "+")) }) else { return nil }
    var result: [UInt8] = []
    var places: [Int] = []
    result.reserveCapacity(value.count)
    places.reserveCapacity(value.count + 1)
    var index = value.startIndex
    while index < value.endIndex {
      places.append(index)
      switch value[index] {
      case UInt8(ascii: "%"):
        guard index + 2 < value.endIndex, let high = nibble(value[index + 1]), let low = nibble(value[index + 2]) else {
          throw IdentifierError(
            "digitalLink.percent", "A percent sign lacks its two hexadecimal digits.", remedy: ElementReader.remedy,
            start: index, length: min(3, value.endIndex - index))
        }
        result.append(high << 4 | low)
        index += 3
      case UInt8(ascii: "+") where isQuery:
        result.append(0x20)
        index += 1
      default:
        result.append(value[index])
        index += 1
      }
    }
    return (result[...], places + [value.endIndex])
  }
}
