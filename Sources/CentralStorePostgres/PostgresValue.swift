/// A parameter of a statement, sent in PostgreSQL's binary form. Texts that a stranger may have written are sent as
/// `.utf8`, into columns of `bytea`: PostgreSQL's `text` refuses U+0000, and orders and folds by the server's locale.
enum PostgresValue: Sendable {
  case null
  case bytes([UInt8])
  case int(Int64)
  case bool(Bool)
  /// For columns of `text`: words of this program's own, in ASCII.
  case word(String)
  case bytesArray([[UInt8]?])
  case intArray([Int64?])
  case boolArray([Bool])
  case wordArray([String?])

  static func utf8(_ text: String) -> PostgresValue { .bytes(Array(text.utf8)) }
  static func utf8Array(_ texts: [String?]) -> PostgresValue { .bytesArray(texts.map { $0.map { Array($0.utf8) } }) }
  static func int(_ value: Int) -> PostgresValue { .int(Int64(value)) }

  /// Object identifiers of the element types (`pg_type.dat`).
  private enum ElementType: UInt32 {
    case bool = 16
    case bytea = 17
    case int8 = 20
    case text = 25
  }

  /// Adds the value's binary form; false for null, which has none.
  func append(to buffer: inout [UInt8]) -> Bool {
    switch self {
    case .null: return false
    case .bytes(let bytes): buffer += bytes
    case .int(let value): buffer.appendBigEndian(value)
    case .bool(let value): buffer.append(value ? 1 : 0)
    case .word(let text): buffer += text.utf8
    case .bytesArray(let values): Self.append(values, .bytea, to: &buffer) { $1 += $0 }
    case .intArray(let values): Self.append(values, .int8, to: &buffer) { $1.appendBigEndian($0) }
    case .boolArray(let values): Self.append(values, .bool, to: &buffer) { $1.append($0 ? 1 : 0) }
    case .wordArray(let values): Self.append(values, .text, to: &buffer) { $1 += $0.utf8 }
    }
    return true
  }

  /// An array of one dimension (`array_send`): dimensions, whether there are nulls, element type, count, lower bound; then
  /// each element after its length, -1 for null.
  private static func append<Element>(
    _ values: [Element?], _ type: ElementType, to buffer: inout [UInt8], element: (Element, inout [UInt8]) -> Void
  ) {
    buffer.appendBigEndian(Int32(values.isEmpty ? 0 : 1))
    buffer.appendBigEndian(Int32(values.contains { $0 == nil } ? 1 : 0))
    buffer.appendBigEndian(type.rawValue)
    if values.isEmpty { return }
    buffer.appendBigEndian(Int32(values.count))
    buffer.appendBigEndian(Int32(1))
    for value in values { buffer.appendField(value, element) }
  }
}

extension [UInt8] {
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  /// A value after its length; nil is length -1.
  mutating func appendField<Value>(_ value: Value?, _ append: (Value, inout [UInt8]) -> Void) {
    guard let value else { return appendBigEndian(Int32(-1)) }
    let start = count
    appendBigEndian(Int32(0))
    append(value, &self)
    let length = Int32(count - start - 4).bigEndian
    Swift.withUnsafeBytes(of: length) { bytes in for at in 0..<4 { self[start + at] = bytes[at] } }
  }
}

/// Rows for `COPY … FROM STDIN (FORMAT binary)` (PostgreSQL documentation, COPY, "Binary Format").
struct CopyRows {
  private(set) var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)

  mutating func append(_ row: [PostgresValue]) {
    bytes.appendBigEndian(Int16(row.count))
    for value in row {
      if case .null = value {
        bytes.appendBigEndian(Int32(-1))
      } else {
        bytes.appendField(value) { _ = $0.append(to: &$1) }
      }
    }
  }

  /// The whole file.
  func finished() -> [UInt8] { bytes + [0xFF, 0xFF] }
}
