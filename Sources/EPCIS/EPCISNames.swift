import AssetIdentifiers
import Custody
import TamperEvidence

/// What things are called in EPCIS. Everything there is a URI; `docs/epcis.md` has them in a table.
public enum EPCISNames {
  /// GS1's JSON-LD context for EPCIS 2.0.
  public static let context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
  /// The namespace of our own terms and fields, `custody:` in a document.
  public static let namespace = "urn:custody:epcis:"

  /// The asset itself, whatever marks it carries.
  public static func asset(_ id: AssetID) -> String { "urn:uuid:\(id)" }

  /// A person: the opaque reference that the ledger has.
  static func person(_ id: PersonID) -> String { "urn:uuid:\(id)" }

  /// A custody event.
  static func event(_ id: EventID) -> String { "urn:uuid:\(id)" }

  /// An entry of the ledger, by the SHA-256 of its exact bytes.
  static func entry(_ hash: EntryHash) -> String { "urn:custody:entry:\(hash)" }

  /// A place of a site (CBV 2.0 §8.3.3: a private URN with `loc`).
  static func location(_ code: LocationCode, of site: SiteCode) -> String {
    "urn:custody:loc:\(escaped(site.text)):\(escaped(code.text))"
  }

  /// A station, where things are read.
  static func station(_ code: StationCode, of site: SiteCode) -> String {
    "urn:custody:station:\(escaped(site.text)):\(escaped(code.text))"
  }

  /// Who answers for an asset.
  static func custodian(_ custodian: Custodian, of site: SiteCode) -> String {
    switch custodian {
    case .person(let id): person(id)
    case .team(let name): "urn:custody:team:\(escaped(name))"
    case .place(let code): location(code, of: site)
    }
  }

  /// A vendor, recycler or carrier, by the name that was recorded.
  static func party(_ name: String) -> String { "urn:custody:party:\(escaped(name))" }

  /// A business transaction: an order, a certificate (CBV 2.0 §8.5.3).
  static func transaction(_ kind: String, _ number: String) -> String { "urn:custody:bt:\(kind):\(escaped(number))" }

  /// A mark as text, its kind before it so that no serial number is taken for a number.
  static func mark(_ mark: BoundIdentifier) -> String {
    "urn:custody:mark:\(mark.kind.rawValue):\(escaped(mark.value))"
  }

  /// What a mark names in EPCIS: where GS1 says so the canonical Digital Link of its key, else ``mark(_:)``.
  public static func name(of mark: BoundIdentifier) -> String { gs1(mark) ?? Self.mark(mark) }

  /// The canonical GS1 Digital Link of a mark that names one single thing by a GS1 key, or the URI of a GID; nil of any
  /// other. An RFID tag and a printed code with one key give one URI.
  public static func gs1(_ mark: BoundIdentifier) -> String? {
    do throws(IdentifierError) {
      switch mark.kind {
      case .epc:
        guard let identity = try identity(mark.value) else { return nil }
        guard let elements = identity.elementString else { return identity.uri }
        return try DigitalLink(elements).canonicalURI
      case .gtinSerial, .giai, .grai:
        let key: ApplicationIdentifier = mark.kind == .grai ? "8003" : mark.kind == .giai ? "8004" : "01"
        let text = mark.value.hasPrefix("(") ? mark.value : "(\(key))\(mark.value)"
        let elements = try ElementString(text.utf8)
        // A GTIN or a GRAI without serial number names a kind of thing.
        let isSingle =
          switch mark.kind {
          case .gtinSerial: elements["01"] != nil && elements["21"] != nil
          case .grai: (elements["8003"]?.utf8.count ?? 0) > 14
          default: elements["8004"] != nil
          }
        return isSingle ? try DigitalLink(elements).canonicalURI : nil
      case .tag, .serial, .mac, .imei, .serviceTag, .thirdParty: return nil
      }
    } catch {
      // A mark that GS1's rules refuse is a text like any other.
      return nil
    }
  }

  private static func identity(_ text: String) throws(IdentifierError) -> EPCIdentity? {
    if text.hasPrefix("urn:") { return try EPC(uri: text).identity }
    let nibbles = text.compactMap(\.hexDigitValue)
    guard nibbles.count == text.count, !nibbles.isEmpty, nibbles.count.isMultiple(of: 2) else { return nil }
    return try EPC(binary: stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) })
      .identity
  }

  /// Percent-encodes what is not unreserved (RFC 3986 §2.3).
  static func escaped(_ text: String) -> String {
    var escaped: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        escaped.append(byte)
      default: escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}
