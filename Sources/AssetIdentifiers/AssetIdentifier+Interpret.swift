extension AssetIdentifier {
  /// What `text` means, as a scanner or a picture gave it: ``interpret(_:)-(RawScan)`` of its UTF-8, alone on no label.
  public static func interpret(_ text: String, symbologyIdentifier: String? = nil) throws(IdentifierError)
    -> AssetIdentifier
  {
    var scan = RawScan(text.utf8)
    if let symbologyIdentifier { scan.symbology = try SymbologyIdentifier(Array(symbologyIdentifier.utf8)) }
    scan.isWholeItem = false
    return try interpret(scan)
  }

  /// What a scan means.
  ///
  /// White space and line ends at both ends are the scanner's, not the label's: they are dropped. Within the text GS, RS
  /// and EOT are kept, for GS1 element strings and ISO/IEC 15434 envelopes carry them; other control characters mean a
  /// scanner that is set up wrong. Nothing is guessed: where a form does not tell what it is, the scan is text, and
  /// ``candidates(for:)`` says what it may be.
  /// - Parameter scan: at most ``longestScan`` bytes.
  /// - Throws: ``IdentifierError``, which names the span that is wrong.
  public static func interpret(_ scan: RawScan) throws(IdentifierError) -> AssetIdentifier {
    var whole = scan.bytes
    guard whole.count <= longestScan else { throw tooLong(whole.count) }
    guard let first = whole.firstIndex(where: { !isSpace($0) }), let last = whole.lastIndex(where: { !isSpace($0) })
    else {
      throw IdentifierError(
        "empty", "The scan is empty.", remedy: "Scan it again, or clean the label.", start: 0, length: whole.count)
    }
    if scan.caretIsFNC1 {
      for index in whole.indices where whole[index] == UInt8(ascii: "^") { whole[index] = groupSeparator }
    }
    let bytes = whole[first...last]
    if let elements = try elements(of: scan, bytes) { return elements }
    guard let text = String(validating: bytes, as: UTF8.self) else { return .bytes(Array(bytes)) }
    if let message = try FormattedMessage(bytes, isWholeItem: scan.isWholeItem) { return .iso15434(message) }
    try checkControls(bytes)
    if let custody = try custodyCode(bytes) { return custody }
    if isTag(bytes) { return .assetTag(text) }
    if let tag = tagOfURL(bytes) { return .assetTag(tag) }
    if let hint = scan.hint, let identifier = try hinted(bytes, hint, scan.serialRules ?? SerialRule.known) {
      return identifier
    }
    if let link = try DigitalLink(bytes, isWholeItem: scan.isWholeItem) { return .digitalLink(link) }
    if let epc = try EPC(uri: bytes) { return .epc(epc) }
    if let mac = MACAddress(bytes) { return .mac(mac) }
    if let imei = IMEI(bytes) ?? IMEI(grouped: bytes), imei.isOfKnownBody { return .imei(imei) }
    for rule in scan.serialRules ?? selfEvident where rule.isSelfEvident {
      if let serial = rule.reading(of: bytes) { return .serial(serial) }
    }
    return .text(text)
  }

  /// The GS1 elements of a scan that is known to hold some: by its symbology, by a leading FNC1, or by the bracketed form.
  private static func elements(of scan: RawScan, _ bytes: Bytes) throws(IdentifierError) -> AssetIdentifier? {
    let isWholeItem = scan.isWholeItem
    switch scan.symbology?.carrying {
    case .elementStrings(let eci):
      let data = eci ? withoutECI(bytes) : bytes
      return .gs1(try ElementString(concatenated: data, isWholeItem: isWholeItem))
    case .gtin(let digits): return .gs1(try ElementString(gtin: bytes, digits: digits, isWholeItem: isWholeItem))
    case .gtinWithAddOn: return .gs1(try ElementString(gtinWithAddOn: bytes))
    case .addOn, .plain, nil: break
    }
    if bytes.first == groupSeparator { return .gs1(try ElementString(concatenated: bytes, isWholeItem: isWholeItem)) }
    if ElementString.looksBracketed(bytes) {
      return .gs1(try ElementString(bracketed: bytes, isWholeItem: isWholeItem))
    }
    return nil
  }

  /// What follows a leading `\` and six digits, by which a scanner names the character set (AIM ECI); GS1's data is ASCII
  /// in all of them.
  private static func withoutECI(_ bytes: Bytes) -> Bytes {
    guard bytes.first == UInt8(ascii: "\\"), bytes.count > 7, bytes.dropFirst().prefix(6).areDigits else {
      return bytes
    }
    return bytes.dropFirst(7)
  }

  /// The rules whose form alone tells.
  private static let selfEvident = SerialRule.known.filter(\.isSelfEvident)

  static func tooLong(_ count: Int) -> IdentifierError {
    IdentifierError(
      "tooLong", "The scan has \(count) bytes, more than \(longestScan).",
      remedy: "Scan one barcode at a time; if it is one, it is no asset's.", start: longestScan,
      length: count - longestScan)
  }

  /// What the hint says the scan is.
  private static func hinted(_ bytes: Bytes, _ hint: RawScan.Hint, _ rules: [SerialRule]) throws(IdentifierError)
    -> AssetIdentifier?
  {
    switch hint {
    case .mac:
      guard let mac = MACAddress(bytes, bare: true) else {
        throw IdentifierError(
          "mac", "This is no MAC address: six bytes in hexadecimal.", remedy: "Scan the label that says MAC.",
          start: bytes.startIndex, length: bytes.count)
      }
      return .mac(mac)
    case .imei:
      guard let imei = IMEI(spaced: bytes) else {
        throw IdentifierError(
          "imei", "This is no IMEI: fifteen digits, of which the last checks the others.",
          remedy: "Scan the label that says IMEI; sixteen digits are an IMEISV.", start: bytes.startIndex,
          length: bytes.count)
      }
      return .imei(imei)
    case .serial(let manufacturer):
      return SerialNumber.readings(of: bytes.text, manufacturer: manufacturer, rules: rules).first.map { .serial($0) }
    }
  }

  private static func checkControls(_ bytes: Bytes) throws(IdentifierError) {
    var previous: UInt8 = 0
    for index in bytes.indices {
      let byte = bytes[index]
      defer { previous = byte }
      let isC1 = previous == 0xC2 && byte &- 0x80 < 0x20
      guard byte < 0x20 || byte == 0x7F || isC1 else { continue }
      if byte == groupSeparator || byte == recordSeparator || byte == endOfTransmission { continue }
      throw IdentifierError(
        "controlCharacter", "The scan holds a control character.",
        remedy: "Scan it again; if it stays so, check the scanner's settings.", start: index - (isC1 ? 1 : 0),
        length: isC1 ? 2 : 1)
    }
  }
}
