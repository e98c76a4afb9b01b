/// Writes rows of CSV as RFC 4180 has it: commas, CRLF, and quotes where they are needed. A cell that a spreadsheet
/// would run as a formula is guarded, see ``FormulaGuard``.
struct CSVWriter: Sendable {
  private(set) var bytes: [UInt8] = []

  /// Adds one row.
  mutating func append(_ cells: [String?]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let cell { Self.append(FormulaGuard.guarded(cell), separatedBy: UInt8(ascii: ","), to: &bytes) }
    }
    bytes.append(contentsOf: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
  }

  /// The rows so far, and begins anew.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// Adds a cell, in quotes when it holds a quote, a separator or a line break.
  static func append(_ cell: String, separatedBy delimiter: UInt8, to bytes: inout [UInt8]) {
    let needsQuotes = cell.utf8.contains { byte in
      byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes || cell.utf8.first == 0x20 || cell.utf8.last == 0x20 else {
      bytes.append(contentsOf: cell.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in cell.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// Keeps spreadsheets from running what they open (OWASP, "CSV Injection"): a cell that begins with `=`, `+`, `-`, `@`,
/// a tab or a line break gets an apostrophe before it, unless it is a plain number. `plain` is the inverse of `guarded`.
enum FormulaGuard {
  /// The cell as it is written.
  static func guarded(_ cell: String) -> String {
    guard isRisky(afterApostrophesOf: cell), !isPlainNumber(cell) else { return cell }
    return "'" + cell
  }

  /// The cell as it was meant.
  static func plain(_ cell: String) -> String {
    guard cell.utf8.first == UInt8(ascii: "'"), isRisky(afterApostrophesOf: cell) else { return cell }
    return String(cell.dropFirst())
  }

  private static func isRisky(afterApostrophesOf cell: String) -> Bool {
    guard let first = cell.utf8.first(where: { $0 != UInt8(ascii: "'") }) else { return false }
    switch first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
    default: return false
    }
  }

  private static func isPlainNumber(_ cell: String) -> Bool {
    let digits =
      cell.utf8.first == UInt8(ascii: "-") || cell.utf8.first == UInt8(ascii: "+") ? cell.dropFirst() : cell[...]
    let parts = digits.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    return parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } }
  }
}
