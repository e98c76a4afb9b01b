/// What a message or parameter of LLRP consists of: fields, then parameters.
public struct LLRPDefinition: Hashable, Sendable {
  /// How it is encoded (LLRP 1.1, section 17).
  public enum Kind: Hashable, Sendable {
    /// A message.
    case message
    /// A parameter with a length.
    case tlv
    /// A parameter of a fixed length.
    case tv
  }

  /// A field, and how it is encoded; numbers are big-endian.
  public enum Field: Hashable, Sendable {
    case u1(String), u2(String), u8(String), s8(String), u16(String), s16(String), u32(String), u64(String), u96(String)
    /// A count in two bytes, then so many bits, bytes, words, double words, or bytes of UTF-8.
    case u1v(String), u8v(String), u16v(String), u32v(String), utf8v(String)
    /// All that is left.
    case bytesToEnd(String)
    /// Bits that are zero.
    case reserved(Int)

    /// The field's name; nil for reserved bits.
    public var name: String? {
      switch self {
      case .u1(let name), .u2(let name), .u8(let name), .s8(let name), .u16(let name), .s16(let name), .u32(let name),
        .u64(let name), .u96(let name), .u1v(let name), .u8v(let name), .u16v(let name), .u32v(let name),
        .utf8v(let name), .bytesToEnd(let name):
        name
      case .reserved: nil
      }
    }
  }

  /// How it is encoded.
  public let kind: Kind
  /// Its number.
  public let type: UInt16
  /// Its name in the standard.
  public let name: String
  /// Its fields.
  public let fields: [Field]
  /// Whether parameters follow.
  public let nests: Bool

  init(_ kind: Kind, _ type: UInt16, _ name: String, _ fields: [Field], nests: Bool = false) {
    (self.kind, self.type, self.name, self.fields, self.nests) = (kind, type, name, fields, nests)
  }

  /// The message of that number, or nil.
  public static func message(_ type: UInt16) -> LLRPDefinition? { messages[type] }
  /// The parameter of that number, or nil. Numbers below 128 are the ones of a fixed length.
  public static func parameter(_ type: UInt16) -> LLRPDefinition? { parameters[type] }
  /// The message or parameter of that name, or nil.
  public static func named(_ name: String) -> LLRPDefinition? { names[name] }

  private static let messages = Dictionary(
    uniqueKeysWithValues: table.filter { $0.kind == .message }.map { ($0.type, $0) })
  private static let parameters = Dictionary(
    uniqueKeysWithValues: table.filter { $0.kind != .message }.map { ($0.type, $0) })
  private static let names = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0) })

  /// The length of what follows the type byte of a parameter of fixed length.
  static let fixedLengths: [UInt8] = {
    var lengths = [UInt8](repeating: 0, count: 128)
    for definition in table where definition.kind == .tv {
      lengths[Int(definition.type)] = UInt8(definition.fields.reduce(0) { $0 + $1.fixedBits } / 8)
    }
    return lengths
  }()
}

extension LLRPDefinition.Field {
  var fixedBits: Int {
    switch self {
    case .u1: 1
    case .u2: 2
    case .u8, .s8: 8
    case .u16, .s16: 16
    case .u32: 32
    case .u64: 64
    case .u96: 96
    case .reserved(let bits): bits
    case .u1v, .u8v, .u16v, .u32v, .utf8v, .bytesToEnd: 0
    }
  }
}
