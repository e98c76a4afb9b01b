/// The encoder of one value.
final class ValueEncoder: Encoder {
  let document: EncodedDocument
  private var parent: CodingPath?
  private var key: (any CodingKey)?
  var slot: EncodedSlot?

  init(_ document: EncodedDocument, _ parent: CodingPath?, _ key: (any CodingKey)?) {
    self.document = document
    self.parent = parent
    self.key = key
  }

  /// Where this value stands; made when it is asked for, since most values are scalars that never ask.
  var path: CodingPath? { key.map { CodingPath(parent, $0) } ?? parent }

  var codingPath: [any CodingKey] { CodingPath.keys(path) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// Encodes `value`, standing at `key` under `path`.
  static func slot<T: Encodable>(
    of value: T, in document: EncodedDocument, path: CodingPath?, key: (any CodingKey)?
  ) throws -> EncodedSlot {
    // The comparison of types is cheap, so that only a field that needs it pays for the cast.
    if T.self == CanonicalJSON.self, let json = value as? CanonicalJSON {
      return .json(json, key.map { CodingPath(path, $0) } ?? path)
    }
    var encoder = document.spare.popLast() ?? ValueEncoder(document, path, key)
    encoder.parent = path
    encoder.key = key
    encoder.slot = nil
    try value.encode(to: encoder)
    let slot = try encoder.finishedSlot()
    // A type may have kept its encoder; one that nobody else holds serves again.
    if isKnownUniquelyReferenced(&encoder) { document.spare.append(encoder) }
    return slot
  }

  func finishedSlot() throws(CanonicalCodingError) -> EncodedSlot {
    guard let slot else {
      throw CanonicalCodingError(
        path: CodingPath.text(path), kind: .missing, reason: "the type wrote no value for itself")
    }
    return slot
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    let object: EncodedObject
    switch slot {
    case .object(let existing)?:
      object = existing
    case let other:
      if other != nil { reportSecondContainer() }
      object = EncodedObject()
      slot = .object(object)
    }
    return KeyedEncodingContainer(ObjectEncoder<Key>(document, object, path))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    let array: EncodedArray
    switch slot {
    case .array(let existing)?:
      array = existing
    case let other:
      if other != nil { reportSecondContainer() }
      array = EncodedArray()
      slot = .array(array)
    }
    return ArrayEncoder(document, array, path)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    if slot != nil { reportSecondContainer() }
    return self
  }

  private func reportSecondContainer() {
    document.report(
      CanonicalCodingError(
        path: CodingPath.text(path), kind: .invalidValue, reason: "the type writes two values for itself"))
  }
}

extension ValueEncoder: SingleValueEncodingContainer {
  func encodeNil() { slot = document.null() }
  func encode(_ value: Bool) { slot = document.bool(value) }
  func encode(_ value: String) { slot = document.string(value) }
  func encode(_ value: Double) throws { throw floatingPoint(path, nil) }
  func encode(_ value: Float) throws { throw floatingPoint(path, nil) }
  func encode(_ value: Int) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: Int8) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: Int16) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: Int32) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: Int64) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: UInt) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: UInt8) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: UInt16) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: UInt32) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode(_ value: UInt64) throws { slot = try document.integer(value, path: path, key: nil) }
  func encode<T: Encodable>(_ value: T) throws {
    slot = try ValueEncoder.slot(of: value, in: document, path: path, key: nil)
  }
}

func floatingPoint(_ path: CodingPath?, _ key: (any CodingKey)?) -> CanonicalCodingError {
  CanonicalCodingError(
    path: CodingPath.text(path, key), kind: .floatingPoint,
    reason: "floating-point numbers are not allowed; use whole numbers of a smaller unit")
}
