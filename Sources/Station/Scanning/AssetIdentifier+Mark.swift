import AssetIdentifiers
import Custody
import StationStore

extension AssetIdentifier {
  /// The text by which an asset is looked up first, and by which a new one is known.
  var mark: String { marks[0].value }

  /// The marks that this identifier may stand for, the most exact first; at least one.
  var marks: [BoundIdentifier] {
    switch self {
    case .assetTag(let tag): [BoundIdentifier(.tag, tag)]
    case .gs1(let elements): elements.marks
    case .digitalLink(let link): link.elements.marks + [BoundIdentifier(.thirdParty, link.uri)]
    case .epc(let epc): epc.marks
    case .iso15434(let message): message.marks
    case .serial(let serial):
      [BoundIdentifier(serial.rule.id == "dell.serviceTag" ? .serviceTag : .serial, serial.value)]
        + (serial.text == serial.value ? [] : [BoundIdentifier(.thirdParty, serial.text)])
    case .mac(let address): [BoundIdentifier(.mac, address.description)]
    case .imei(let imei): [BoundIdentifier(.imei, imei.digits)]
    case .text, .bytes: [BoundIdentifier(.serial, description)]
    case .command, .location, .order, .kit, .badge: [BoundIdentifier(.thirdParty, description)]
    }
  }
}

extension AssetIdentifier {
  /// Whether it can name one thing. A product's number, such as the EAN of its box, is on every one of its kind.
  var namesOneThing: Bool {
    let elements: ElementString? =
      switch self {
      case .gs1(let elements): elements
      case .digitalLink(let link): link.elements
      default: nil
      }
    guard let elements, elements["01"] != nil || elements["02"] != nil else { return true }
    return elements["21"] != nil || elements["8003"] != nil || elements["8004"] != nil
  }
}

extension StoreReading {
  /// Which asset an identifier means: by the first of its marks that any asset carries; else by the text as it was
  /// scanned, under which it may have been bound.
  func resolve(_ identifier: AssetIdentifier, scanned text: String) throws -> Resolution {
    for mark in identifier.marks {
      let resolution = try resolve(mark.value)
      if resolution != .unknown { return resolution }
    }
    return try resolve(text)
  }
}

extension Scan {
  /// What it means. Other symbols may stand on the same label.
  func interpret() throws(IdentifierError) -> AssetIdentifier {
    if let meaning { return meaning }
    var raw = RawScan(raw)
    if let symbologyIdentifier { raw.symbology = try SymbologyIdentifier(Array(symbologyIdentifier.utf8)) }
    raw.isWholeItem = false
    return try AssetIdentifier.interpret(raw)
  }
}

extension Scan {
  /// The texts by which what it means is looked up; none of what cannot be read.
  var marks: [String] {
    do { return try interpret().marks.map(\.value) } catch { return [] }
  }
}

extension ElementString {
  /// GTIN with serial, GRAI and GIAI, each as its element string and then as the bare value that may have been typed in.
  fileprivate var marks: [BoundIdentifier] {
    var marks: [BoundIdentifier] = []
    if self["01"] != nil, let serial = self["21"] {
      marks.append(BoundIdentifier(.gtinSerial, bracketed(["01", "21"])))
      marks.append(BoundIdentifier(.serial, serial))
    }
    for (identifier, kind) in [("8003", BoundIdentifier.Kind.grai), ("8004", .giai)]
      as [(ApplicationIdentifier, BoundIdentifier.Kind)]
    {
      guard let value = self[identifier] else { continue }
      marks.append(BoundIdentifier(kind, bracketed([identifier])))
      marks.append(BoundIdentifier(kind, value))
    }
    if let imei = self["8040"] { marks.append(BoundIdentifier(.imei, imei)) }
    if let serial = self["21"], self["01"] == nil { marks.append(BoundIdentifier(.serial, serial)) }
    return marks.isEmpty ? [BoundIdentifier(.thirdParty, bracketed)] : marks
  }
}

extension EPC {
  /// The tag's URI, the identity's, the bits in hexadecimal; then what GS1 calls the same thing.
  fileprivate var marks: [BoundIdentifier] {
    var marks = [BoundIdentifier(.epc, uri)]
    if let identity, identity.uri != uri { marks.append(BoundIdentifier(.epc, identity.uri)) }
    if let binary {
      let digits = binary.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }.joined()
      marks.append(BoundIdentifier(.epc, digits))
    }
    return marks + (identity?.elementString?.marks ?? [])
  }
}

extension FormattedMessage {
  /// The serial numbers of its fields, the item's own first; then its GS1 elements, then the whole of it.
  fileprivate var marks: [BoundIdentifier] {
    var marks: [BoundIdentifier] = []
    for identifier in ["S", "1S", "25S", "18S", "22S"] {
      for field in fields where field.identifier == identifier { marks.append(BoundIdentifier(.serial, field.value)) }
    }
    for field in fields where field.identifier == "23S" { marks.append(BoundIdentifier(.mac, field.value)) }
    for envelope in envelopes { marks += envelope.elements?.marks ?? [] }
    return marks.isEmpty ? [BoundIdentifier(.thirdParty, fields.first?.value ?? "message")] : marks
  }
}

extension DeskCommand {
  /// The act that the command turns a session to; nil for those that turn it to none.
  var verb: Verb? {
    switch self {
    case .receive: .receive
    case .deploy: .deploy
    case .transfer: .transfer
    case .return: .return
    case .triage: .triage
    case .repairOut: .repairOut
    case .repairIn: .repairIn
    case .ship: .ship
    case .arrive: .arrive
    case .retire: .retire
    case .sanitize: .sanitize
    case .dispose: .dispose
    case .declareMissing: .declareMissing
    case .found: .found
    case .bind: .bind
    case .unbind: .unbind
    case .attach: .attach
    case .detach: .detach
    case .undo, .close, .lookup, .skip, .damaged: nil
    }
  }
}
