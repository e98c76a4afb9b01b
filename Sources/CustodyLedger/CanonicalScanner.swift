/// One value, or one member's name, of a scanned document.
struct CanonicalNode {
  enum Kind: UInt8 {
    case null, `true`, `false`, integer, string, array, object
  }

  let kind: Kind
  /// Whether a string's bytes hold escapes, so that they are not its text as they stand.
  var hasEscapes = false
  /// The bytes of the value; for a string, those between the quotes.
  var start: UInt32
  var end: UInt32 = 0
  /// The index of the node that follows this one and all it contains. An object's children are name, value, name,
  /// value, …
  var next: UInt32 = 0
}

/// The strict parser: accepts exactly the bytes that the encoder would write, in one pass, and lists the values found.
/// The tree (`CanonicalJSON.init(bytes:)`) and the decoder are both built on its list, so there is one grammar.
struct CanonicalScanner: ~Copyable {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private(set) var nodes: [CanonicalNode] = []

  /// The nodes of the document, the top value first.
  static func scan(_ bytes: [UInt8], limit: Int) throws(CanonicalJSONError) -> [CanonicalNode] {
    // Offsets are kept in 32 bits.
    let limit = min(limit, Int(Int32.max))
    guard bytes.count <= limit else { throw CanonicalJSONError(offset: limit, reason: .tooLong(limit: limit)) }
    return try bytes.withUnsafeBufferPointer { (buffer) throws(CanonicalJSONError) in
      var scanner = CanonicalScanner(bytes: buffer)
      try scanner.scanValue(depth: 0)
      guard scanner.at == buffer.count else {
        throw scanner.fault(isWhitespace(buffer[scanner.at]) ? .whitespace : .trailingBytes)
      }
      return scanner.nodes
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    nodes.reserveCapacity(bytes.count / 10 + 4)
  }

  private mutating func scanValue(depth: Int) throws(CanonicalJSONError) {
    guard at < bytes.count else { throw fault(.unexpectedEnd) }
    switch bytes[at] {
    case UInt8(ascii: "\""): try scanString()
    case UInt8(ascii: "{"): try scanObject(depth: depth)
    case UInt8(ascii: "["): try scanArray(depth: depth)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanInteger()
    case UInt8(ascii: "n"): try scanWord("null", .null)
    case UInt8(ascii: "t"): try scanWord("true", .true)
    case UInt8(ascii: "f"): try scanWord("false", .false)
    default: throw unexpected()
    }
  }

  private mutating func scanWord(_ word: StaticString, _ kind: CanonicalNode.Kind) throws(CanonicalJSONError) {
    let start = at
    for index in 0..<word.utf8CodeUnitCount {
      try expect(word.utf8Start[index])
    }
    nodes.append(
      CanonicalNode(kind: kind, start: UInt32(start), end: UInt32(at), next: UInt32(nodes.count + 1)))
  }

  private mutating func scanInteger() throws(CanonicalJSONError) {
    let start = at
    let isNegative = bytes[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    let first = at
    var magnitude: Int64 = 0
    while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 {
      magnitude = magnitude * 10 + Int64(bytes[at] - UInt8(ascii: "0"))
      at += 1
      if magnitude > CanonicalJSON.maximumInteger { throw fault(.integerTooLarge, at: start) }
    }
    guard at > first else { throw at < bytes.count ? unexpected() : fault(.unexpectedEnd) }
    if at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw fault(.notAnInteger, at: start)
      default: break
      }
    }
    if bytes[first] == UInt8(ascii: "0") {
      if at - first > 1 { throw fault(.leadingZero, at: start) }
      if isNegative { throw fault(.negativeZero, at: start) }
    }
    nodes.append(
      CanonicalNode(kind: .integer, start: UInt32(start), end: UInt32(at), next: UInt32(nodes.count + 1)))
  }

