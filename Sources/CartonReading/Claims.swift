import AssetIdentifiers

/// What every part of a carton may be, with what the parts say of each other. Fed with parts in an order of their own.
struct Claims {
  let parts: [ReadPart]
  let knowledge: CartonKnowledge
  /// The models that part numbers and model names on the carton name.
  let products: [KnownProduct]

  /// Data identifiers that stand on the carton beyond doubt, and those that codes merely begin with.
  private let tellingIdentifiers: Set<String>
  private let weakIdentifiers: Set<String>
  private let lone: [LoneIdentifier?]
  /// Values of Dell express service codes that could be on the carton, by the digits that they would be printed as.
  private let expressCodes: [String: String]
  /// What stands on the carton as it is, and what standards say of it.
  private let texts: Set<String>
  private let standards: Set<String>

  init(_ parts: [ReadPart], knowing knowledge: CartonKnowledge) {
    self.parts = parts
    self.knowledge = knowledge
    texts = Set(parts.map(\.part.text))
    standards = Set(parts.compactMap { $0.standard?.value })
    lone = parts.map { $0.part.identifier == nil && $0.standard == nil ? LoneIdentifier.leading($0.part.text) : nil }
    tellingIdentifiers = Set(lone.compactMap { $0?.isTelling == true ? $0?.identifier : nil })
    weakIdentifiers = Set(lone.compactMap { $0?.isTelling == false ? $0?.identifier : nil })
    var codes: [String: String] = [:]
    for read in parts where read.part.identifier == nil {
      if let code = expressServiceCode(of: read.part.text) { codes[code] = read.part.text }
    }
    expressCodes = codes
    var named: Set<KnownProduct> = []
    for (read, lone) in zip(parts, lone) {
      let printed = read.part.identifier == nil ? PrintedPrefix.leading(read.part.text)?.value : nil
      for text in [read.part.text, lone?.value, printed].compactMap({ $0 }) + read.serials.compactMap(\.machine) {
        named.formUnion(knowledge.products(named: text))
      }
    }
    var found = named.sorted(by: KnownProduct.precedes)
    if let expected = knowledge.expected {
      // Of several lines for one part the session's own is meant; another model than the session's is another model.
      let own = found.filter { $0.order == expected.order && $0.line == expected.line && expected.order != nil }
      if !own.isEmpty { found = own }
      if found.isEmpty { found = [expected] }
    }
    products = found
  }

  /// The readings of a part, the surest first; empty when it says nothing.
  func claims(of index: Int, choice: CartonChoice?) -> [Claim] {
    let read = parts[index]
    if let choice { return [chosen(choice, read, lone[index])] }
    var claims = learned(read.part)
    if let standard = read.standard { claims.append(standard) }
    if read.part.identifier == nil, read.standard == nil, read.otherwise == nil { claims += inferred(index) }
    claims.removeAll { $0.value.utf8.count > Carton.longestValue }
    // Of two reasons for the same reading the better counts.
    var best: [Claim.Fact: Claim] = [:]
    for claim in claims {
      if let known = best[claim.facts[0]], known.confidence >= claim.confidence { continue }
      best[claim.facts[0]] = claim
    }
    return best.values.sorted {
      ($1.confidence, $0.field.rank, $0.value) < ($0.confidence, $1.field.rank, $1.value)
    }
  }

