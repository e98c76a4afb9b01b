/// Reads the part of XML 1.0 that a drawing needs.
///
///     document  = [ BOM ] [ "<?xml" … "?>" ] misc element misc
///     misc      = *( blank / comment )
///     element   = "<" name *( blank attribute ) [ blank ] ( "/>" / ">" *content "</" name [ blank ] ">" )
///     attribute = name "=" ( '"' value '"' / "'" value "'" )      ; each name once
///     content   = element / text / comment / "<![CDATA[" … "]]>"
///     reference = "&" ( "lt" / "gt" / "amp" / "quot" / "apos" / "#" 1*DIGIT / "#x" 1*HEXDIG ) ";"
///
/// There is no DOCTYPE and so no entity but the five, and no processing instruction: nothing in a file can grow when it is
/// read, or name another file. Time and memory grow with the bytes alone.
struct MarkupParser {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private var line = 1
  private var elements = 0

  private init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// The root element of a file. `file` is how faults name it.
  static func parse(_ text: String, file: String) throws(LabelFault) -> MarkupElement {
    let bytes = Array(text.utf8)
    guard bytes.count <= MarkupLimits.bytes else {
      throw LabelFault(
        file: file, line: nil,
        message: "has \(bytes.count) bytes; a template has at most \(MarkupLimits.bytes). Make its pictures smaller")
    }
    var parser = MarkupParser(bytes, file: file)
    return try parser.document()
  }

  private mutating func document() throws(LabelFault) -> MarkupElement {
    try refuseControls()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    if take("<?xml") { try declaration() }
    try skipMisc()
    guard peek == 0x3C else { throw fault("is no SVG: want `<svg …>` here") }
    let root = try element(depth: 1)
    try skipMisc()
    guard position == bytes.count else { throw fault("want nothing after the end of `\(root.name)`") }
    return root
  }

  // XML 1.0, production 2.
  private func refuseControls() throws(LabelFault) {
    guard let found = bytes.firstIndex(where: { ($0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D) || $0 == 0x7F })
    else { return }
    let line = 1 + bytes[..<found].count { $0 == 0x0A }
    throw fault("has a control character: delete it", line: line)
  }

  /// The rest of `<?xml …?>`: only UTF-8 is read.
  private mutating func declaration() throws(LabelFault) {
    let start = position
    while position < bytes.count, !take("?>") { advance() }
    let text = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    guard !text.contains("encoding") || text.contains("utf-8") else {
      throw fault("is not in UTF-8: save it so, and say encoding=\"UTF-8\" or nothing")
    }
  }

  private mutating func skipMisc() throws(LabelFault) {
    while position < bytes.count {
      if isBlank(bytes[position]) {
        advance()
      } else if take("<!--") {
        try skipComment()
      } else {
        try refuseDeclarations()
        return
      }
    }
  }

  private mutating func skipComment() throws(LabelFault) {
    let begin = line
    while !take("-->") {
      guard position < bytes.count else { throw fault("this comment has no end", line: begin) }
      advance()
    }
  }

  private func refuseDeclarations() throws(LabelFault) {
    guard starts("<!") || starts("<?") else { return }
    if starts("<?") { throw fault("processing instructions, such as style sheets, are refused: delete this one") }
    if starts("<!DOCTYPE") || starts("<!ENTITY") {
      throw fault("DOCTYPE and entities are refused: delete them; SVG needs none")
    }
    throw fault("declarations are refused: delete this one")
  }

  private mutating func element(depth: Int) throws(LabelFault) -> MarkupElement {
    guard depth <= MarkupLimits.depth else {
      throw fault("elements are nested deeper than \(MarkupLimits.depth): ungroup some")
    }
    elements += 1
    guard elements <= MarkupLimits.elements else {
      throw fault("has more than \(MarkupLimits.elements) elements: simplify the drawing")
    }
    let begin = line
    advance()
    let name = try name("an element")
    var element = MarkupElement(name: name, line: begin, attributes: [])
    while true {
      let hadBlank = skipBlanks()
      guard let next = peek else { throw fault("`\(name)` has no end", line: begin) }
      if next == 0x2F || next == 0x3E { break }
      guard hadBlank else { throw fault("want a blank before this attribute of `\(name)`") }
      element.attributes.append(try attribute(of: element))
      guard element.attributes.count <= MarkupLimits.attributes else {
        throw fault("`\(name)` has more than \(MarkupLimits.attributes) attributes")
      }
    }
    if take("/>") { return element }
    guard take(">") else { throw fault("want `>` at the end of `\(name)`") }
    try content(of: &element, depth: depth)
    return element
  }

