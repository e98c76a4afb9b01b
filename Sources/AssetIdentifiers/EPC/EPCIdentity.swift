/// The pure identity of an EPC: which thing it is, however a tag encodes it.
public struct EPCIdentity: Hashable, Sendable {
  /// The kinds of identity.
  public enum Scheme: String, Hashable, Sendable, CaseIterable {
    case sgtin, sscc, sgln, grai, giai, gid, cpi
  }

  public let scheme: Scheme
  /// GS1 company prefix, 6 to 12 digits; of a GID the manager number.
  public let companyPrefix: String
  /// What the company has numbered: indicator and item reference, extension digit and serial reference, location
  /// reference, asset type, individual asset reference, object class, component and part reference.
  public let reference: String
  /// The serial number; of an SGLN the extension, `0` for none. Empty where the scheme has none.
  public let serial: String

  /// An identity whose parts fit their scheme (TDS 1.13 §6.3).
  /// - Throws: ``IdentifierError``. The span lies in `source`: of each part where it stands, in the order prefix,
  ///   reference, serial.
  init(
    _ scheme: Scheme, _ companyPrefix: String, _ reference: String, _ serial: String, source: [Range<Int>]
  ) throws(IdentifierError) {
    self.scheme = scheme
    self.companyPrefix = companyPrefix
    self.reference = reference
    self.serial = serial
    func fault(_ part: Int, _ sentence: String) -> IdentifierError {
      let span = part < source.count ? source[part] : (source.last ?? 0..<0)
      return IdentifierError(
        "epc.\(scheme.rawValue)", sentence, remedy: "Read the tag again; if it stays so, it is encoded wrong.",
        start: span.lowerBound, length: span.count)
    }
    let name = scheme.rawValue.uppercased()
    guard scheme != .gid else {
      for (part, (text, bits, what)) in [
        (companyPrefix, 28, "manager number"), (reference, 24, "object class"), (serial, 36, "serial number"),
      ].enumerated() {
        guard let number = Self.number(text), number < 1 << bits else {
          throw fault(part, "The \(what) of a GID is a number below \(1 << bits) without leading zeros.")
        }
      }
      return
    }
    guard (6...12).contains(companyPrefix.utf8.count), companyPrefix.utf8.areDigits else {
      throw fault(0, "A GS1 company prefix has 6 to 12 digits.")
    }
    if let digits = Self.referenceDigits(scheme, prefixDigits: companyPrefix.utf8.count) {
      guard reference.utf8.count == digits, reference.utf8.areDigits else {
        throw fault(
          1,
          "The reference of this \(name) has \(digits) digits: with the company prefix they are \(digits + companyPrefix.utf8.count)."
        )
      }
    }
    switch scheme {
    case .sgtin, .grai, .sgln:
      let most = scheme == .grai ? 16 : 20
      guard (1...most).contains(serial.utf8.count), Self.isText(serial) else {
        throw fault(2, "The serial number of a \(name) has 1 to \(most) characters that GS1 allows.")
      }
    case .giai:
      guard (1...(30 - companyPrefix.utf8.count)).contains(reference.utf8.count), Self.isText(reference) else {
        throw fault(1, "Company prefix and reference of a GIAI have at most 30 characters that GS1 allows.")
      }
    case .cpi:
      guard (1...(30 - companyPrefix.utf8.count)).contains(reference.utf8.count),
        reference.utf8.allSatisfy({ isDigit($0) || isUppercase($0) || "#-/".utf8.contains($0) })
      else { throw fault(1, "A component or part reference has digits, capital letters and # - / only.") }
      guard serial.utf8.count <= 12, Self.number(serial) != nil else {
        throw fault(2, "The serial number of a CPI has at most 12 digits and no leading zeros.")
      }
    case .sscc, .gid: break
    }
  }

  /// How many digits the reference has; nil where it may vary.
  static func referenceDigits(_ scheme: Scheme, prefixDigits: Int) -> Int? {
    switch scheme {
    case .sgtin: 13 - prefixDigits
    case .sscc: 17 - prefixDigits
    case .sgln, .grai: 12 - prefixDigits
    case .giai, .cpi, .gid: nil
    }
  }

  /// A decimal number without leading zeros.
  static func number(_ text: String) -> UInt64? {
    guard text.utf8.areDigits, text == "0" || text.utf8.first != 0x30 else { return nil }
    return UInt64(text)
  }

  /// Whether all characters are of GS1's set 82.
  static func isText(_ text: String) -> Bool {
    let members = ApplicationIdentifierRow.CharacterSet.members
    return text.utf8.allSatisfy { members[Int($0)] & ApplicationIdentifierRow.CharacterSet.text82.rawValue != 0 }
  }
}
