extension ElementString {
  /// The elements of a GS1 symbol's data: identifiers and values run together, and GS, which stands for FNC1, after each
  /// value whose length is not predefined, unless it is the last. A GS before the first identifier is the symbol's leading
  /// FNC1; GS after a value of predefined length is allowed.
  init(concatenated bytes: Bytes, isWholeItem: Bool) throws(IdentifierError) {
    var reader = ElementReader()
    try reader.read(concatenated: bytes)
    try reader.checkPairing(isWholeItem: isWholeItem)
    self.init(reader.elements, carrier: .concatenated)
  }

  /// The elements of the bracketed form, such as `(01)09506000134352(21)ABC`. An opening bracket in a value has a
  /// backslash before it.
  init(bracketed bytes: Bytes, isWholeItem: Bool) throws(IdentifierError) {
    var reader = ElementReader()
    try reader.read(bracketed: bytes)
    try reader.checkPairing(isWholeItem: isWholeItem)
    self.init(reader.elements, carrier: .bracketed)
  }

  /// The elements of a GS1 symbol's data, or of the bracketed form when it begins with a bracket.
  /// - Throws: ``IdentifierError``; its span counts from the first byte given.
  public init(_ bytes: some Sequence<UInt8>, isWholeItem: Bool = true) throws(IdentifierError) {
    let bytes = Array(bytes)[...]
    if bytes.first == UInt8(ascii: "(") {
      try self.init(bracketed: bytes, isWholeItem: isWholeItem)
    } else {
      try self.init(concatenated: bytes, isWholeItem: isWholeItem)
    }
  }

  /// Whether text begins like the bracketed form: a bracketed identifier that GS1 has assigned.
  static func looksBracketed(_ bytes: Bytes) -> Bool {
    guard bytes.first == UInt8(ascii: "("), let close = bytes.prefix(6).firstIndex(of: UInt8(ascii: ")")),
      let identifier = ApplicationIdentifier(bytes[(bytes.startIndex + 1)..<close])
    else { return false }
    return identifier.title != nil
  }
}

extension ElementReader {
  mutating func read(concatenated bytes: Bytes) throws(IdentifierError) {
    let table = ApplicationIdentifierTable.standard
    var rest = bytes
    if rest.first == groupSeparator { rest = rest.dropFirst() }
    guard !rest.isEmpty else {
      throw IdentifierError(
        "gs1.empty", "The GS1 symbol holds nothing.", remedy: Self.remedy, start: bytes.startIndex, length: bytes.count)
    }
    while !rest.isEmpty {
      let start = rest.startIndex
      guard let identifier = table.identifier(at: rest), let row = table.row(of: identifier) else {
        throw IdentifierError(
          "gs1.identifier", "No application identifier of GS1 begins here.", remedy: Self.remedy, start: start,
          length: max(1, rest.prefix(4).prefix { $0 != groupSeparator }.count))
      }
      let first = start + Int(identifier.length)
      var end = rest[first...].firstIndex(of: groupSeparator) ?? rest.endIndex
      if row.isPredefinedLength { end = min(end, first + row.length.upperBound) }
      try append(identifier, row, rest[first..<end], span: start..<end)
      rest = rest[end...]
      if rest.first == groupSeparator { rest = rest.dropFirst() }
    }
  }

  mutating func read(bracketed bytes: Bytes) throws(IdentifierError) {
    let table = ApplicationIdentifierTable.standard
    let (open, close, escape) = (UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"))
    var index = bytes.startIndex
    repeat {
      let start = index
      guard index < bytes.endIndex, bytes[index] == open,
        let end = bytes[index...].prefix(6).firstIndex(of: close),
        let identifier = ApplicationIdentifier(bytes[(index + 1)..<end]), let row = table.row(of: identifier)
      else {
        let length = bytes[index...].prefix(6).prefix { $0 != close }.count
        throw IdentifierError(
          "gs1.identifier", "An application identifier of GS1 in brackets must stand here.",
          remedy: "Write it as in (01)09506000134352(21)ABC, and a bracket in a value as \\(.", start: start,
          length: min(length + 1, bytes.endIndex - start))
      }
      let first = end + 1
      index = first
      var copy: [UInt8]?
      var places: [Int] = []
      while index < bytes.endIndex, bytes[index] != open {
        let place = index
        if bytes[index] == escape, index + 1 < bytes.endIndex, bytes[index + 1] == open {
          if copy == nil {
            copy = Array(bytes[first..<index])
            places = Array(first..<index)
          }
          index += 1
        }
        if copy != nil {
          copy?.append(bytes[index])
          places.append(place)
        }
        index += 1
      }
      let span = start..<index
      if let copy {
        try append(identifier, row, copy[...], span: span, places: places + [index])
      } else {
        try append(identifier, row, bytes[first..<index], span: span)
      }
    } while index < bytes.endIndex
  }
}
