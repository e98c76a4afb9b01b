/// Writes the members of one object.
struct ObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  private let document: EncodedDocument
  private let object: EncodedObject
  private let path: CodingPath?

  init(_ document: EncodedDocument, _ object: EncodedObject, _ path: CodingPath?) {
    self.document = document
    self.object = object
    self.path = path
  }

  var codingPath: [any CodingKey] { CodingPath.keys(path) }

  @inline(__always)
  private func append(_ slot: EncodedSlot, _ key: Key) {
    object.members.append(document.member(key.stringValue, slot))
  }

  func encodeNil(forKey key: Key) { append(document.null(), key) }
  func encode(_ value: Bool, forKey key: Key) { append(document.bool(value), key) }
  func encode(_ value: String, forKey key: Key) { append(document.string(value), key) }
  func encode(_ value: Double, forKey key: Key) throws { throw floatingPoint(path, key) }
  func encode(_ value: Float, forKey key: Key) throws { throw floatingPoint(path, key) }
  func encode(_ value: Int, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: Int8, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: Int16, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: Int32, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: Int64, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: UInt, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: UInt8, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: UInt16, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: UInt32, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode(_ value: UInt64, forKey key: Key) throws {
    append(try document.integer(value, path: path, key: key), key)
  }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    append(try ValueEncoder.slot(of: value, in: document, path: path, key: key), key)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    let nested = EncodedObject()
    append(.object(nested), key)
    return KeyedEncodingContainer(ObjectEncoder<NestedKey>(document, nested, CodingPath(path, key)))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    let nested = EncodedArray()
    append(.array(nested), key)
    return ArrayEncoder(document, nested, CodingPath(path, key))
  }

  func superEncoder() -> any Encoder { later(CanonicalKey("super")) }
  func superEncoder(forKey key: Key) -> any Encoder { later(key) }

  private func later(_ key: any CodingKey) -> any Encoder {
    let encoder = ValueEncoder(document, path, key)
    object.members.append(document.member(key.stringValue, .later(encoder)))
    return encoder
  }
}
