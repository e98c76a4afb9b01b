extension AssetIdentifier {
  /// What a text may be whose form does not tell: an offer with its reason, never a finding.
  public struct Candidate: Hashable, Sendable {
    /// `gs1`, `epc`, `mac`, `imei`, `serial` or `dataIdentifier`.
    public let kind: String
    /// As it would be written were it this: an element string, an EPC's tag URI, an address, the value alone.
    public let value: String
    /// What speaks for it, without a subject or a full stop.
    public let reason: String
  }

  /// Every meaning that ``interpret(_:)-(RawScan)`` does not dare to give a text: product, location and shipment numbers by
  /// their check digit, element strings whose leading FNC1 the scanner left out, tags by their header, addresses, device numbers, lone data identifiers, serial numbers of
  /// manufacturers. The more telling ones stand first. Empty for what is longer than 128 bytes.
  public static func candidates(for text: String, rules: [SerialRule] = SerialRule.known) -> [Candidate] {
    let bytes = Array(text.utf8)[...]
    guard bytes.count <= 128 else { return [] }
    var candidates = numbers(bytes)
    if let elements = elementString(bytes) { candidates.append(elements) }
    if let tag = tag(bytes) { candidates.append(tag) }
    if let address = address(bytes) { candidates.append(address) }
    if let field = DataIdentifierField.reading(of: text), let meaning = field.meaning {
      candidates.append(
        Candidate(
          kind: "dataIdentifier", value: field.value, reason: "data identifier \(field.identifier), \(meaning)"))
    }
    // Several rules of one manufacturer may fit; one offer says all.
    var seen: Set<String> = []
    for serial in SerialNumber.readings(of: text, rules: rules) where seen.insert(serial.rule.id).inserted {
      candidates.append(
        Candidate(
          kind: "serial", value: serial.value, reason: "\(serial.rule.manufacturer) \(serial.rule.name), by its form"))
    }
    return candidates
  }

  /// Decimal numbers whose check digit holds. One number in ten has a fitting one by chance.
  private static func numbers(_ bytes: Bytes) -> [Candidate] {
    guard bytes.areDigits, bytes.contains(where: { $0 != 0x30 }) else { return [] }
    var candidates: [Candidate] = []
    func offer(_ identifier: String, _ digits: [UInt8], _ what: String) {
      let value = "(\(identifier))" + String(decoding: digits, as: UTF8.self)
      candidates.append(
        Candidate(kind: "gs1", value: value, reason: "\(bytes.count) digits with the check digit of \(what)"))
    }
    let holds = ValueCheck.checkDigit(bytes) == nil
    let padded = [UInt8](repeating: 0x30, count: max(0, 14 - bytes.count)) + bytes
    switch bytes.count {
    case 8:
      if holds { offer("01", padded, "a GTIN-8 (EAN-8)") }
      if let long = ElementString.expandedUPCE(Array(bytes)), ValueCheck.checkDigit(long[...]) == nil {
        offer("01", [0x30, 0x30] + long, "the GTIN-12 that a UPC-E stands for")
      }
    case 12 where holds: offer("01", padded, "a GTIN-12 (UPC-A)")
    case 13 where holds:
      offer("01", padded, "a GTIN-13 (EAN-13)")
      offer("414", Array(bytes), "a GLN, a location or party")
    case 14 where holds: offer("01", padded, "a GTIN-14")
    case 15:
      if let imei = IMEI(bytes) {
        candidates.append(
          Candidate(kind: "imei", value: imei.digits, reason: "15 digits with the check digit of an IMEI"))
      }
    case 16:
      let imei = Array(bytes.prefix(14)) + [IMEI.checkDigit(bytes.prefix(14))]
      if let imei = IMEI(imei), imei.isOfKnownBody {
        candidates.append(
          Candidate(
            kind: "imei", value: imei.digits,
            reason: "16 digits like an IMEISV, in which two of a version follow the IMEI"))
      }
    case 18 where holds: offer("00", Array(bytes), "an SSCC, a logistic unit")
    default: break
    }
    return candidates
  }

  /// A GS1 symbol's data from a scanner that sends neither symbology identifier nor leading FNC1. It must begin with a key,
  /// for hardly any other text begins like one and holds its rules to the end.
  private static func elementString(_ bytes: Bytes) -> Candidate? {
    guard bytes.count > 14, let key = ApplicationIdentifierTable.standard.identifier(at: bytes),
      let row = ApplicationIdentifierTable.standard.row(of: key), row.qualifiers != nil
    else { return nil }
    do throws(IdentifierError) {
      let elements = try ElementString(concatenated: bytes, isWholeItem: false)
      return Candidate(
        kind: "gs1", value: elements.bracketed,
        reason: "an element string that begins with \(key.named), without its leading FNC1")
    } catch {
      // What breaks the rules of GS1 is no element string.
      return nil
    }
  }

  /// The bits of a tag, as readers in keyboard mode type them.
  private static func tag(_ bytes: Bytes) -> Candidate? {
    guard bytes.count >= 24, bytes.count.isMultiple(of: 4), let bits = hexadecimal(bytes), let header = bits.first,
      EPCEncoding(header: header) != nil
    else { return nil }
    do throws(IdentifierError) {
      let tag = try EPCTag(binary: bits)
      return Candidate(
        kind: "epc", value: tag.uri,
        reason: "\(bytes.count) hexadecimal digits that are a tag of \(tag.encoding.rawValue)")
    } catch {
      // Digits that no tag has are no tag.
      return nil
    }
  }

  private static func address(_ bytes: Bytes) -> Candidate? {
    guard bytes.count == 12, let mac = MACAddress(bytes, bare: true), mac.value != 0,
      // A device has no group's address (IEEE 802, the lowest bit of the first byte).
      mac.bytes[0] & 1 == 0
    else { return nil }
    let reason =
      bytes.areDigits
      ? "12 digits that could be hexadecimal, though few MAC addresses have no letter"
      : "12 hexadecimal digits, which could be one device's MAC address"
    return Candidate(kind: "mac", value: mac.description, reason: reason)
  }

  private static func hexadecimal(_ digits: Bytes) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in digits {
      guard let value = nibble(digit) else { return nil }
      if let upper = high {
        bytes.append(upper << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? bytes : nil
  }
}
