extension FormattedMessage {
  /// The message in a scan; nil when the scan does not begin like one.
  ///
  /// The grammar (ISO/IEC 15434; RS, GS and EOT are control characters):
  /// ```
  /// message  = "[)>" RS 1*envelope EOT
  /// envelope = format … RS
  /// format   = 2DIGIT                                   05 and 06: GS, then fields with GS between them
  /// ```
  /// Real labels stray from it. Where only one thing can be meant it is read all the same, and ``tolerated`` says so.
  /// - Throws: ``IdentifierError`` for a format that does not exist, an empty message, and GS1 elements that are wrong.
  init?(_ bytes: Bytes, isWholeItem: Bool = false) throws(IdentifierError) {
    var head = bytes
    if head.first == UInt8(ascii: ">"), head.dropFirst().starts(with: "[)>") { head = head.dropFirst() }
    guard head.starts(with: "[)>") else { return nil }
    var tolerated: [String] = []
    if head.startIndex > bytes.startIndex {
      tolerated.append("A > stands before the header.")
    }
    var message = Separated(head.dropFirst(3))
    message.read(&tolerated)

    var envelopes: [Envelope] = []
    for part in message.envelopes {
      guard part.count >= 2, isDigit(part[part.startIndex]), isDigit(part[part.startIndex + 1]) else {
        throw message.error("format", "Two digits that say the format must stand here.", part.prefix(2))
      }
      let format = part.prefix(2)
      let data = part.dropFirst(2)
      switch format.text {
      case "05":
        let elements: ElementString
        do throws(IdentifierError) {
          elements = try ElementString(concatenated: data, isWholeItem: isWholeItem)
        } catch {
          throw message.placed(error)
        }
        envelopes.append(
          Envelope(
            format: "05", fields: [], elements: ElementString(elements.elements, carrier: .derived), data: nil))
      case "06":
        envelopes.append(
          Envelope(format: "06", fields: try message.fields(data, &tolerated), elements: nil, data: nil))
      case "01", "02", "03", "04", "07", "08", "09", "12":
        envelopes.append(Envelope(format: format.text, fields: [], elements: nil, data: data.text))
      default:
        throw message.error("format", "ISO/IEC 15434 has no format \(format.text).", format)
      }
    }
    guard !envelopes.isEmpty else {
      throw IdentifierError(
        "iso15434.empty", "The message ends behind its header.", remedy: ElementReader.remedy,
        start: bytes.startIndex, length: bytes.count)
    }
    self.init(envelopes: envelopes, tolerated: tolerated)
  }

  /// The message in a scan.
  /// - Throws: ``IdentifierError``; its span counts from the first byte given.
  public init?(_ bytes: some Sequence<UInt8>) throws(IdentifierError) {
    try self.init(Array(bytes)[...], isWholeItem: true)
  }

  /// As the standard has it, with nothing left out: it reads as the same envelopes.
  public var text: String {
    var text = "[)>\u{1E}"
    for envelope in envelopes {
      text += envelope.format
      if let data = envelope.data {
        text += data
      } else if let elements = envelope.elements {
        text += "\u{1D}" + elements.concatenated
      } else {
        for field in envelope.fields { text += "\u{1D}" + field.identifier + field.value }
      }
      text += "\u{1E}"
    }
    return text + "\u{04}"
  }
}

/// A message behind its header, with separators as control characters, whatever the label has for them.
private struct Separated {
  /// Its bytes, and where in the scan each of them stands.
  private var bytes: [UInt8]
  private var places: [Int]
  private(set) var envelopes: [Bytes] = []

  init(_ bytes: Bytes) {
    self.bytes = Array(bytes)
    places = Array(bytes.indices) + [bytes.endIndex]
  }

  /// Ways in which printers and scanners show control characters, and what they stand for.
  private static let spellings: [(StaticString, UInt8)] = [
    ("<RS>", recordSeparator), ("<GS>", groupSeparator), ("<EOT>", endOfTransmission), ("{RS}", recordSeparator),
    ("{GS}", groupSeparator), ("{EOT}", endOfTransmission), ("[RS]", recordSeparator), ("[GS]", groupSeparator),
    ("[EOT]", endOfTransmission), ("\u{241E}", recordSeparator), ("\u{241D}", groupSeparator),
    ("\u{2404}", endOfTransmission), ("^^", recordSeparator), ("^]", groupSeparator), ("^D", endOfTransmission),
  ]

