/// Reads the members of one object.
struct ObjectDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let state: DecodingState
  private let first: Int
  private let end: Int
  private let path: CodingPath?

  init(_ decoder: ValueDecoder) throws {
    guard decoder.node.kind == .object else { throw decoder.mismatch("an object", nil) }
    state = decoder.state
    first = decoder.index + 1
    end = Int(decoder.node.next)
    path = decoder.path
  }

  var codingPath: [any CodingKey] { CodingPath.keys(path) }

  var allKeys: [Key] {
    var keys: [Key] = []
    var names = Set<String>()
    var index = first
    while index < end {
      let name = state.document.string(state.document.nodes[index])
      // A Swift string, and so a dictionary, takes two normalisations of one text for one: it would lose a member.
      if !name.utf8.allSatisfy({ $0 < 0x80 }), !names.insert(name).inserted {
        state.report(
          CanonicalCodingError(
            path: CodingPath.text(path, CanonicalKey(name)), kind: .duplicateName,
            reason: "the name stands twice, in two Unicode normalisations"))
      }
      if let key = Key(stringValue: name) { keys.append(key) }
      index = Int(state.document.nodes[index + 1].next)
    }
    return keys
  }

  /// The index of the value named `key`.
  private func find(_ key: Key) -> Int? {
    var name = key.stringValue
    return name.withUTF8 { text in
      var index = first
      while index < end {
        if state.document.isString(state.document.nodes[index], text) { return index + 1 }
        index = Int(state.document.nodes[index + 1].next)
      }
      return nil
    }
  }

  @inline(__always)
  private func value(_ key: Key) throws -> ValueDecoder {
    guard let index = find(key) else {
      throw CanonicalCodingError(
        path: CodingPath.text(path, key), kind: .missing, reason: "the field is missing")
    }
    return ValueDecoder(state, index, path)
  }

  /// The value named `key`, unless it is absent or null.
  @inline(__always)
  private func valueIfPresent(_ key: Key) -> ValueDecoder? {
    guard let index = find(key), state.document.nodes[index].kind != .null else { return nil }
    return ValueDecoder(state, index, path)
  }

  func contains(_ key: Key) -> Bool { find(key) != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try value(key).decodeNil() }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type, key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type, key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { throw floatingPoint(path, key) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { throw floatingPoint(path, key) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).decode(integer: type, key) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).decode(integer: type, key) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).decode(integer: type, key) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).decode(integer: type, key) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).decode(integer: type, key) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).decode(integer: type, key) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).decode(integer: type, key) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).decode(integer: type, key) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).decode(integer: type, key) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).decode(integer: type, key) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try value(key).decode(type, key) }

  // The default implementations would look each name up three times.

  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
    try valueIfPresent(key)?.decode(type, key)
  }

  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try valueIfPresent(key)?.decode(type, key)
  }

  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
    try valueIfPresent(key)?.decode(integer: type, key)
  }

  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
    try valueIfPresent(key)?.decode(integer: type, key)
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    // A field that may hold any value holds null as a value; only absence is nil.
    if T.self == CanonicalJSON.self { return try find(key).map { try ValueDecoder(state, $0, path).decode(type, key) } }
    return try valueIfPresent(key)?.decode(type, key)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try nested(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try nested(key).unkeyedContainer()
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }

  func superDecoder() throws -> any Decoder {
    guard let key = Key(stringValue: "super") else {
      throw CanonicalCodingError(path: CodingPath.text(path), kind: .missing, reason: "the type has no key 'super'")
    }
    return try nested(key)
  }

  private func nested(_ key: Key) throws -> ValueDecoder {
    ValueDecoder(state, try value(key).index, CodingPath(path, key))
  }
}
