/// Takes a page that the station made apart, and writes it again in another language: what stands between its elements, and
/// the attributes that people read or hear.
///
/// Left alone are scripts, styles, what somebody types into (`textarea`), codes (`code`, `kbd`, `pre`, `samp`), and
/// everything in an element with `translate="no"`, as HTML has it (WHATWG HTML §3.2.6.5). It is no general reader of HTML:
/// it reads what our own templates write, and copies what it does not understand.
struct PageReader {
  private let page: [UInt8]
  private let book: Phrasebook
  private var written: [UInt8] = []
  private var at = 0
  /// Up to where the page has been copied.
  private var copied = 0
  /// What was looked up on this page: a list says the same on every line.
  private var known: [[UInt8]: [UInt8]?] = [:]

  init(_ page: [UInt8], _ book: Phrasebook) {
    (self.page, self.book) = (page, book)
    written.reserveCapacity(page.count + page.count / 8)
  }

  /// Attributes that people read or hear.
  private static let read: Set<String> = [
    "title", "placeholder", "aria-label", "aria-description", "alt", "label", "data-before", "data-after",
  ]
  /// Elements whose text is no language, or not ours.
  private static let codes: Set<String> = ["code", "kbd", "pre", "samp", "textarea", "script", "style"]
  /// Elements whose text holds no elements (WHATWG HTML §13.1.2).
  private static let raw: Set<String> = ["script", "style", "textarea"]
  /// Elements that have no end (WHATWG HTML §13.1.2).
  private static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]

  mutating func translated() -> [UInt8] {
    while at < page.count {
      if page[at] == UInt8(ascii: "<") { element() } else { text() }
    }
    copy(to: page.count)
    return written
  }

  private mutating func copy(to end: Int) {
    written += page[copied..<end]
    copied = end
  }

  private mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
    copy(to: range.lowerBound)
    written += bytes
    copied = range.upperBound
  }

  // MARK: Text

  private mutating func text() {
    let start = at
    at = index(of: UInt8(ascii: "<"), from: at)
    translate(start..<at)
  }

  private mutating func translate(_ range: Range<Int>) {
    guard let first = page[range].firstIndex(where: { !Self.isSpace($0) }),
      let last = page[range].lastIndex(where: { !Self.isSpace($0) })
    else { return }
    let words = first..<(last + 1)
    guard let plain = Markup.plain(page[words]), let found = lookUp(plain) else { return }
    replace(words, with: Markup.escaped(found))
  }

  private mutating func lookUp(_ text: [UInt8]) -> [UInt8]? {
    if let found = known[text] { return found }
    var search = PhraseSearch(book: book)
    let found = search.words(for: text[...])
    known[text] = .some(found)
    return found
  }

  // MARK: Elements

  /// An attribute: its name and where its value stands.
  private struct Attribute {
    var name: String
    var value: Range<Int>
  }

  private mutating func element() {
    guard at + 1 < page.count else { return at = page.count }
    if page[at...].starts(with: Array("<!--".utf8)) { return at = end(of: Array("-->".utf8), from: at) }
    if page[at + 1] == UInt8(ascii: "!") || page[at + 1] == UInt8(ascii: "/") {
      return at = min(index(of: UInt8(ascii: ">"), from: at) + 1, page.count)
    }
    let (name, attributes) = tag()
    guard !name.isEmpty else { return }
    let isLeft = attributes.contains { $0.name == "translate" && page[$0.value].elementsEqual(Array("no".utf8)) }
    if !isLeft {
      for attribute in attributes {
        if Self.read.contains(attribute.name) || isWordOfButton(attribute, name, attributes) {
          translate(attribute.value)
        }
      }
    }
    guard !Self.void.contains(name), page[at - 2] != UInt8(ascii: "/") else { return }
    if Self.raw.contains(name) {
      at = end(of: Array("</\(name)".utf8), from: at)
    } else if isLeft || Self.codes.contains(name) {
      skip(name)
    }
  }

  private func isWordOfButton(_ attribute: Attribute, _ name: String, _ attributes: [Attribute]) -> Bool {
    guard attribute.name == "value", name == "input" else { return false }
    return attributes.contains {
      $0.name == "type" && ["submit", "button", "reset"].contains(String(decoding: page[$0.value], as: UTF8.self))
    }
  }

  /// Reads a start tag; ``at`` stands behind it then. The name is empty for a `<` that begins none.
  private mutating func tag() -> (name: String, attributes: [Attribute]) {
    let start = at
    at += 1
    let name = word { Self.isOfName($0) }
    guard !name.isEmpty else {
      at = start + 1
      return ("", [])
    }
    var attributes: [Attribute] = []
    while at < page.count, page[at] != UInt8(ascii: ">") {
      guard !Self.isSpace(page[at]), page[at] != UInt8(ascii: "/") else {
        at += 1
        continue
      }
      let attribute = word { !Self.isSpace($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") }
      guard at < page.count, page[at] == UInt8(ascii: "=") else {
        if attribute.isEmpty { at += 1 }
        continue
      }
      at += 1
      guard at < page.count else { break }
      let mark = page[at]
      if mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") {
        let end = index(of: mark, from: at + 1)
        attributes.append(Attribute(name: attribute, value: (at + 1)..<end))
        at = min(end + 1, page.count)
      } else {
        let from = at
        _ = word { !Self.isSpace($0) && $0 != UInt8(ascii: ">") }
        attributes.append(Attribute(name: attribute, value: from..<at))
      }
    }
    at = min(at + 1, page.count)
    return (name, attributes)
  }

  /// Leaves everything to the end of an element, which has begun, as it is.
  private mutating func skip(_ name: String) {
    var depth = 1
    while at < page.count, depth > 0 {
      at = index(of: UInt8(ascii: "<"), from: at)
      guard at + 1 < page.count else { return at = page.count }
      if page[at + 1] == UInt8(ascii: "/") {
        at += 2
        if word({ Self.isOfName($0) }) == name { depth -= 1 }
        at = min(index(of: UInt8(ascii: ">"), from: at) + 1, page.count)
      } else {
        let (inner, _) = tag()
        if inner == name, page[at - 2] != UInt8(ascii: "/") { depth += 1 }
        if Self.raw.contains(inner) { at = end(of: Array("</\(inner)".utf8), from: at) }
      }
    }
  }

  private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
    let start = at
    while at < page.count, isPart(page[at]) { at += 1 }
    return String(decoding: page[start..<at], as: UTF8.self)
  }

  private func index(of byte: UInt8, from start: Int) -> Int {
    guard start < page.count else { return page.count }
    return page[start...].firstIndex(of: byte) ?? page.count
  }

  /// Behind the next occurrence; the end of the page where there is none.
  private func end(of bytes: [UInt8], from start: Int) -> Int {
    var at = start
    while at + bytes.count <= page.count {
      if page[at] == bytes[0], page[at..<(at + bytes.count)].elementsEqual(bytes) { return at + bytes.count }
      at += 1
    }
    return page.count
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func isOfName(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
  }
}

