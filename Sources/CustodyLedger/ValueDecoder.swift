/// The decoder of one value: a place in the document.
struct ValueDecoder: Decoder {
  let state: DecodingState
  let index: Int
  let path: CodingPath?

  init(_ state: DecodingState, _ index: Int, _ path: CodingPath?) {
    self.state = state
    self.index = index
    self.path = path
  }

  var codingPath: [any CodingKey] { CodingPath.keys(path) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  var node: CanonicalNode { state.document.nodes[index] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try ObjectDecoder<Key>(self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try ArrayDecoder(self) }
  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  // Each takes the key under which the value stands, so that a path is built only when something fails.

  @inline(__always)
  func decode(_ type: Bool.Type, _ key: (any CodingKey)?) throws -> Bool {
    switch node.kind {
    case .true: return true
    case .false: return false
    default: throw mismatch("true or false", key)
    }
  }

  @inline(__always)
  func decode(_ type: String.Type, _ key: (any CodingKey)?) throws -> String {
    let node = node
    guard node.kind == .string else { throw mismatch("a string", key) }
    return state.document.string(node)
  }

  @inline(__always)
  func decode<T: FixedWidthInteger>(integer type: T.Type, _ key: (any CodingKey)?) throws -> T {
    let node = node
    guard node.kind == .integer else { throw mismatch("a whole number", key) }
    let value = state.document.integer(node)
    guard let exact = T(exactly: value) else {
      throw CanonicalCodingError(
        path: CodingPath.text(path, key), kind: .outOfRange, reason: "\(value) does not fit \(T.self)")
    }
    return exact
  }

  @inline(__always)
  func decode<T: Decodable>(_ type: T.Type, _ key: (any CodingKey)?) throws -> T {
    if T.self == CanonicalJSON.self, let json = state.document.value(at: index) as? T { return json }
    return try T(from: ValueDecoder(state, index, key.map { CodingPath(path, $0) } ?? path))
  }

  func mismatch(_ expected: String, _ key: (any CodingKey)?) -> CanonicalCodingError {
    let found =
      switch node.kind {
      case .null: "null"
      case .true, .false: "true or false"
      case .integer: "a whole number"
      case .string: "a string"
      case .array: "an array"
      case .object: "an object"
      }
    return CanonicalCodingError(
      path: CodingPath.text(path, key), kind: .typeMismatch, reason: "expected \(expected), found \(found)")
  }
}

extension ValueDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { node.kind == .null }
  func decode(_ type: Bool.Type) throws -> Bool { try decode(type, nil) }
  func decode(_ type: String.Type) throws -> String { try decode(type, nil) }
  func decode(_ type: Double.Type) throws -> Double { throw floatingPoint(path, nil) }
  func decode(_ type: Float.Type) throws -> Float { throw floatingPoint(path, nil) }
  func decode(_ type: Int.Type) throws -> Int { try decode(integer: type, nil) }
  func decode(_ type: Int8.Type) throws -> Int8 { try decode(integer: type, nil) }
  func decode(_ type: Int16.Type) throws -> Int16 { try decode(integer: type, nil) }
  func decode(_ type: Int32.Type) throws -> Int32 { try decode(integer: type, nil) }
  func decode(_ type: Int64.Type) throws -> Int64 { try decode(integer: type, nil) }
  func decode(_ type: UInt.Type) throws -> UInt { try decode(integer: type, nil) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try decode(integer: type, nil) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try decode(integer: type, nil) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try decode(integer: type, nil) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try decode(integer: type, nil) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decode(type, nil) }
}
