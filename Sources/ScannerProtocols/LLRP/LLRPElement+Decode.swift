extension LLRPElement {
  /// Reads the content of a message of that type; nil when the standard has no such message.
  ///
  /// Parameters that are not known are kept by their length, so that readers with extensions are understood.
  ///
  /// - Throws: `LLRPFault`, with the offset from the begin of `body`.
  static func message(_ type: UInt16, body: [UInt8]) throws(LLRPFault) -> LLRPElement? {
    guard let definition = LLRPDefinition.message(type) else { return nil }
    var reader = LLRPReader(body)
    return try reader.element(definition, end: body.count, depth: 0)
  }
}

/// Walks the bytes of one message.
struct LLRPReader {
  private let bytes: [UInt8]
  private var place = 0
  private var bit = 0
  private var count = 0

  static let maximumDepth = 16
  static let maximumCount = 65_536

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func element(_ definition: LLRPDefinition, end: Int, depth: Int) throws(LLRPFault) -> LLRPElement {
    var values: [LLRPValue] = []
    values.reserveCapacity(definition.fields.count)
    for field in definition.fields {
      if let value = try value(field, end: end, within: definition.name) { values.append(value) }
    }
    var parameters: [LLRPElement] = []
    if definition.nests {
      while place < end { parameters.append(try parameter(end: end, depth: depth + 1)) }
    }
    // A later version may have put more fields behind; the length says where they end.
    place = end
    return LLRPElement(definition, values: values, parameters: parameters)
  }

  private mutating func parameter(end: Int, depth: Int) throws(LLRPFault) -> LLRPElement {
    count += 1
    guard depth <= Self.maximumDepth, count <= Self.maximumCount else { throw .tooMany(offset: place) }
    let start = place
    if bytes[start] & 0x80 != 0 {
      let type = bytes[start] & 0x7F
      guard let definition = LLRPDefinition.parameter(UInt16(type)) else {
        throw .unknownFixed(type, offset: start)
      }
      let length = Int(LLRPDefinition.fixedLengths[Int(type)])
      guard start + 1 + length <= end else { throw .truncated(definition.name, offset: start) }
      place = start + 1
      return try element(definition, end: place + length, depth: depth)
    }
    guard start + 4 <= end else { throw .truncated("a parameter's header", offset: start) }
    let type = bytes[...].bigEndian16(start) & 0x03FF
    let length = Int(bytes[...].bigEndian16(start + 2))
    guard length >= 4 else { throw .length(length, offset: start) }
    let definition = LLRPDefinition.parameter(type)
    guard start + length <= end else {
      throw .truncated(definition?.name ?? "parameter \(type)", offset: start)
    }
    place = start + 4
    guard let definition, definition.kind == .tlv else {
      place = start + length
      return LLRPElement(unknown: type, Array(bytes[(start + 4)..<place]))
    }
    return try element(definition, end: start + length, depth: depth)
  }

  private mutating func value(
    _ field: LLRPDefinition.Field, end: Int, within name: String
  ) throws(LLRPFault) -> LLRPValue? {
    func need(_ count: Int) throws(LLRPFault) {
      guard place + count <= end else { throw .truncated("\(name).\(field.name ?? "reserved")", offset: place) }
    }
    switch field {
    case .u1, .u2:
      try need(1)
      let width = field.fixedBits
      let value = bytes[place] >> UInt8(8 - bit - width) & (1 << UInt8(width) - 1)
      skip(bits: width)
      return .number(Int64(value))
    case .reserved(let bits):
      try need((bit + bits + 7) / 8)
      skip(bits: bits)
      return nil
    case .u8, .s8, .u16, .s16, .u32, .u64:
      let length = field.fixedBits / 8
      try need(length)
      defer { place += length }
      return number(field)
    case .u96:
      try need(12)
      return .bytes(take(12))
    case .bytesToEnd:
      return .bytes(take(end - place))
    case .u1v, .u8v, .u16v, .u32v, .utf8v:
      try need(2)
      let count = Int(bytes[...].bigEndian16(place))
      let length = field.length(ofCount: count)
      try need(2 + length)
      place += 2
      return list(field, count, take(length))
    }
  }

  private func number(_ field: LLRPDefinition.Field) -> LLRPValue {
    let all = bytes[...]
    switch field {
    case .s8: return .number(Int64(Int8(bitPattern: all[byte: place])))
    case .u16: return .number(Int64(all.bigEndian16(place)))
    case .s16: return .number(Int64(Int16(bitPattern: all.bigEndian16(place))))
    case .u32: return .number(Int64(all.bigEndian32(place)))
    case .u64: return .unsigned(all.bigEndian64(place))
    default: return .number(Int64(all[byte: place]))
    }
  }

  private func list(_ field: LLRPDefinition.Field, _ count: Int, _ data: [UInt8]) -> LLRPValue {
    switch field {
    case .u1v: return .bits(count: count, data)
    case .u16v: return .words((0..<count).map { data[...].bigEndian16(2 * $0) })
    case .u32v: return .doubleWords((0..<count).map { data[...].bigEndian32(4 * $0) })
    // Bytes that are no UTF-8 are kept as they are.
    case .utf8v: return String(validating: data, as: UTF8.self).map(LLRPValue.text) ?? .bytes(data)
    default: return .bytes(data)
    }
  }

  private mutating func skip(bits: Int) {
    bit += bits
    place += bit / 8
    bit %= 8
  }

  private mutating func take(_ length: Int) -> [UInt8] {
    defer { place += length }
    return Array(bytes[place..<(place + length)])
  }
}

extension LLRPDefinition.Field {
  /// The bytes that a list of so many things takes, behind its count.
  func length(ofCount count: Int) -> Int {
    switch self {
    case .u1v: (count + 7) / 8
    case .u16v: count * 2
    case .u32v: count * 4
    default: count
    }
  }
}