/// Text as HTML writes it.
enum Markup {
  /// The character references that templates and Mustache write.
  private static let references: [(String, UInt8)] = [
    ("&amp;", 0x26), ("&lt;", 0x3C), ("&gt;", 0x3E), ("&quot;", 0x22), ("&#39;", 0x27), ("&#x27;", 0x27),
  ]

  /// The text itself, with one space for each run of white space; nil where it holds a reference that we do not write.
  static func plain(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var plain: [UInt8] = []
    plain.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.first {
      if byte == UInt8(ascii: "&") {
        guard let (reference, sign) = references.first(where: { rest.starts(with: $0.0.utf8) }) else { return nil }
        plain.append(sign)
        rest = rest.dropFirst(reference.utf8.count)
      } else {
        if !PageReader.isSpace(byte) { plain.append(byte) } else if plain.last != 0x20 { plain.append(0x20) }
        rest.removeFirst()
      }
    }
    return plain
  }

  /// The text as it stands in an element or in an attribute with quotation marks.
  static func escaped(_ text: [UInt8]) -> [UInt8] {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.count)
    for byte in text {
      switch byte {
      case UInt8(ascii: "&"): escaped += Array("&amp;".utf8)
      case UInt8(ascii: "<"): escaped += Array("&lt;".utf8)
      case UInt8(ascii: ">"): escaped += Array("&gt;".utf8)
      case UInt8(ascii: "\""): escaped += Array("&quot;".utf8)
      default: escaped.append(byte)
      }
    }
    return escaped
  }
}

extension Phrasebook {
  /// A page, or a part of one, in the book's language.
  public func translate(page: [UInt8]) -> [UInt8] {
    var reader = PageReader(page, self)
    return reader.translated()
  }
}
