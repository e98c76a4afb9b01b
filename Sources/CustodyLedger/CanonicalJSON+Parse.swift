extension CanonicalJSON {
  /// Reads a value from its one byte form. Throws for any other bytes, and for more than `limit` bytes, with the byte
  /// offset and the reason.
  public init(bytes: [UInt8], limit: Int = CanonicalJSON.maximumLength) throws(CanonicalJSONError) {
    let document = CanonicalDocument(bytes: bytes, nodes: try CanonicalScanner.scan(bytes, limit: limit))
    self = document.value(at: 0)
  }
}

/// Scanned bytes with the list of their values.
final class CanonicalDocument {
  let bytes: [UInt8]
  let nodes: [CanonicalNode]

  init(bytes: [UInt8], nodes: [CanonicalNode]) {
    self.bytes = bytes
    self.nodes = nodes
  }

  func string(_ node: CanonicalNode) -> String {
    bytes.withUnsafeBufferPointer { buffer in
      let token = UnsafeBufferPointer(rebasing: buffer[Int(node.start)..<Int(node.end)])
      return node.hasEscapes
        ? String(decoding: CanonicalUnescape.bytes(token), as: UTF8.self) : String(decoding: token, as: UTF8.self)
    }
  }

  func integer(_ node: CanonicalNode) -> Int64 {
    var magnitude: Int64 = 0
    var index = Int(node.start)
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    while index < Int(node.end) {
      magnitude = magnitude * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
      index += 1
    }
    return isNegative ? -magnitude : magnitude
  }

  /// Whether the text of string node `node` is `text`, byte by byte.
  func isString(_ node: CanonicalNode, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if node.hasEscapes {
      return bytes.withUnsafeBufferPointer { buffer in
        CanonicalUnescape.bytes(UnsafeBufferPointer(rebasing: buffer[Int(node.start)..<Int(node.end)]))
          .elementsEqual(text)
      }
    }
    guard Int(node.end - node.start) == text.count else { return false }
    return bytes.withUnsafeBufferPointer { buffer in
      var offset = Int(node.start)
      for byte in text {
        if buffer[offset] != byte { return false }
        offset += 1
      }
      return true
    }
  }

  func value(at index: Int) -> CanonicalJSON {
    let node = nodes[index]
    switch node.kind {
    case .null: return .null
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .integer: return .integer(integer(node))
    case .string: return .string(string(node))
    case .array:
      var values: [CanonicalJSON] = []
      var child = index + 1
      while child < Int(node.next) {
        values.append(value(at: child))
        child = Int(nodes[child].next)
      }
      return .array(values)
    case .object:
      var members: [CanonicalJSON.Object.Member] = []
      var child = index + 1
      while child < Int(node.next) {
        members.append(.init(name: string(nodes[child]), value: value(at: child + 1)))
        child = Int(nodes[child + 1].next)
      }
      return .object(.init(sorted: members))
    }
  }
}