  private mutating func scanArray(depth: Int) throws(CanonicalJSONError) {
    let index = try open(.array, depth: depth)
    if try consume(UInt8(ascii: "]")) { return close(index) }
    while true {
      try scanValue(depth: depth + 1)
      if try consume(UInt8(ascii: "]")) { return close(index) }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func scanObject(depth: Int) throws(CanonicalJSONError) {
    let index = try open(.object, depth: depth)
    if try consume(UInt8(ascii: "}")) { return close(index) }
    var previous: Int?
    while true {
      let nameOffset = at
      guard at < bytes.count else { throw fault(.unexpectedEnd) }
      guard bytes[at] == UInt8(ascii: "\"") else { throw unexpected() }
      let name = nodes.count
      try scanString()
      if let previous {
        let order = compareNames(nodes[previous], nodes[name])
        if order >= 0 { throw fault(order == 0 ? .duplicateName : .namesOutOfOrder, at: nameOffset) }
      }
      previous = name
      try expect(UInt8(ascii: ":"))
      try scanValue(depth: depth + 1)
      if try consume(UInt8(ascii: "}")) { return close(index) }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func open(_ kind: CanonicalNode.Kind, depth: Int) throws(CanonicalJSONError) -> Int {
    guard depth < CanonicalJSON.maximumDepth else { throw fault(.tooDeep) }
    nodes.append(CanonicalNode(kind: kind, start: UInt32(at)))
    at += 1
    return nodes.count - 1
  }

  private mutating func close(_ index: Int) {
    nodes[index].end = UInt32(at)
    nodes[index].next = UInt32(nodes.count)
  }

  private func compareNames(_ left: CanonicalNode, _ right: CanonicalNode) -> Int {
    let a = UnsafeBufferPointer(rebasing: bytes[Int(left.start)..<Int(left.end)])
    let b = UnsafeBufferPointer(rebasing: bytes[Int(right.start)..<Int(right.end)])
    guard left.hasEscapes || right.hasEscapes else { return CanonicalOrder.compare(a, b) }
    // What is sorted is the name, not its spelling.
    return CanonicalUnescape.bytes(a).withUnsafeBufferPointer { a in
      CanonicalUnescape.bytes(b).withUnsafeBufferPointer { b in CanonicalOrder.compare(a, b) }
    }
  }

  // MARK: Strings

  private mutating func scanString() throws(CanonicalJSONError) {
    at += 1
    let start = at
    var hasEscapes = false
    while true {
      guard at < bytes.count else { throw fault(.unexpectedEnd) }
      let byte = bytes[at]
      if byte >= 0x80 {
        try scanMultibyte(lead: byte)
      } else if byte == UInt8(ascii: "\"") {
        break
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try scanEscape()
      } else if byte < 0x20 {
        throw fault(.controlCharacter)
      } else {
        at += 1
      }
    }
    nodes.append(
      CanonicalNode(
        kind: .string, hasEscapes: hasEscapes, start: UInt32(start), end: UInt32(at), next: UInt32(nodes.count + 1)))
    at += 1
  }

  private mutating func scanEscape() throws(CanonicalJSONError) {
    let start = at
    guard at + 1 < bytes.count else { throw fault(.unexpectedEnd, at: bytes.count) }
    let letter = bytes[at + 1]
    if CanonicalEscape.byte(of: letter) != nil {
      at += 2
      return
    }
    if letter == UInt8(ascii: "/") { throw fault(.longEscape) }
    guard letter == UInt8(ascii: "u") else { throw fault(.invalidEscape) }
    let unit = try codeUnit(at: start + 2)
    switch unit {
    case 0xDC00...0xDFFF:
      throw fault(.loneSurrogate, at: start)
    case 0xD800...0xDBFF:
      guard start + 7 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"), bytes[start + 7] == UInt8(ascii: "u")
      else { throw fault(.loneSurrogate, at: start) }
      let low = try codeUnit(at: start + 8)
      throw fault((0xDC00...0xDFFF).contains(low) ? .longEscape : .loneSurrogate, at: start)
    case 0x20...:
      throw fault(.longEscape, at: start)
    default:
      let lastDigit = bytes[start + 5]
      guard CanonicalEscape.letter(of: UInt8(unit)) == nil, lastDigit < UInt8(ascii: "A") || lastDigit > 0x5A else {
        throw fault(.longEscape, at: start)
      }
      at = start + 6
    }
  }

  /// The value of four hexadecimal digits, of either case.
  private func codeUnit(at start: Int) throws(CanonicalJSONError) -> UInt16 {
    var unit: UInt16 = 0
    for index in start..<start + 4 {
      guard index < bytes.count else { throw fault(.unexpectedEnd, at: bytes.count) }
      guard let nibble = CanonicalEscape.nibble(bytes[index]) else { throw fault(.invalidEscape, at: start - 2) }
      unit = unit << 4 | UInt16(nibble)
    }
    return unit
  }

  /// RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF.
  private mutating func scanMultibyte(lead: UInt8) throws(CanonicalJSONError) {
    let length: Int
    let second: ClosedRange<UInt8>
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw fault(.invalidUTF8)
    }
    guard at + length <= bytes.count, second.contains(bytes[at + 1]) else { throw fault(.invalidUTF8) }
    for index in at + 2..<at + length where bytes[index] & 0xC0 != 0x80 {
      throw fault(.invalidUTF8)
    }
    at += length
  }

  // MARK: Bytes

  /// Steps over `byte` if it comes next.
  private mutating func consume(_ byte: UInt8) throws(CanonicalJSONError) -> Bool {
    guard at < bytes.count else { throw fault(.unexpectedEnd) }
    guard bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func expect(_ byte: UInt8) throws(CanonicalJSONError) {
    guard try consume(byte) else { throw unexpected() }
  }

  private func unexpected() -> CanonicalJSONError {
    fault(Self.isWhitespace(bytes[at]) ? .whitespace : .unexpectedByte(bytes[at]))
  }

  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private func fault(_ reason: CanonicalJSONError.Reason, at offset: Int? = nil) -> CanonicalJSONError {
    CanonicalJSONError(offset: offset ?? at, reason: reason)
  }
}

/// The text of a string token that the scanner has accepted.
enum CanonicalUnescape {
  static func bytes(_ token: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(token.count)
    var index = 0
    while index < token.count {
      guard token[index] == UInt8(ascii: "\\"), index + 1 < token.count else {
        text.append(token[index])
        index += 1
        continue
      }
      if let byte = CanonicalEscape.byte(of: token[index + 1]) {
        text.append(byte)
        index += 2
      } else {
        // The scanner lets only \u00xx stand here.
        let high = CanonicalEscape.nibble(token[index + 4]) ?? 0
        let low = CanonicalEscape.nibble(token[index + 5]) ?? 0
        text.append(high << 4 | low)
        index += 6
      }
    }
    return text
  }
}
