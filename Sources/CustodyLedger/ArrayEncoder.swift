/// Writes the elements of one array.
struct ArrayEncoder: UnkeyedEncodingContainer {
  private let document: EncodedDocument
  private let array: EncodedArray
  private let path: CodingPath?

  init(_ document: EncodedDocument, _ array: EncodedArray, _ path: CodingPath?) {
    self.document = document
    self.array = array
    self.path = path
  }

  var codingPath: [any CodingKey] { CodingPath.keys(path) }
  var count: Int { array.elements.count }
  private var key: CanonicalKey { CanonicalKey(index: count) }

  func encodeNil() { array.elements.append(document.null()) }
  func encode(_ value: Bool) { array.elements.append(document.bool(value)) }
  func encode(_ value: String) { array.elements.append(document.string(value)) }
  func encode(_ value: Double) throws { throw floatingPoint(path, key) }
  func encode(_ value: Float) throws { throw floatingPoint(path, key) }
  func encode(_ value: Int) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: Int8) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: Int16) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: Int32) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: Int64) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: UInt) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: UInt8) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: UInt16) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: UInt32) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode(_ value: UInt64) throws { array.elements.append(try document.integer(value, path: path, key: key)) }
  func encode<T: Encodable>(_ value: T) throws {
    array.elements.append(try ValueEncoder.slot(of: value, in: document, path: path, key: key))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    let nested = EncodedObject()
    let nestedPath = CodingPath(path, key)
    array.elements.append(.object(nested))
    return KeyedEncodingContainer(ObjectEncoder<NestedKey>(document, nested, nestedPath))
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    let nested = EncodedArray()
    let nestedPath = CodingPath(path, key)
    array.elements.append(.array(nested))
    return ArrayEncoder(document, nested, nestedPath)
  }

  func superEncoder() -> any Encoder {
    let encoder = ValueEncoder(document, path, key)
    array.elements.append(.later(encoder))
    return encoder
  }
}
