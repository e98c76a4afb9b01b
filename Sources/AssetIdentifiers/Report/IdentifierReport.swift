/// An identifier in all the forms that follow from it, as `custody identify` prints it.
public struct IdentifierReport: Sendable {
  /// `gs1`, `digitalLink`, `epc`, `iso15434`, `assetTag`, `serial`, `mac`, `imei`, `badge`, `location`, `order`, `kit`, `command` or `text`.
  public let kind: String
  /// Named values in the order of the scan; a name that occurs twice has several values.
  public private(set) var fields: [(name: String, values: [String])] = []
  /// The bracketed GS1 element string.
  public private(set) var elementString: String?
  /// `urn:epc:tag:…`, or `urn:epc:raw:…` for bits that are kept as they are.
  public private(set) var tagURI: String?
  /// `urn:epc:id:…`.
  public private(set) var epcURI: String?
  /// The canonical GS1 Digital Link.
  public private(set) var digitalLink: String?
  /// The bits of a tag in hexadecimal.
  public private(set) var hexadecimal: String?
  /// What else must be known to judge the answer: what was tolerated, what a serial number proves, what a text may be.
  public private(set) var reason: String?
  /// What a text may be, one by one.
  public private(set) var candidates: [AssetIdentifier.Candidate] = []
  /// What a tag could be made of.
  private var elements: ElementString?
  private var epc: EPC?

  /// - Parameters:
  ///   - prefixes: by which element strings get their EPC.
  ///   - rules: by which a text may be a serial number.
  public init(
    _ identifier: AssetIdentifier, prefixes: CompanyPrefixes = CompanyPrefixes([]),
    rules: [SerialRule] = SerialRule.known
  ) {
    kind = identifier.kind
    switch identifier {
    case .assetTag(let tag): add("assetTag", tag)
    case .command(let command): add("command", command.rawValue)
    case .location(let code): add("location", code)
    case .order(let number): add("order", number)
    case .kit(let code): add("kit", code)
    case .badge(let token): add("badge", token)
    case .gs1(let elements):
      add(elements, prefixes)
      if case .eanUPC(let addOn?) = elements.carrier { add("addOn", addOn) }
    case .digitalLink(let link):
      add(link.elements, prefixes)
      digitalLink = link.canonicalURI
    case .epc(let epc): add(epc)
    case .iso15434(let message): add(message, prefixes)
    case .serial(let serial):
      add("serial", serial.value)
      add("manufacturer", serial.rule.manufacturer)
      add("rule", serial.rule.id)
      for detail in serial.details { add(detail.name, detail.value) }
      reason = "\(serial.rule.manufacturer) \(serial.rule.name). \(serial.rule.proves)"
    case .mac(let address): add("mac", address.description)
    case .imei(let imei):
      add("imei", imei.digits)
      add("typeAllocationCode", imei.typeAllocationCode)
    case .text(let text):
      add("text", text)
      candidates = AssetIdentifier.candidates(for: text, rules: rules)
      if !candidates.isEmpty {
        let offers = candidates.map { "\($0.value), \($0.reason)" }.joined(separator: "; ")
        reason = "It may be, but nothing proves it: \(offers)."
      }
    case .bytes(let bytes):
      add("bytes", Self.hexadecimal(bytes))
      reason = "The bytes are no UTF-8; they are given in hexadecimal."
    }
  }

  /// Adds the tag that holds the identity, in place of the one that it was read from: its URI and its bits.
  /// - Throws: ``IdentifierError`` when there is no identity, its company prefix is not known, or the tag cannot hold it.
  ///   The span is the whole of `input`.
  public mutating func addTag(
    _ form: TagForm, prefixes: CompanyPrefixes, input: String
  ) throws(IdentifierError) {
    do throws(IdentifierError) {
      var form = form
      if case .tag(let tag) = epc, form.filter == nil { form.filter = tag.filter }
      let tag: EPCTag
      if let identity = epc?.identity {
        tag = try form.tag(identity)
      } else if let elements {
        tag = try form.tag(prefixes.tagIdentity(of: elements))
      } else {
        throw IdentifierError(
          "epc.key", "There is nothing here of which a tag can be made.",
          remedy: "Give a GS1 element string, a GS1 Digital Link or an EPC.", start: 0, length: 0)
      }
      tagURI = tag.uri
      epcURI = tag.identity.uri
      hexadecimal = Self.hexadecimal(tag.binary)
    } catch {
      throw error.moved(to: 0, length: input.utf8.count)
    }
  }

  private mutating func add(_ name: String, _ value: String) {
    if let index = fields.firstIndex(where: { $0.name == name }) {
      fields[index].values.append(value)
    } else {
      fields.append((name, [value]))
    }
  }

  private mutating func add(_ elements: ElementString, _ prefixes: CompanyPrefixes) {
    for element in elements.elements where !fields.contains(where: { $0.name == element.identifier.description }) {
      add(element.identifier.description, element.value)
    }
    self.elements = elements
    elementString = elements.bracketed
    epcURI = prefixes.identity(of: elements)?.uri
    // Of elements without key, or with one that no link carries, there is no link.
    digitalLink = try? DigitalLink(elements).uri
  }

  private mutating func add(_ epc: EPC) {
    self.epc = epc
    if let elements = epc.identity?.elementString {
      add(elements, CompanyPrefixes([]))
    } else if let identity = epc.identity {
      let isGID = identity.scheme == .gid
      add(isGID ? "manager" : "companyPrefix", identity.companyPrefix)
      add(isGID ? "class" : "reference", identity.reference)
      add("serial", identity.serial)
    }
    epcURI = epc.identity?.uri
    hexadecimal = epc.binary.map(Self.hexadecimal)
    switch epc {
    case .identity: break
    case .tag(let tag): tagURI = tag.uri
    case .raw(let raw):
      tagURI = raw.uri
      reason = raw.reason
    }
  }

  private mutating func add(_ message: FormattedMessage, _ prefixes: CompanyPrefixes) {
    for envelope in message.envelopes {
      for field in envelope.fields { add(field.identifier, field.value) }
      if let elements = envelope.elements { add(elements, prefixes) }
      if let data = envelope.data { add("format\(envelope.format)", data) }
    }
    if !message.tolerated.isEmpty { reason = message.tolerated.joined(separator: " ") }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    String(
      decoding: bytes.flatMap { [uppercaseHexadecimal[Int($0 >> 4)], uppercaseHexadecimal[Int($0 & 15)]] },
      as: UTF8.self)
  }
}

extension AssetIdentifier {
  /// What kind of thing it is, in the words of the API and of `custody identify`.
  public var kind: String {
    switch self {
    case .assetTag: "assetTag"
    case .command: "command"
    case .location: "location"
    case .order: "order"
    case .kit: "kit"
    case .badge: "badge"
    case .gs1: "gs1"
    case .digitalLink: "digitalLink"
    case .epc: "epc"
    case .iso15434: "iso15434"
    case .serial: "serial"
    case .mac: "mac"
    case .imei: "imei"
    case .text, .bytes: "text"
    }
  }
}
