/// Reads a file of phrases: one flat JSON object (RFC 8259) whose names are English texts and whose values say the same in
/// another language. JSON's own readers would let a name stand twice, and could not say on which line.
struct PhraseFile {
  private var rest: ArraySlice<UInt8>
  private var line = 1

  /// An entry as it stands in the file.
  struct Entry {
    var english: String
    var words: String
    var line: Int
  }

  /// All entries in their order; throws what is wrong first.
  static func entries(_ bytes: [UInt8]) throws(PhraseFault) -> [Entry] {
    var file = PhraseFile(rest: bytes[...])
    return try file.object()
  }

  private init(rest: ArraySlice<UInt8>) { self.rest = rest }

  private mutating func object() throws(PhraseFault) -> [Entry] {
    var entries: [Entry] = []
    try expect("{")
    skipSpace()
    if rest.first == UInt8(ascii: "}") {
      rest.removeFirst()
    } else {
      while true {
        skipSpace()
        let line = line
        let english = try string(of: "")
        try expect(":", of: english)
        skipSpace()
        entries.append(Entry(english: english, words: try string(of: english), line: line))
        skipSpace()
        if rest.first == UInt8(ascii: ",") {
          rest.removeFirst()
        } else {
          try expect("}", of: english)
          break
        }
      }
    }
    skipSpace()
    guard rest.isEmpty else { throw fault("the end of the file") }
    return entries
  }

  private mutating func skipSpace() {
    while let byte = rest.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
      if byte == 0x0A { line += 1 }
      rest.removeFirst()
    }
  }

  private mutating func expect(_ sign: Character, of entry: String = "") throws(PhraseFault) {
    skipSpace()
    guard rest.popFirst() == sign.asciiValue else { throw fault("“\(sign)”", of: entry) }
  }

  private func fault(_ wanted: String, of entry: String = "") -> PhraseFault {
    PhraseFault(line: line, entry: entry, reason: .malformed(wanted))
  }

  private mutating func string(of entry: String) throws(PhraseFault) -> String {
    guard rest.popFirst() == UInt8(ascii: "\"") else { throw fault("a text in quotation marks", of: entry) }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("UTF-8", of: entry) }
        return text
      case UInt8(ascii: "\\"): bytes += Array(String(try escaped(of: entry)).utf8)
      case 0..<0x20: throw fault("a text on one line", of: entry)
      default: bytes.append(byte)
      }
    }
    throw fault("the end of a text", of: entry)
  }

  private mutating func escaped(of entry: String) throws(PhraseFault) -> Unicode.Scalar {
    switch rest.popFirst() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let digits = rest.prefix(4)
      rest = rest.dropFirst(4)
      // Half of a pair is no scalar: signs beyond the first 65,536 stand in the file as themselves.
      guard digits.count == 4, let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(number)
      else { throw fault("four digits of a sign", of: entry) }
      return scalar
    default: throw fault("one of \\\" \\\\ \\/ \\n \\t \\u", of: entry)
    }
  }
}
