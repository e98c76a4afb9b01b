extension LLRPElement {
  /// The bytes of a message's content, without the message's header.
  ///
  /// - Throws: `LLRPFault.value` when a field cannot hold its value.
  func body() throws(LLRPFault) -> [UInt8] {
    var bytes: [UInt8] = []
    try append(to: &bytes)
    return bytes
  }

  private func append(to bytes: inout [UInt8]) throws(LLRPFault) {
    guard let definition else {
      bytes += unknown
      return
    }
    var packed = UInt8(0)
    var width = 0
    var index = 0
    for field in definition.fields {
      switch field {
      case .u1, .u2, .reserved:
        var value = UInt64(0)
        var left = field.fixedBits
        if field.name != nil {
          guard case .number(let number) = values[index], number >= 0, number < 1 << Int64(left) else {
            throw .value("\(name).\(field.name ?? "")")
          }
          value = UInt64(number)
          index += 1
        }
        while left > 0 {
          left -= 1
          packed = packed << 1 | UInt8(value >> UInt64(left) & 1)
          width += 1
          if width == 8 {
            bytes.append(packed)
            (packed, width) = (0, 0)
          }
        }
      default:
        guard field.append(values[index], to: &bytes) else { throw .value("\(name).\(field.name ?? "")") }
        index += 1
      }
    }
    for parameter in parameters { try parameter.appendWithHeader(to: &bytes) }
  }

  private func appendWithHeader(to bytes: inout [UInt8]) throws(LLRPFault) {
    if definition?.kind == .tv {
      bytes.append(0x80 | UInt8(type))
      try append(to: &bytes)
      return
    }
    guard definition?.kind != .message else { throw .unexpected("\(name) within a message") }
    let start = bytes.count
    bytes.appendBigEndian(type)
    bytes += [0, 0]
    try append(to: &bytes)
    guard let length = UInt16(exactly: bytes.count - start) else { throw .value(name) }
    bytes[start + 2] = UInt8(length >> 8)
    bytes[start + 3] = UInt8(truncatingIfNeeded: length)
  }
}

extension LLRPDefinition.Field {
  /// False when the value does not fit.
  fileprivate func append(_ value: LLRPValue, to bytes: inout [UInt8]) -> Bool {
    switch (self, value) {
    case (.u8, .number(let number)): return bytes.append(number, as: UInt8.self)
    case (.s8, .number(let number)): return bytes.append(number, as: Int8.self)
    case (.u16, .number(let number)): return bytes.append(number, as: UInt16.self)
    case (.s16, .number(let number)): return bytes.append(number, as: Int16.self)
    case (.u32, .number(let number)): return bytes.append(number, as: UInt32.self)
    case (.u64, .number(let number)): return bytes.append(number, as: UInt64.self)
    case (.u64, .unsigned(let number)):
      bytes.appendBigEndian(number)
    case (.u96, .bytes(let data)):
      guard data.count == 12 else { return false }
      bytes += data
    case (.bytesToEnd, .bytes(let data)):
      bytes += data
    case (.u1v, .bits(let count, let data)):
      guard data.count == (count + 7) / 8 else { return false }
      return bytes.append(count, data)
    case (.u8v, .bytes(let data)), (.utf8v, .bytes(let data)): return bytes.append(data.count, data)
    case (.utf8v, .text(let text)): return bytes.append(text.utf8.count, Array(text.utf8))
    case (.u16v, .words(let words)):
      guard bytes.append(words.count, []) else { return false }
      for word in words { bytes.appendBigEndian(word) }
    case (.u32v, .doubleWords(let words)):
      guard bytes.append(words.count, []) else { return false }
      for word in words { bytes.appendBigEndian(word) }
    default: return false
    }
    return true
  }
}

extension [UInt8] {
  fileprivate mutating func append<Number: FixedWidthInteger>(_ number: Int64, as: Number.Type) -> Bool {
    guard let number = Number(exactly: number) else { return false }
    appendBigEndian(number)
    return true
  }

  fileprivate mutating func append(_ count: Int, _ data: [UInt8]) -> Bool {
    guard let count = UInt16(exactly: count) else { return false }
    appendBigEndian(count)
    self += data
    return true
  }
}
