/// Through `CanonicalEncoder` and `CanonicalDecoder` a value passes as it is, without these; they serve other coders.
extension CanonicalJSON: Codable {
  /// Reads whatever value stands here.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CanonicalKey.self) {
      // Not an object is an expected answer to that question, and the next is asked below.
      var object = Object()
      for key in container.allKeys {
        object[key.stringValue] = try container.decode(CanonicalJSON.self, forKey: key)
      }
      self = .object(object)
    } else if var container = try? decoder.unkeyedContainer() {
      var values: [CanonicalJSON] = []
      while !container.isAtEnd { values.append(try container.decode(CanonicalJSON.self)) }
      self = .array(values)
    } else {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(String.self) {
        self = .string(value)
      } else {
        self = .integer(try container.decode(Int64.self))
      }
    }
  }

  /// Writes the value as it is.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let object):
      var container = encoder.container(keyedBy: CanonicalKey.self)
      for member in object.members { try container.encode(member.value, forKey: CanonicalKey(member.name)) }
    case .array(let values):
      var container = encoder.unkeyedContainer()
      for value in values { try container.encode(value) }
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .bool(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .integer(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    case .string(let value):
      var container = encoder.singleValueContainer()
      try container.encode(value)
    }
  }
}
