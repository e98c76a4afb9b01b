extension EPC {
  /// The URI (TDS §6 for identities, §12 for tags and raw bits).
  public var uri: String {
    switch self {
    case .identity(let identity): identity.uri
    case .tag(let tag): tag.uri
    case .raw(let raw): raw.uri
    }
  }

  public var identity: EPCIdentity? {
    switch self {
    case .identity(let identity): identity
    case .tag(let tag): tag.identity
    case .raw: nil
    }
  }

  /// The bits of a tag's memory, filled up with zeros to a whole word; nil of an identity alone.
  public var binary: [UInt8]? {
    switch self {
    case .identity: nil
    case .tag(let tag): tag.binary
    case .raw(let raw): raw.bytes
    }
  }

  /// The EPC of a tag's bits; those under a header that is not ours are kept as they are.
  /// - Throws: ``IdentifierError``; its span counts in `bytes`.
  public init(binary bytes: some Collection<UInt8>) throws(IdentifierError) {
    if let header = bytes.first, EPCEncoding(header: header) != nil {
      self = .tag(try EPCTag(binary: bytes))
    } else {
      self = .raw(try RawEPC(Array(bytes)))
    }
  }

  /// What bits are: under a header of ours the tag that they encode; others, and those that break their encoding's rules,
  /// are kept as they are, which is what raw bits are for (TDS §12.4).
  init(_ raw: RawEPC) {
    do throws(IdentifierError) {
      self = .tag(try EPCTag(binary: raw.bytes[...], bitCount: raw.bitCount))
    } catch {
      self = .raw(raw)
    }
  }

  /// The EPC of a URI, `urn:epc:id:…`, `urn:epc:tag:…` or `urn:epc:raw:…`.
  /// - Throws: ``IdentifierError``; its span counts in the UTF-8 of `uri`.
  public init(uri: String) throws(IdentifierError) {
    guard let epc = try EPC(uri: Array(uri.utf8)[...]) else {
      throw IdentifierError(
        "epc.uri", "This is no EPC: one begins with urn:epc:id:, urn:epc:tag: or urn:epc:raw:.",
        remedy: "Give the whole URI.", start: 0, length: uri.utf8.count)
    }
    self = epc
  }

  /// Nil when the bytes do not begin like the URI of an EPC.
  init?(uri bytes: Bytes) throws(IdentifierError) {
    guard let rest = bytes.dropping("urn:epc:") else { return nil }
    func fault(_ sentence: String, _ span: Bytes) -> IdentifierError {
      IdentifierError(
        "epc.uri", sentence, remedy: "Give it as in urn:epc:id:sgtin:0614141.812345.6789.", start: span.startIndex,
        length: span.count)
    }
    if let rest = rest.dropping("id:") {
      let name = rest.prefix { $0 != UInt8(ascii: ":") }
      guard let scheme = EPCIdentity.Scheme(rawValue: name.text) else {
        throw fault("There is no EPC scheme of this name here.", name)
      }
      self = .identity(try EPCIdentity(scheme, parts: rest[name.endIndex...].dropFirst()))
    } else if let rest = rest.dropping("tag:") {
      let name = rest.prefix { $0 != UInt8(ascii: ":") }
      guard let encoding = EPCEncoding(rawValue: name.text) else {
        throw fault("There is no EPC encoding of this name here.", name)
      }
      var parts = rest[name.endIndex...].dropFirst()
      var filter: UInt8?
      if encoding != .gid96 {
        guard parts.count > 1, let digit = parts.first, (0x30...0x37).contains(digit),
          parts[parts.startIndex + 1] == UInt8(ascii: ".")
        else { throw fault("A filter value, 0 to 7, must stand behind the encoding's name.", rest) }
        filter = digit - 0x30
        parts = parts.dropFirst(2)
      }
      let identity = try EPCIdentity(encoding.scheme, parts: parts)
      self = .tag(try EPCTag(identity, encoding, filter: filter, source: rest.startIndex..<rest.endIndex))
    } else if let rest = rest.dropping("raw:") {
      self = EPC(try RawEPC(uri: rest))
    } else {
      throw fault("An EPC is of one of the kinds id, tag and raw.", rest)
    }
  }
}

extension EPCIdentity {
  /// `urn:epc:id:sgtin:0614141.812345.6789`.
  public var uri: String { "urn:epc:id:\(scheme.rawValue):" + parts }

  /// The parts of the URI, with dots between them.
  var parts: String {
    switch scheme {
    case .sscc: "\(companyPrefix).\(reference)"
    case .giai: "\(companyPrefix).\(Self.escaped(reference))"
    case .gid: "\(companyPrefix).\(reference).\(serial)"
    default: "\(companyPrefix).\(Self.escaped(reference)).\(Self.escaped(serial))"
    }
  }

  /// The parts of a URI, with dots between them; the last one may hold dots of its own.
  init(_ scheme: Scheme, parts bytes: Bytes) throws(IdentifierError) {
    let wanted = scheme == .sscc || scheme == .giai ? 2 : 3
    let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: wanted - 1, omittingEmptySubsequences: false)
    guard parts.count == wanted else {
      throw IdentifierError(
        "epc.uri", "The URI of this scheme has \(wanted) parts with dots between them.",
        remedy: "Give it as in urn:epc:id:sgtin:0614141.812345.6789.", start: bytes.startIndex, length: bytes.count)
    }
    var texts: [String] = []
    for part in parts { texts.append(try Self.unescaped(part)) }
    if wanted == 2 { texts.append("") }
    try self.init(scheme, texts[0], texts[1], texts[2], source: parts.map { $0.startIndex..<$0.endIndex })
  }

  /// Characters that stand escaped in URIs (TDS §A; `#` in component references).
  private static let escapes = Array("\"#%&/<>?".utf8)

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { escapes.contains($0) }) else { return text }
    var result: [UInt8] = []
    for byte in text.utf8 {
      if escapes.contains(byte) {
        result += [UInt8(ascii: "%"), uppercaseHexadecimal[Int(byte >> 4)], uppercaseHexadecimal[Int(byte & 15)]]
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func unescaped(_ part: Bytes) throws(IdentifierError) -> String {
    var result: [UInt8] = []
    var index = part.startIndex
    while index < part.endIndex {
      if part[index] == UInt8(ascii: "%") {
        guard index + 2 < part.endIndex, let high = nibble(part[index + 1]), let low = nibble(part[index + 2]),
          escapes.contains(high << 4 | low)
        else {
          throw IdentifierError(
            "epc.escape", "This percent sign does not stand for a character that must be escaped.",
            remedy: "Write % as %25.", start: index, length: min(3, part.endIndex - index))
        }
        result.append(high << 4 | low)
        index += 3
      } else {
        guard !escapes.contains(part[index]) else {
          throw IdentifierError(
            "epc.escape", "This character must be escaped in the URI of an EPC.",
            remedy: "Write it as a percent sign and two hexadecimal digits.", start: index, length: 1)
        }
        result.append(part[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension EPCTag {
  /// `urn:epc:tag:sgtin-96:3.0614141.812345.6789`.
  public var uri: String {
    "urn:epc:tag:\(encoding.rawValue):" + (filter.map { "\($0)." } ?? "") + identity.parts
  }
}