  private mutating func attribute(of element: MarkupElement) throws(LabelFault) -> MarkupElement.Attribute {
    let name = try name("an attribute")
    guard element[name] == nil else { throw fault("`\(name)` stands twice in `\(element.name)`") }
    skipBlanks()
    guard take("=") else { throw fault("want `=` after `\(name)`") }
    skipBlanks()
    guard let quote = peek, quote == 0x22 || quote == 0x27 else { throw fault("want the value of `\(name)` in quotes") }
    advance()
    var value: [UInt8] = []
    while let byte = peek, byte != quote {
      switch byte {
      case 0x26: value += try reference()
      case 0x3C: throw fault("`<` in the value of `\(name)`: write &lt;, or close the quotes before")
      default:
        // XML 1.0, 3.3.3: blanks in a value are spaces.
        value.append(isBlank(byte) ? 0x20 : byte)
        advance()
      }
    }
    guard peek == quote else { throw fault("the value of `\(name)` has no end") }
    advance()
    return .init(name: name, value: String(decoding: value, as: UTF8.self))
  }

  private mutating func content(of element: inout MarkupElement, depth: Int) throws(LabelFault) {
    var text: [UInt8] = []
    func close() {
      if !text.isEmpty { element.content.append(.text(String(decoding: text, as: UTF8.self))) }
      text = []
    }
    while let byte = peek {
      if byte == 0x26 {
        text += try reference()
      } else if byte != 0x3C {
        text.append(byte)
        advance()
      } else if take("<!--") {
        try skipComment()
      } else if take("<![CDATA[") {
        while !take("]]>") {
          guard let byte = peek else { throw fault("this CDATA has no end") }
          text.append(byte)
          advance()
        }
      } else if take("</") {
        let end = try name("an end tag")
        guard end == element.name else {
          throw fault("want `</\(element.name)>`, of line \(element.line), before `</\(end)>`")
        }
        skipBlanks()
        guard take(">") else { throw fault("want `>` at the end of `</\(end)`") }
        close()
        return
      } else {
        try refuseDeclarations()
        close()
        element.content.append(.element(try self.element(depth: depth + 1)))
      }
    }
    throw fault("`\(element.name)` has no end tag", line: element.line)
  }

  private mutating func name(_ what: String) throws(LabelFault) -> String {
    let start = position
    while let byte = peek, isNameByte(byte) { advance() }
    guard position > start, position - start <= 128, !(0x30...0x39).contains(bytes[start]), bytes[start] != 0x2D else {
      throw fault("want the name of \(what) here")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func reference() throws(LabelFault) -> [UInt8] {
    let start = position + 1
    advance()
    while let byte = peek, byte != 0x3B, position - start < 10 { advance() }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    guard take(";") else { throw fault("`&` begins no reference: write &amp; for the sign itself") }
    switch name {
    case "lt": return [0x3C]
    case "gt": return [0x3E]
    case "amp": return [0x26]
    case "quot": return [0x22]
    case "apos": return [0x27]
    default: break
    }
    let number: UInt32? =
      name.hasPrefix("#x")
      ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
    guard let number, let scalar = Unicode.Scalar(number), isCharacter(scalar) else {
      throw fault("`&\(name);` is no character: there are no entities but lt, gt, amp, quot and apos")
    }
    return Array(String(Character(scalar)).utf8)
  }

  // XML 1.0, production 2, without the control characters that C1 holds.
  private func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || scalar == "\n" || scalar == "\r"
      || (scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func advance() {
    if bytes[position] == 0x0A { line += 1 }
    position += 1
  }

  private func starts(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes[position...].starts(with: $0) }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    guard starts(text) else { return false }
    position += text.utf8CodeUnitCount
    return true
  }

  @discardableResult private mutating func skipBlanks() -> Bool {
    let start = position
    while let byte = peek, isBlank(byte) { advance() }
    return position > start
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x80...: true
    default: false
    }
  }

  private func fault(_ message: String, line: Int? = nil) -> LabelFault {
    LabelFault(file: file, line: line ?? self.line, message: message)
  }
}
