/// An element of XML, read strictly and small: elements, attributes, text, CDATA, comments and the five entities. What
/// could reach outside or grow without bound is refused: no DOCTYPE, no entities of its own, no processing instructions
/// but the declaration, at most 64 levels and 1 000 000 elements. (The pure rooms take no parser of Foundation's.)
struct XMLText: Hashable, Sendable {
  let name: String
  var attributes: [String: String] = [:]
  var children: [XMLText] = []
  /// Its own character data, that of its children left away.
  var text = ""
  /// The line on which it begins.
  let line: Int

  /// The first element of a name at any depth.
  func first(_ name: String) -> XMLText? {
    if self.name == name { return self }
    for child in children { if let found = child.first(name) { return found } }
    return nil
  }

  static func read(_ text: String) throws(ReportFault) -> XMLText {
    var reader = XMLReader(text)
    return try reader.document()
  }
}

private struct XMLReader {
  private let bytes: [UInt8]
  private var at = 0
  private var line = 1
  private var elements = 0

  private static let deepest = 64
  private static let most = 1_000_000

  init(_ text: String) { bytes = Array(text.utf8) }

  private func fault(_ sentence: String) -> ReportFault {
    at >= bytes.count
      ? .truncated("The XML ends before it is complete.", at: "line \(line)") : .malformed(sentence, at: "line \(line)")
  }

  private func begins(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard at + length <= bytes.count else { return false }
    return text.withUTF8Buffer { bytes[at..<at + length].elementsEqual($0) }
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where at < bytes.count {
      if bytes[at] == 0x0A { line += 1 }
      at += 1
    }
  }

  private mutating func skip(to end: StaticString) throws(ReportFault) -> Range<Int> {
    let start = at
    while at < bytes.count, !begins(end) { advance() }
    guard at < bytes.count else { throw fault("") }
    let range = start..<at
    advance(end.utf8CodeUnitCount)
    return range
  }

  private mutating func skipBlanks() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { advance() }
  }

  mutating func document() throws(ReportFault) -> XMLText {
    skipBlanks()
    if begins("<?xml") {
      let range = try skip(to: "?>")
      let head = String(decoding: bytes[range], as: UTF8.self).lowercased()
      guard !head.contains("encoding") || head.contains("utf-8") else {
        throw fault("The XML is in another encoding than UTF-8")
      }
    }
    try skipMisc()
    let root = try element(depth: 0)
    try skipMisc()
    guard at == bytes.count else { throw fault("Something follows the XML's root") }
    return root
  }

  private mutating func skipMisc() throws(ReportFault) {
    while true {
      skipBlanks()
      if begins("<!--") { _ = try skip(to: "-->") } else { break }
    }
    try refuseDeclarations()
  }

  private func refuseDeclarations() throws(ReportFault) {
    if begins("<!DOCTYPE") || begins("<!ENTITY") || begins("<?") {
      throw ReportFault(
        "unsafeXML", at: "line \(line)", "The XML declares a document type, entities or instructions.",
        remedy: "A wipe report needs none of these. " + ReportFault.askForItAnew)
    }
  }

  private mutating func element(depth: Int) throws(ReportFault) -> XMLText {
    guard depth < Self.deepest else { throw fault("The XML is nested more than \(Self.deepest) deep") }
    elements += 1
    guard elements <= Self.most else { throw fault("The XML has more than \(Self.most) elements") }
    guard begins("<") else { throw fault("An element is missing") }
    let start = line
    advance()
    var element = XMLText(name: try name(), line: start)
    while true {
      skipBlanks()
      if begins("/>") {
        advance(2)
        return element
      }
      if begins(">") {
        advance()
        break
      }
      let attribute = try name()
      skipBlanks()
      guard begins("=") else { throw fault("An attribute has no value") }
      advance()
      skipBlanks()
      guard at < bytes.count, bytes[at] == 0x22 || bytes[at] == 0x27 else { throw fault("An attribute has no quotes") }
      let quote = bytes[at]
      advance()
      let from = at
      while at < bytes.count, bytes[at] != quote, bytes[at] != UInt8(ascii: "<") { advance() }
      guard at < bytes.count, bytes[at] == quote else { throw fault("An attribute does not end") }
      guard element.attributes.updateValue(try unescaped(bytes[from..<at]), forKey: attribute) == nil else {
        throw .contradictory("The attribute \(attribute.prefix(40)) stands twice.", at: "line \(line)")
      }
      advance()
    }
    try content(of: &element, depth: depth)
    return element
  }

  private mutating func content(of element: inout XMLText, depth: Int) throws(ReportFault) {
    while true {
      guard at < bytes.count else { throw fault("") }
      if begins("</") {
        advance(2)
        guard try name() == element.name else { throw fault("An element ends that was not begun") }
        skipBlanks()
        guard begins(">") else { throw fault("An element's end is malformed") }
        advance()
        return
      } else if begins("<!--") {
        _ = try skip(to: "-->")
      } else if begins("<![CDATA[") {
        advance(9)
        element.text += String(decoding: bytes[try skip(to: "]]>")], as: UTF8.self)
      } else if begins("<") {
        try refuseDeclarations()
        element.children.append(try self.element(depth: depth + 1))
      } else {
        let from = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") { advance() }
        element.text += try unescaped(bytes[from..<at])
      }
    }
  }

  private mutating func name() throws(ReportFault) -> String {
    let from = at
    while at < bytes.count, bytes[at] >= 0x80 || bytes[at].isNameByte { advance() }
    guard at > from, at - from <= 200 else { throw fault("A name is missing or too long") }
    return String(decoding: bytes[from..<at], as: UTF8.self)
  }

  private func unescaped(_ raw: ArraySlice<UInt8>) throws(ReportFault) -> String {
    guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
    var text = ""
    for (index, piece) in raw.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).enumerated() {
      guard index > 0 else {
        text += String(decoding: piece, as: UTF8.self)
        continue
      }
      guard let end = piece.prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw fault("An entity does not end") }
      let entity = String(decoding: piece[..<end], as: UTF8.self)
      switch entity {
      case "amp": text += "&"
      case "lt": text += "<"
      case "gt": text += ">"
      case "quot": text += "\""
      case "apos": text += "'"
      default:
        let number = entity.after("#x").map { UInt32($0, radix: 16) } ?? entity.after("#").map { UInt32($0) }
        guard let number = number ?? nil, let scalar = Unicode.Scalar(number),
          number >= 0x20 || [9, 10, 13].contains(number)
        else { throw fault("The entity &\(entity); is not known") }
        text.unicodeScalars.append(scalar)
      }
      text += String(decoding: piece[(end + 1)...], as: UTF8.self)
    }
    return text
  }
}

extension UInt8 {
  fileprivate var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
