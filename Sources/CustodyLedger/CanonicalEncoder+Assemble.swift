extension EncodedDocument {
  /// The document's bytes: every object's members in order.
  func assemble(_ top: EncodedSlot) throws -> [UInt8] {
    var writer = CanonicalWriter(capacity: store.bytes.count + store.bytes.count / 4 + 16)
    try write(top, to: &writer, depth: 0)
    return writer.bytes
  }

  private func write(_ slot: EncodedSlot, to writer: inout CanonicalWriter, depth: Int) throws {
    switch slot {
    case .bytes(let start, let end):
      writer.bytes.append(contentsOf: store.bytes[start..<end])
    case .json(let value, let path):
      do {
        try value.write(to: &writer, depth: depth)
      } catch {
        throw CanonicalCodingError(
          path: CodingPath.text(path), kind: .notCanonical(error), reason: error.reason.sentence)
      }
    case .object(let object):
      guard depth < CanonicalJSON.maximumDepth else { throw tooDeep(writer) }
      try write(object, to: &writer, depth: depth)
    case .array(let array):
      guard depth < CanonicalJSON.maximumDepth else { throw tooDeep(writer) }
      writer.append(UInt8(ascii: "["))
      for (index, element) in array.elements.enumerated() {
        if index > 0 { writer.append(UInt8(ascii: ",")) }
        try write(element, to: &writer, depth: depth + 1)
      }
      writer.append(UInt8(ascii: "]"))
    case .later(let encoder):
      try write(try encoder.finishedSlot(), to: &writer, depth: depth)
    }
  }

  private func write(_ object: EncodedObject, to writer: inout CanonicalWriter, depth: Int) throws {
    let members = object.members
    let order = try sorted(members)
    writer.append(UInt8(ascii: "{"))
    for (position, index) in order.enumerated() {
      if position > 0 { writer.append(UInt8(ascii: ",")) }
      let member = members[index]
      store.bytes.withUnsafeBufferPointer { buffer in
        writer.append(quoting: UnsafeBufferPointer(rebasing: buffer[member.nameStart..<member.nameEnd]))
      }
      writer.append(UInt8(ascii: ":"))
      try write(member.slot, to: &writer, depth: depth + 1)
    }
    writer.append(UInt8(ascii: "}"))
  }

  /// The members' indexes in canonical order.
  private func sorted(_ members: [EncodedObject.Member]) throws(CanonicalCodingError) -> [Int] {
    var order = Array(members.indices)
    let duplicate = store.bytes.withUnsafeBufferPointer { buffer -> String? in
      func name(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: buffer[members[index].nameStart..<members[index].nameEnd])
      }
      order.sort { CanonicalOrder.compare(name($0), name($1)) < 0 }
      for (left, right) in zip(order, order.dropFirst()) where CanonicalOrder.compare(name(left), name(right)) == 0 {
        return String(decoding: name(left), as: UTF8.self)
      }
      return nil
    }
    if let duplicate {
      throw CanonicalCodingError(path: duplicate, kind: .duplicateName, reason: "the name is written twice")
    }
    return order
  }

  private func tooDeep(_ writer: CanonicalWriter) -> CanonicalJSONError {
    CanonicalJSONError(offset: writer.bytes.count, reason: .tooDeep)
  }
}
