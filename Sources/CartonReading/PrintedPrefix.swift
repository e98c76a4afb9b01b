import AssetIdentifiers

/// What stands before a value inside of the symbol because the label's maker put the printed caption into the code:
/// `SN:`, `S/N`, `P/N`, `MAC ADDRESS:`, `(1P)`.
struct PrintedPrefix {
  /// All that is dropped, with its colon and blanks.
  let text: String
  /// The caption alone.
  let caption: String
  let field: CartonField
  /// What follows.
  let value: String

  /// The prefix that a text begins with; nil when there is none, or nothing behind it.
  static func leading(_ text: String) -> PrintedPrefix? {
    let bytes = Array(text.utf8)
    if bytes.first == UInt8(ascii: "(") { return bracketed(bytes) }
    guard let first = bytes.first, let captions = table[capital(first)] else { return nil }
    for (caption, field) in captions {
      guard bytes.count > caption.count, zip(bytes, caption).allSatisfy({ capital($0) == $1 }) else { continue }
      var end = caption.count
      while end < bytes.count, isMark(bytes[end]) { end += 1 }
      let value = Array(bytes[end...])
      guard !value.isEmpty else { return nil }
      // Without a mark between the two the caption may be the value's own beginning.
      let isApart = end > caption.count || !isLetter(caption[caption.count - 1]) || caption.contains(UInt8(ascii: "/"))
      guard isApart || (field == .mac && isHardwareAddress(value)) || (field == .imei && IMEI(value) != nil) else {
        continue
      }
      return PrintedPrefix(
        text: String(decoding: bytes[..<end], as: UTF8.self), caption: String(decoding: caption, as: UTF8.self),
        field: field, value: String(decoding: value, as: UTF8.self))
    }
    return nil
  }

  /// A data identifier in brackets, as it is printed above the bars.
  private static func bracketed(_ bytes: [UInt8]) -> PrintedPrefix? {
    guard let close = bytes.prefix(6).firstIndex(of: UInt8(ascii: ")")), close + 1 < bytes.count,
      let field = LoneIdentifier.fields[String(decoding: bytes[1..<close], as: UTF8.self)]
    else { return nil }
    var start = close + 1
    while start < bytes.count, isMark(bytes[start]) { start += 1 }
    guard start < bytes.count else { return nil }
    return PrintedPrefix(
      text: String(decoding: bytes[..<start], as: UTF8.self), caption: String(decoding: bytes[...close], as: UTF8.self),
      field: field, value: String(decoding: bytes[start...], as: UTF8.self))
  }

  private static func isMark(_ byte: UInt8) -> Bool { ": #.=".utf8.contains(byte) }

  /// Captions by their first letter, the longest first.
  private static let table: [UInt8: [([UInt8], CartonField)]] = {
    let captions: [(CartonField, [String])] = [
      (.serial, ["SERIAL NUMBER", "SERIAL NO", "SERIAL", "S/N", "SN", "SERVICE TAG"]),
      (
        .partNumber,
        ["PART NUMBER", "PART NO", "PART", "P/N", "PN", "MPN", "PRODUCT NUMBER", "PRODUCT NO", "PROD ID", "PID", "SKU"]
      ),
      (.model, ["MODEL NUMBER", "MODEL NO", "MODEL", "M/N", "MTM"]),
      (
        .mac,
        [
          "MAC ADDRESS", "MAC ADDR", "MAC ID", "MAC1", "MAC2", "MAC", "WLAN MAC", "LAN MAC", "WIFI MAC", "ETHERNET MAC",
          "WI-FI ADDRESS", "BT MAC",
        ]
      ),
      (.imei, ["IMEI/MEID", "IMEI 1", "IMEI 2", "IMEI1", "IMEI2", "IMEI"]),
      (.purchaseOrder, ["PURCHASE ORDER", "CUSTOMER PO", "PO NUMBER", "PO NO", "P.O. NO", "P.O.", "P/O", "PO"]),
      (.quantity, ["QUANTITY", "QTY"]),
      (.gtin, ["UPC-A", "UPC", "EAN-13", "EAN", "GTIN"]),
      (.sscc, ["SSCC"]),
      (.assetTag, ["ASSET TAG", "ASSET NUMBER", "ASSET NO", "ASSET", "TAG NO"]),
      (.date, ["MFG DATE", "DATE CODE", "DATE", "D/C", "MFD"]),
    ]
    let all = captions.flatMap { field, texts in texts.map { (Array($0.utf8), field) } }
    return Dictionary(grouping: all) { $0.0[0] }.mapValues { $0.sorted { $0.0.count > $1.0.count } }
  }()
}

/// A data identifier of ANSI MH10.8.2 that stands before its value without an envelope, as most linear symbols on cartons
/// have it: `1PEF224A4`. It may as well be how a serial number happens to begin.
struct LoneIdentifier {
  let identifier: String
  let field: CartonField
  let value: String
  /// Whether it is more than a letter that many codes begin with.
  let isTelling: Bool

  /// The fields of the data identifiers that matter to a receiving desk. What is `other` here has a meaning that is none
  /// of the fields.
  static let fields: [String: CartonField] = [
    "S": .serial, "P": .partNumber, "1P": .partNumber, "30P": .partNumber, "3P": .gtin, "8P": .gtin, "Q": .quantity,
    "7Q": .quantity, "K": .purchaseOrder, "23S": .mac, "D": .date, "6D": .date, "9D": .date, "10D": .date, "11D": .date,
    "14D": .date, "16D": .date, "1T": .other, "T": .other, "4L": .other, "V": .other, "1K": .other, "10K": .other,
    "11K": .other, "2K": .other, "2P": .other, "13Z": .other, "12Z": .other, "11Z": .other, "20Z": .other,
  ]

  static func leading(_ text: String) -> LoneIdentifier? {
    let bytes = text.utf8
    var digits = 0
    for byte in bytes.prefix(4) {
      if isDigit(byte) {
        digits += 1
        continue
      }
      guard digits < 4, (0x41...0x5A).contains(byte) else { return nil }
      let identifier = String(decoding: bytes.prefix(digits + 1), as: UTF8.self)
      guard let field = fields[identifier] else { return nil }
      let value = Array(bytes.dropFirst(digits + 1))
      guard fits(value, identifier, field) else { return nil }
      return LoneIdentifier(
        identifier: identifier, field: field, value: String(decoding: value, as: UTF8.self),
        isTelling: identifier == "Q" || (digits > 0 && field != .other))
    }
    return nil
  }

  /// Whether the value has the form that the standard gives it.
  private static func fits(_ value: [UInt8], _ identifier: String, _ field: CartonField) -> Bool {
    switch field {
    case .quantity: (1...5).contains(value.count) && value.areDigits
    case .date:
      switch identifier {
      case "D": value.count == 6 && value.areDigits
      case "10D": value.count == 4 && value.areDigits
      case "11D": value.count == 6 && value.areDigits
      case "6D", "14D", "16D": value.count >= 8 && value[..<8].areDigits
      default: (4...8).contains(value.count) && value.areDigits
      }
    case .mac: isHardwareAddress(value)
    case .gtin: hasGTINCheckDigit(value)
    case .serial: value.count >= 4 && value.allSatisfy { isCodeCharacter($0) }
    case .other: value.count >= 1
    default: value.count >= 3 && value.allSatisfy { isCodeCharacter($0) }
    }
  }
}
