extension IdentifierReport {
  /// One line of JSON, without line end; keys that do not apply are left out.
  /// - Parameter input: the scan as it was given.
  public func jsonLine(input: String) -> [UInt8] {
    var line = JSONLine()
    line.member("input", input)
    line.member("kind", kind)
    if !fields.isEmpty {
      line.key("fields")
      line.open()
      for field in fields {
        if field.values.count == 1 {
          line.member(field.name, field.values[0])
        } else {
          line.key(field.name)
          line.array(field.values)
        }
      }
      line.close()
    }
    for (name, value) in [
      ("elementString", elementString), ("tagURI", tagURI), ("epcURI", epcURI), ("digitalLink", digitalLink),
      ("hex", hexadecimal), ("reason", reason),
    ] {
      if let value { line.member(name, value) }
    }
    if !candidates.isEmpty {
      line.key("candidates")
      line.list(candidates) { line, candidate in
        line.open()
        line.member("kind", candidate.kind)
        line.member("value", candidate.value)
        line.member("reason", candidate.reason)
        line.close()
      }
    }
    line.close()
    return line.bytes
  }

  /// The line for a scan that cannot be taken.
  public static func jsonLine(input: String, error: IdentifierError) -> [UInt8] {
    var line = JSONLine()
    line.member("input", input)
    line.key("error")
    line.open()
    line.member("message", "\(error.sentence) \(error.remedy)")
    line.member("start", error.start)
    line.member("length", error.length)
    line.close()
    line.close()
    return line.bytes
  }
}

/// Writes one object of JSON (RFC 8259).
private struct JSONLine {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
  private var needsComma = false

  init() { bytes.reserveCapacity(512) }

  mutating func key(_ name: String) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
    needsComma = true
  }

  mutating func member(_ name: String, _ value: Int) {
    key(name)
    bytes += String(value).utf8
    needsComma = true
  }

  mutating func open() {
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
  }

  mutating func close() {
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  mutating func array(_ values: [String]) { list(values) { $0.string($1) } }

  mutating func list<Value>(_ values: [Value], _ write: (inout JSONLine, Value) -> Void) {
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(&self, value)
    }
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  private mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F:
        bytes += "\\u00".utf8
        bytes += [uppercaseHexadecimal[Int(byte >> 4)], uppercaseHexadecimal[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
