/// JSON as a tool wrote it, read strictly: each member once, whole numbers within `Int64`, at most 32 levels deep, nothing
/// after it. (The ledger's reader takes its own canonical form alone; a tool's output is laid out as the tool likes.)
indirect enum JSONText: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number that is no whole one, or beyond `Int64`, as it was written.
  case other(String)
  case string(String)
  case array([JSONText])
  case object([(name: String, value: JSONText)])

  /// A member of an object; nil for any other value, or without it.
  subscript(_ name: String) -> JSONText? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  var number: Int64? {
    if case .integer(let number) = self { return number }
    return nil
  }

  /// The members of an object; empty for any other value.
  var members: [(name: String, value: JSONText)] {
    if case .object(let members) = self { return members }
    return []
  }

  static func read(_ text: String) throws(ReportFault) -> JSONText {
    var reader = Reader(bytes: Array(text.utf8))
    let value = try reader.value(depth: 0)
    reader.skipBlanks()
    guard reader.at == reader.bytes.count else { throw reader.fault("Something follows the JSON") }
    return value
  }

  static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.integer(let one), .integer(let other)): one == other
    case (.other(let one), .other(let other)): one == other
    case (.string(let one), .string(let other)): one == other
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)):
      one.count == other.count && zip(one, other).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .other(let value), .string(let value): hasher.combine(value)
    case .array(let values): hasher.combine(values)
    case .object(let members): for member in members { hasher.combine(member.name) }
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    var at = 0

    static let deepest = 32

    func fault(_ sentence: String) -> ReportFault {
      guard at < bytes.count else { return .truncated("The JSON ends before it is complete.") }
      let line = bytes[..<at].count { $0 == 0x0A } + 1
      return .malformed("\(sentence).", at: "line \(line)")
    }

    mutating func skipBlanks() { while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 } }

    mutating func take(_ byte: UInt8) -> Bool {
      skipBlanks()
      guard at < bytes.count, bytes[at] == byte else { return false }
      at += 1
      return true
    }

    mutating func value(depth: Int) throws(ReportFault) -> JSONText {
      guard depth < Self.deepest else { throw fault("The JSON is nested more than \(Self.deepest) deep") }
      skipBlanks()
      guard at < bytes.count else { throw fault("") }
      switch bytes[at] {
      case UInt8(ascii: "{"): return try object(depth)
      case UInt8(ascii: "["): return try array(depth)
      case UInt8(ascii: "\""): return .string(try string())
      default: return try word()
      }
    }

    mutating func object(_ depth: Int) throws(ReportFault) -> JSONText {
      at += 1
      var members: [(name: String, value: JSONText)] = []
      var names: Set<String> = []
      if take(UInt8(ascii: "}")) { return .object(members) }
      repeat {
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fault("A member has no name") }
        let name = try string()
        guard names.insert(name).inserted else {
          throw .contradictory("\"\(name.prefix(80))\" stands twice in one object.", at: "byte \(at)")
        }
        guard take(UInt8(ascii: ":")) else { throw fault("A colon is missing") }
        members.append((name, try value(depth: depth + 1)))
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { throw fault("An object does not end") }
      return .object(members)
    }

    mutating func array(_ depth: Int) throws(ReportFault) -> JSONText {
      at += 1
      var values: [JSONText] = []
      if take(UInt8(ascii: "]")) { return .array(values) }
      repeat { values.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "]")) else { throw fault("An array does not end") }
      return .array(values)
    }

    mutating func string() throws(ReportFault) -> String {
      at += 1
      var text: [UInt8] = []
      while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
        guard bytes[at] >= 0x20 else { throw fault("A control character stands in a string") }
        guard bytes[at] == UInt8(ascii: "\\") else {
          text.append(bytes[at])
          at += 1
          continue
        }
        guard at + 1 < bytes.count else { break }
        let escape = bytes[at + 1]
        at += 2
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
          // Tools escape control characters and no others; half a pair has no scalar.
          guard at + 4 <= bytes.count,
            let unit = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16), unit > 0,
            let scalar = Unicode.Scalar(unit)
          else { throw fault("An escape in a string is malformed") }
          text += Array(String(Character(scalar)).utf8)
          at += 4
        default: throw fault("An escape in a string is malformed")
        }
      }
      guard at < bytes.count else { throw fault("") }
      at += 1
      return String(decoding: text, as: UTF8.self)
    }

    mutating func word() throws(ReportFault) -> JSONText {
      let start = at
      while at < bytes.count, ![0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3A, 0x5D, 0x7D].contains(bytes[at]) { at += 1 }
      let word = String(decoding: bytes[start..<at], as: UTF8.self)
      switch word {
      case "null": return .null
      case "true": return .bool(true)
      case "false": return .bool(false)
      default: break
      }
      let digits = word.hasPrefix("-") ? word.dropFirst() : word[...]
      guard digits.first?.isASCII == true, digits.first?.isNumber == true,
        digits == "0" || !digits.hasPrefix("0") || digits.hasPrefix("0."),
        digits.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }), word.utf8.count <= 400
      else {
        if at == bytes.count { throw fault("") }
        at = start
        throw fault("'\(word.prefix(40))' is no value")
      }
      return Int64(word).map(JSONText.integer) ?? .other(word)
    }
  }
}
