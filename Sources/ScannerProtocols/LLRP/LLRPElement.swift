/// A message's content or a parameter, with its fields and parameters by name.
public struct LLRPElement: Hashable, Sendable {
  /// What it is; nil for a parameter that this standard does not have.
  public let definition: LLRPDefinition?
  /// Its number.
  public let type: UInt16
  /// The values of the fields, reserved ones left out, in order.
  public let values: [LLRPValue]
  /// The parameters in it, in order.
  public let parameters: [LLRPElement]
  /// The bytes behind the header, when they are not understood.
  public let unknown: [UInt8]

  /// A message or parameter of the standard. Fields that are left out are zero or empty.
  ///
  /// - Throws: `LLRPFault` for a name that the standard does not have.
  public init(
    _ name: String, _ fields: KeyValuePairs<String, LLRPValue> = [:], _ parameters: [LLRPElement] = []
  ) throws(LLRPFault) {
    guard let definition = LLRPDefinition.named(name) else { throw .unknownName(name) }
    for field in fields where !definition.fields.contains(where: { $0.name == field.key }) {
      throw .unknownName("\(name).\(field.key)")
    }
    let values = definition.fields.compactMap { field in
      field.name.map { name in fields.first { $0.key == name }?.value ?? field.empty }
    }
    self.init(definition, values: values, parameters: parameters)
  }

  init(_ definition: LLRPDefinition, values: [LLRPValue], parameters: [LLRPElement]) {
    self.definition = definition
    self.values = values
    self.parameters = parameters
    type = definition.type
    unknown = []
  }

  init(unknown type: UInt16, _ bytes: [UInt8]) {
    definition = nil
    self.type = type
    values = []
    parameters = []
    unknown = bytes
  }

  /// The name in the standard; of an unknown parameter its number.
  public var name: String { definition?.name ?? "parameter \(type)" }

  /// The value of a field, or nil when there is none of that name.
  public subscript(field: String) -> LLRPValue? {
    guard let definition else { return nil }
    var index = 0
    for candidate in definition.fields {
      guard let name = candidate.name else { continue }
      if name == field { return values[index] }
      index += 1
    }
    return nil
  }

  /// A whole number of a field, or nil.
  public func number(_ field: String) -> Int? { self[field]?.number }

  /// The first parameter of that name, or nil.
  public func first(_ name: String) -> LLRPElement? { parameters.first { $0.name == name } }

  /// Every parameter of that name.
  public func all(_ name: String) -> [LLRPElement] { parameters.filter { $0.name == name } }
}

/// The value of a field.
public enum LLRPValue: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// A whole number.
  case number(Int64)
  /// A number of 64 bits, which may not fit `number`.
  case unsigned(UInt64)
  /// Bits, the first in the top bit of the first byte.
  case bits(count: Int, [UInt8])
  /// Bytes.
  case bytes([UInt8])
  /// Words of 16 bits.
  case words([UInt16])
  /// Words of 32 bits.
  case doubleWords([UInt32])
  /// Text.
  case text(String)

  /// A whole number.
  public init(integerLiteral value: Int64) { self = .number(value) }

  /// The whole number, or nil.
  public var number: Int? {
    switch self {
    case .number(let value): Int(value)
    case .unsigned(let value): Int(exactly: value)
    default: nil
    }
  }
}

extension LLRPDefinition.Field {
  var empty: LLRPValue {
    switch self {
    case .u1, .u2, .u8, .s8, .u16, .s16, .u32, .reserved: 0
    case .u64: .unsigned(0)
    case .u96: .bytes([UInt8](repeating: 0, count: 12))
    case .u1v: .bits(count: 0, [])
    case .u8v, .bytesToEnd: .bytes([])
    case .u16v: .words([])
    case .u32v: .doubleWords([])
    case .utf8v: .text("")
    }
  }
}

/// Why bytes are no LLRP, or a message cannot be written.
public enum LLRPFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes end within the thing that begins at the offset.
  case truncated(String, offset: Int)
  /// A length that is less than the header's.
  case length(Int, offset: Int)
  /// A parameter of fixed length with a number that the standard does not have: nobody knows how long it is.
  case unknownFixed(UInt8, offset: Int)
  /// Parameters more than 16 deep, or more than 65,536 in a message.
  case tooMany(offset: Int)
  /// Bits or bytes that do not fit whole bytes.
  case uneven(bits: Int, offset: Int)
  /// The message is not of the type that was expected.
  case unexpected(String)
  /// A name that the standard does not have.
  case unknownName(String)
  /// A value that the field cannot hold.
  case value(String)

  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .truncated(let what, let offset): "LLRP, byte \(offset): the message ends within \(what)"
    case .length(let length, let offset): "LLRP, byte \(offset): a length of \(length)"
    case .unknownFixed(let type, let offset): "LLRP, byte \(offset): unknown parameter \(type) of fixed length"
    case .tooMany(let offset): "LLRP, byte \(offset): too many parameters, or too deep"
    case .uneven(let bits, let offset): "LLRP, byte \(offset): \(bits) bits are no whole bytes"
    case .unexpected(let what): "LLRP: unexpected \(what)"
    case .unknownName(let name): "LLRP has no \(name)"
    case .value(let name): "a value that \(name) cannot hold"
    }
  }
}
