/// Reads the elements of one array.
struct ArrayDecoder: UnkeyedDecodingContainer {
  private let state: DecodingState
  private let end: Int
  private let path: CodingPath?
  private var index: Int
  private(set) var currentIndex = 0
  let count: Int?

  init(_ decoder: ValueDecoder) throws {
    guard decoder.node.kind == .array else { throw decoder.mismatch("an array", nil) }
    state = decoder.state
    end = Int(decoder.node.next)
    path = decoder.path
    index = decoder.index + 1
    var elements = 0
    var element = index
    while element < end {
      elements += 1
      element = Int(state.document.nodes[element].next)
    }
    count = elements
  }

  var codingPath: [any CodingKey] { CodingPath.keys(path) }
  var isAtEnd: Bool { index >= end }
  private var key: CanonicalKey { CanonicalKey(index: currentIndex) }

  private func here() throws -> ValueDecoder {
    guard !isAtEnd else {
      throw CanonicalCodingError(
        path: CodingPath.text(path, key), kind: .missing, reason: "the array has only \(currentIndex) elements")
    }
    return ValueDecoder(state, index, path)
  }

  /// Reads the element here, then steps past it.
  private mutating func element<T>(_ read: (ValueDecoder, CanonicalKey) throws -> T) throws -> T {
    let value = try read(try here(), key)
    index = Int(state.document.nodes[index].next)
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    guard try here().decodeNil() else { return false }
    return try element { _, _ in true }
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try element { try $0.decode(type, $1) } }
  mutating func decode(_ type: String.Type) throws -> String { try element { try $0.decode(type, $1) } }
  mutating func decode(_ type: Double.Type) throws -> Double { throw floatingPoint(path, key) }
  mutating func decode(_ type: Float.Type) throws -> Float { throw floatingPoint(path, key) }
  mutating func decode(_ type: Int.Type) throws -> Int { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try element { try $0.decode(integer: type, $1) } }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try element { try $0.decode(type, $1) } }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try element { try Self.nested($0, $1).container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try element { try Self.nested($0, $1).unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try element { Self.nested($0, $1) } }

  private static func nested(_ value: ValueDecoder, _ key: CanonicalKey) -> ValueDecoder {
    ValueDecoder(value.state, value.index, CodingPath(value.path, key))
  }
}
