extension CanonicalJSON {
  /// The one byte form of this value. Throws if an integer is 2^53 or more, if containers nest too deep, or if the
  /// form is longer than `limit` bytes.
  public func bytes(limit: Int = CanonicalJSON.maximumLength) throws(CanonicalJSONError) -> [UInt8] {
    var writer = CanonicalWriter(capacity: 1_024)
    try write(to: &writer, depth: 0)
    guard writer.bytes.count <= limit else {
      throw CanonicalJSONError(offset: limit, reason: .tooLong(limit: limit))
    }
    return writer.bytes
  }

  /// `depth`: how many containers this value stands in.
  func write(to writer: inout CanonicalWriter, depth: Int) throws(CanonicalJSONError) {
    switch self {
    case .null:
      writer.append(null: ())
    case .bool(let value):
      writer.append(value)
    case .integer(let value):
      guard value.magnitude <= Self.maximumInteger.magnitude else {
        throw CanonicalJSONError(offset: writer.bytes.count, reason: .integerTooLarge)
      }
      writer.append(value)
    case .string(let value):
      writer.append(value)
    case .array(let values):
      try Self.checkDepth(depth, writer)
      writer.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { writer.append(UInt8(ascii: ",")) }
        try value.write(to: &writer, depth: depth + 1)
      }
      writer.append(UInt8(ascii: "]"))
    case .object(let object):
      try Self.checkDepth(depth, writer)
      writer.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { writer.append(UInt8(ascii: ",")) }
        writer.append(member.name)
        writer.append(UInt8(ascii: ":"))
        try member.value.write(to: &writer, depth: depth + 1)
      }
      writer.append(UInt8(ascii: "}"))
    }
  }

  private static func checkDepth(_ depth: Int, _ writer: CanonicalWriter) throws(CanonicalJSONError) {
    guard depth < maximumDepth else { throw CanonicalJSONError(offset: writer.bytes.count, reason: .tooDeep) }
  }
}
