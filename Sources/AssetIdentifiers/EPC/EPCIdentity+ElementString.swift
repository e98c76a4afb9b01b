extension EPCIdentity {
  /// The GS1 element string of the identity (TDS §7); nil for a GID, which is not GS1's, and for a CPI whose serial
  /// number GS1 does not allow.
  public var elementString: ElementString? {
    let digits: [UInt8]
    var elements: [(ApplicationIdentifier, String)] = []
    func checked(_ digits: some Sequence<UInt8>) -> String {
      let digits = Array(digits)
      return String(decoding: digits + [ValueCheck.checkDigit(for: digits[...])], as: UTF8.self)
    }
    switch scheme {
    case .sgtin:
      digits = [reference.utf8.first ?? 0x30] + Array(companyPrefix.utf8) + Array(reference.utf8.dropFirst())
      elements = [("01", checked(digits)), ("21", serial)]
    case .sscc:
      digits = [reference.utf8.first ?? 0x30] + Array(companyPrefix.utf8) + Array(reference.utf8.dropFirst())
      elements = [("00", checked(digits))]
    case .sgln:
      elements = [("414", checked(Array((companyPrefix + reference).utf8)))]
      if serial != "0" { elements.append(("254", serial)) }
    case .grai: elements = [("8003", "0" + checked(Array((companyPrefix + reference).utf8)) + serial)]
    case .giai: elements = [("8004", companyPrefix + reference)]
    case .cpi:
      guard serial != "0" else { return nil }
      elements = [("8010", companyPrefix + reference), ("8011", serial)]
    case .gid: return nil
    }
    return ElementString(elements.map { .init(identifier: $0, value: $1) }, carrier: .derived)
  }

  /// The EPC identity of an element string (TDS §7), the inverse of ``elementString``.
  /// - Parameter prefixLength: how many digits of the key are the GS1 company prefix, 6 to 12. No element string tells.
  /// - Returns: nil when the element string names no single thing that has an EPC here, such as a GTIN without serial.
  /// - Throws: ``IdentifierError`` when the parts do not fit; its span counts in the bracketed form of `elements`.
  public init?(_ elements: ElementString, prefixLength: Int) throws(IdentifierError) {
    guard let (scheme, key, serial) = Self.key(of: elements) else { return nil }
    let whole = 0..<elements.bracketed.utf8.count
    guard (6...12).contains(prefixLength), key.utf8.count > prefixLength else {
      throw IdentifierError(
        "epc.prefix", "A GS1 company prefix has 6 to 12 digits, fewer than the key.", remedy: "Give its true length.",
        start: 0, length: whole.count)
    }
    let digits = Array(key.utf8)
    func text(_ digits: some Sequence<UInt8>) -> String { String(decoding: Array(digits), as: UTF8.self) }
    let prefix: String
    let reference: String
    switch scheme {
    case .sgtin, .sscc:
      prefix = text(digits[1...prefixLength])
      reference = text([digits[0]] + digits[(prefixLength + 1)..<(digits.count - 1)])
    case .sgln, .grai:
      prefix = text(digits[..<prefixLength])
      reference = text(digits[prefixLength..<(digits.count - 1)])
    case .giai, .cpi, .gid:
      prefix = text(digits[..<prefixLength])
      reference = text(digits[prefixLength...])
    }
    try self.init(scheme, prefix, reference, serial, source: [whole, whole, whole])
  }

  /// Whether the elements have a key, and the serial number that it needs, of which an EPC can be made.
  static func hasKey(_ elements: ElementString) -> Bool { key(of: elements) != nil }

  /// The key that an EPC is made of: with its check digit where it has one, and the serial number.
  private static func key(of elements: ElementString) -> (Scheme, String, String)? {
    if let gtin = elements["01"], let serial = elements["21"] { return (.sgtin, gtin, serial) }
    if let asset = elements["8003"] {
      let serial = String(asset.dropFirst(14))
      return serial.isEmpty ? nil : (.grai, String(asset.dropFirst().prefix(13)), serial)
    }
    if let asset = elements["8004"] { return (.giai, asset, "") }
    if let unit = elements["00"] { return (.sscc, unit, "") }
    if let part = elements["8010"], let serial = elements["8011"] { return (.cpi, part, serial) }
    if let location = elements["414"] { return (.sgln, location, elements["254"] ?? "0") }
    return nil
  }
}