  private func chosen(_ choice: CartonChoice, _ read: ReadPart, _ lone: LoneIdentifier?) -> Claim {
    let value: String
    if let given = choice.value {
      value = given
    } else if read.standard?.field == choice.field, let standard = read.standard {
      value = standard.value
    } else {
      let prefix = CodePattern.prefix(of: read.part, for: choice.field) ?? ""
      value = String(decoding: read.part.text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
    return Claim(choice.field, value, .chosen(by: choice.by), .chosen)
  }

  /// What operators said of codes that look like this one: of this model for sure, of another only while the carton's
  /// model is not known.
  private func learned(_ part: CartonPart) -> [Claim] {
    var own: [Claim] = []
    var others: [Claim.Fact: [Correction]] = [:]
    for correction in knowledge.corrections(ofLength: part.text.utf8.count) {
      guard let value = correction.pattern.value(in: part) else { continue }
      if products.contains(where: correction.isFor) {
        own.append(Claim(correction.field, value, .corrected(by: correction.by, on: correction.on), .corrected))
      } else if products.isEmpty {
        others[Claim.Fact(field: correction.field, value: value), default: []].append(correction)
      }
    }
    guard own.isEmpty else { return own }
    return others.map { fact, corrections in
      let models = Set(corrections.map { [$0.manufacturer, $0.model] })
      let reason: Reason =
        models.count == 1
        ? .learned(manufacturer: corrections[0].manufacturer, model: corrections[0].model)
        : .form("matches patterns learned for \(models.count) models")
      return Claim(fact.field, fact.value, reason, .likely)
    }
  }

  /// What a plain code may be.
  private func inferred(_ index: Int) -> [Claim] {
    let read = parts[index]
    let text = read.part.text
    let bytes = Array(text.utf8)
    var claims = byCatalogue(text)
    if let printed = PrintedPrefix.leading(text) {
      claims += byCatalogue(printed.value).map { Claim($0.field, printed.value, $0.reason, $0.confidence) }
      claims.append(Claim(printed.field, printed.value, .printedPrefix(printed.caption), .certain))
      return claims
    }
    if let code = expressCodes[text], code != text {
      claims.append(
        Claim(.other, text, .manufacturerRule("the express service code of service tag \(code)"), .certain))
    }
    if let code = expressServiceCode(of: text), texts.contains(code) {
      claims.append(
        Claim(.serial, text, .manufacturerRule("its express service code \(code) stands beside it"), .certain))
    }
    claims += byManufacturer(read)
    if let lone = lone[index] { claims += byLoneIdentifier(lone, text) }
    claims += byForm(bytes, text, read.part.symbol)
    if isSerialLike(bytes) { claims.append(Claim(.serial, text, .onlyCodeLeft, .guess)) }
    return claims
  }

  private func byCatalogue(_ text: String) -> [Claim] {
    let name = folded(text)
    if knowledge.orders.contains(name) {
      return [Claim(.purchaseOrder, text, .catalogue("a purchase order of ours"), .certain)]
    }
    if let products = knowledge.partNumber(name) {
      return [Claim(.partNumber, text, .catalogue("the part number of \(products[0].name)"), .certain)]
    }
    if let products = knowledge.byModel[name] {
      return [Claim(.model, text, .catalogue("a model that is ordered: \(products[0].name)"), .certain)]
    }
    return []
  }

  private func byManufacturer(_ read: ReadPart) -> [Claim] {
    let makers = Set(products.compactMap { $0.manufacturer?.lowercased() })
    return read.serials.compactMap { serial in
      // The short forms tell nothing without the manufacturer.
      guard serial.rule.isSelfEvident || serial.machine != nil || makers.contains(serial.rule.manufacturer.lowercased())
      else { return nil }
      return Claim(
        .serial, serial.value, .manufacturerRule("the form of a \(serial.rule.manufacturer) \(serial.rule.name)"),
        .likely, also: serial.machine.map { [Claim.Fact(field: .partNumber, value: $0)] } ?? [])
    }
  }

  /// A letter that a code begins with is a data identifier when the carton's other codes have them too.
  private func byLoneIdentifier(_ lone: LoneIdentifier, _ text: String) -> [Claim] {
    let others = tellingIdentifiers.subtracting([lone.identifier])
    let weak = weakIdentifiers.subtracting([lone.identifier])
    let isSupported = !others.isEmpty || weak.count >= 2
    let isRepeated = texts.contains(lone.value) || standards.contains(lone.value)
    let confidence: Confidence =
      switch (lone.isTelling, isSupported || isRepeated) {
      case (true, true): .certain
      case (true, false), (false, true): .likely
      case (false, false): .guess
      }
    // Too many codes begin with these letters for one alone to be a sign; of a serial number it is worth asking.
    if confidence == .guess, lone.field != .serial { return [] }
    return [Claim(lone.field, lone.value, .dataIdentifier(lone.identifier, lone: true), confidence)]
  }

  private func byForm(_ bytes: [UInt8], _ text: String, _ symbol: CartonSymbol) -> [Claim] {
    if symbol.symbology == UInt8(ascii: "E") { return [] }
    var claims: [Claim] = []
    if let imei = IMEI(bytes) {
      claims.append(
        Claim(
          .imei, text,
          .checkDigit(
            imei.isOfKnownBody
              ? "15 digits with a valid Luhn digit, allocated by a known body" : "15 digits with a valid Luhn digit"),
          imei.isOfKnownBody ? .likely : .guess))
    }
    if bytes.count >= 12, hasGTINCheckDigit(bytes) {
      claims.append(Claim(.gtin, text, .checkDigit("\(bytes.count) digits with the check digit of a GTIN"), .likely))
    }
    if bytes.count == 18, hasGS1CheckDigit(bytes) {
      claims.append(Claim(.sscc, text, .checkDigit("18 digits with the check digit of an SSCC"), .likely))
    }
    // Twelve decimal digits are hexadecimal too, but are hardly ever an address.
    if isHardwareAddress(bytes), !bytes.areDigits {
      let isBare = bytes.count == 12
      claims.append(
        Claim(
          .mac, text,
          .form(isBare ? "12 hexadecimal digits, the address of one interface" : "the form of a MAC address"),
          isBare ? .likely : .certain))
    }
    return claims
  }

  /// Whether a text could be a serial number at all: letters, digits and few signs, one digit at least.
  private func isSerialLike(_ bytes: [UInt8]) -> Bool {
    (4...30).contains(bytes.count) && bytes.contains(where: isDigit) && bytes.allSatisfy(isCodeCharacter)
  }
}

extension SerialNumber {
  /// Machine type and model, which the label has before the serial number: what is ordered by.
  fileprivate var machine: String? {
    guard let type = details.first(where: { $0.name == "machineType" })?.value,
      let model = details.first(where: { $0.name == "model" })?.value
    else { return nil }
    return type + model
  }
}

extension CartonKnowledge {
  /// Products with this part number, which a carton may carry with its country's suffix: `7X1X2UA#ABA`.
  func partNumber(_ name: String) -> [KnownProduct]? {
    if let products = byPartNumber[name] { return products }
    guard let mark = name.firstIndex(of: "#") else { return nil }
    return byPartNumber[String(name[..<mark])]
  }

  func products(named text: String) -> [KnownProduct] {
    let name = folded(text)
    return partNumber(name) ?? byModel[name] ?? []
  }
}

/// The express service code of a Dell service tag: its seven characters read as a number of base 36 (Dell's support pages
/// give both). Nil for texts that are none.
func expressServiceCode(of text: String) -> String? {
  let bytes = text.utf8
  guard bytes.count == 7, !Array(bytes).areDigits else { return nil }
  var number = 0
  for byte in bytes {
    switch byte {
    case 0x30...0x39: number = number * 36 + Int(byte - 0x30)
    case 0x41...0x5A: number = number * 36 + Int(byte - 0x41) + 10
    default: return nil
    }
  }
  return String(number)
}
