import AssetIdentifiers

/// A part with what its own symbol says of it.
struct ReadPart {
  let part: CartonPart
  /// What a standard says; nil for plain data, whose meaning has to be inferred.
  var standard: Claim?
  /// Why it is none of the fields, if a standard says so.
  var otherwise: String?
  /// Manufacturers' serial numbers of this form.
  var serials: [SerialNumber] = []
}

extension CartonSymbol {
  /// The parts of the symbol: the elements of GS1 element strings and of ISO/IEC 15434 messages, or the whole.
  func parts() -> [ReadPart] {
    var scan = RawScan(bytes)
    if let symbologyIdentifier { scan.symbology = try? SymbologyIdentifier(Array(symbologyIdentifier.utf8)) }
    scan.isWholeItem = false
    // What cannot be read by any standard is data all the same: it is inferred, or left over and shown.
    guard let identifier = try? AssetIdentifier.interpret(scan) else {
      var read = ReadPart(part: whole(trimmed))
      if symbology == UInt8(ascii: "E") { read.otherwise = "an EAN or UPC symbol whose check digit is wrong" }
      return [read]
    }
    switch identifier {
    case .assetTag(let tag):
      return [ReadPart(part: whole(text), standard: Claim(.assetTag, tag, .ownTag, .certain))]
    case .gs1(let elements): return parts(of: elements)
    case .digitalLink(let link): return parts(of: link.elements)
    case .iso15434(let message):
      return message.fields.enumerated().map { number, field in
        var read = ReadPart(
          part: CartonPart(symbol: self, number: number, identifier: field.identifier, text: field.value))
        if let known = LoneIdentifier.fields[field.identifier], known != .other, !field.value.isEmpty {
          read.standard = Claim(known, field.value, .dataIdentifier(field.identifier, lone: false), .certain)
        } else {
          read.otherwise = (field.meaning ?? "no field of ours") + ", by data identifier " + field.identifier
        }
        return read
      }
    case .command, .location, .order, .kit, .badge:
      var read = ReadPart(part: whole(text))
      read.otherwise = "a label of this desk"
      return [read]
    default:
      var read = ReadPart(part: whole(trimmed))
      read.serials = SerialNumber.readings(of: read.part.text)
      return [read]
    }
  }

  /// The symbol as one part that is not looked into.
  var unread: ReadPart {
    var read = ReadPart(part: whole(text))
    read.otherwise = bytes.isEmpty ? "an empty code" : "more than a carton has"
    return read
  }

  /// A part by its number; nil when there are not so many.
  public func part(_ number: Int) -> CartonPart? { parts().map(\.part).first { $0.number == number } }

  private func parts(of elements: ElementString) -> [ReadPart] {
    if case .eanUPC = elements.carrier, let gtin = elements.elements.first {
      // What is printed below the bars, not the fourteen digits that it is filled up to.
      let shown = bytes.areDigits && bytes.count > 8 ? text : gtin.value
      return [ReadPart(part: whole(text), standard: Claim(.gtin, shown, .tradeItemSymbol, .certain))]
    }
    return elements.elements.enumerated().map { number, element in
      let identifier = element.identifier.description
      var read = ReadPart(
        part: CartonPart(symbol: self, number: number, identifier: identifier, text: element.value))
      if let field = Self.fields[identifier] {
        read.standard = Claim(field, element.value, .applicationIdentifier(identifier), .certain)
      } else {
        read.otherwise = "no field of ours, by application identifier \(identifier)"
      }
      return read
    }
  }

  private func whole(_ text: String) -> CartonPart {
    CartonPart(symbol: self, number: 0, identifier: nil, text: text)
  }

  private var trimmed: String {
    let text = text.utf8
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self.text[first...last])
  }

  /// The application identifiers that matter to a receiving desk (GS1 General Specifications §3).
  private static let fields: [String: CartonField] = [
    "00": .sscc, "01": .gtin, "02": .gtin, "21": .serial, "30": .quantity, "37": .quantity, "11": .date, "12": .date,
    "13": .date, "15": .date, "16": .date, "17": .date, "240": .partNumber, "241": .partNumber, "400": .purchaseOrder,
    "8002": .imei, "8003": .assetTag, "8004": .assetTag,
  ]
}