  mutating func read(_ tolerated: inout [String]) {
    if !bytes.contains(groupSeparator), !bytes.contains(recordSeparator) {
      if respell() {
        tolerated.append("Separators are written out instead of being control characters.")
      } else if let mark = foreignSeparator {
        for index in bytes.indices where bytes[index] == mark {
          bytes[index] = index == 0 ? recordSeparator : groupSeparator
        }
        tolerated.append("\(String(decoding: [mark], as: UTF8.self)) stands where separators belong.")
      }
    }
    var rest = bytes[...]
    if rest.first == recordSeparator {
      rest = rest.dropFirst()
    } else {
      tolerated.append("The record separator behind [)> is missing.")
    }
    if rest.last == endOfTransmission {
      rest = rest.dropLast()
    } else {
      tolerated.append("The end of transmission is missing.")
    }
    if rest.last == recordSeparator {
      rest = rest.dropLast()
    } else {
      tolerated.append("The record separator at the end is missing.")
    }
    if !rest.isEmpty {
      // Binary data (format 09) may hold anything.
      let isBinary = rest.starts(with: "09")
      envelopes = isBinary ? [rest] : rest.split(separator: recordSeparator)
    }
  }

  /// Puts control characters where they are spelt out; false when none is.
  private mutating func respell() -> Bool {
    var result: [UInt8] = []
    var origins: [Int] = []
    var index = 0
    var isSpelt = false
    while index < bytes.count {
      if let (spelling, control) = Self.spellings.first(where: { bytes[index...].starts(with: $0.0) }) {
        result.append(control)
        origins.append(places[index])
        index += spelling.utf8CodeUnitCount
        isSpelt = true
      } else {
        result.append(bytes[index])
        origins.append(places[index])
        index += 1
      }
    }
    guard isSpelt else { return false }
    places = origins + [places[places.count - 1]]
    bytes = result
    return true
  }

  /// A sign that stands both behind `[)>` and behind the format's two digits, as in `[)>@06@`.
  private var foreignSeparator: UInt8? {
    guard bytes.count > 4, let mark = bytes.first, mark > 0x20, mark < 0x7F, !isDigit(mark), !isLetter(mark),
      isDigit(bytes[1]), isDigit(bytes[2]), bytes[3] == mark
    else { return nil }
    return mark
  }

  func fields(_ data: Bytes, _ tolerated: inout [String]) throws(IdentifierError) -> [DataIdentifierField] {
    var rest = data
    if rest.first == groupSeparator {
      rest = rest.dropFirst()
    } else if !rest.isEmpty {
      tolerated.append("The group separator behind the format is missing.")
    }
    var fields: [DataIdentifierField] = []
    for part in rest.split(separator: groupSeparator) {
      if let index = part.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
        throw error("control", "The message holds a control character that is no separator.", part[index...index])
      }
      if let field = DataIdentifierField(part) {
        fields.append(field)
        if field.meaning == nil { tolerated.append("\(field.identifier) is no data identifier of MH10.8.2.") }
      } else {
        tolerated.append("A field without data identifier is left out: \(part.text)")
      }
    }
    guard !fields.isEmpty else { throw error("empty", "The message has no fields.", data) }
    return fields
  }

  func error(_ code: String, _ sentence: String, _ span: Bytes) -> IdentifierError {
    placed(
      IdentifierError(
        "iso15434." + code, sentence, remedy: ElementReader.remedy, start: span.startIndex, length: span.count))
  }

  /// An error whose span counts in these bytes, with its span in the scan.
  func placed(_ error: IdentifierError) -> IdentifierError {
    let last = places.count - 1
    let start = places[min(error.start, last)]
    let end = places[min(error.start + error.length, last)]
    return error.moved(to: start, length: max(0, end - start))
  }
}
