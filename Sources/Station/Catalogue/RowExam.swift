import Custody

/// One row being read: its cells by column, and what is found wrong with them.
struct RowExam<Column: ImportColumn> {
  /// Longest text of a fact, bytes; the same as when it is typed in.
  static var longestText: Int { 4096 }

  let header: ImportHeader<Column>
  let row: CSVRow
  private(set) var problems: [ImportProblem] = []

  init(_ row: CSVRow, of header: ImportHeader<Column>) {
    self.row = row
    self.header = header
  }

  var line: Int { row.line }

  /// What stands in a column, without blanks around it; nil when nothing does, or when it cannot be kept.
  mutating func text(_ column: Column, limit: Int = longestText, multiline: Bool = true) -> String? {
    guard let position = header.position(of: column) else { return nil }
    return text(at: position, title: header.titles[position], limit: limit, multiline: multiline)
  }

  /// The same for a column of the site's own.
  mutating func text(at position: Int, title: String, limit: Int = longestText, multiline: Bool = true) -> String? {
    let cell = row.cells[position]
    guard !cell.isEmpty else { return nil }
    let text = FormulaGuard.plain(Cell.trimmed(cell))
    // What was guarded can still be blank; it then begins with a tab or a line break.
    guard let first = text.utf8.first, first > 0x20 || !Cell.trimmed(text).isEmpty else { return nil }
    guard text.utf8.count <= limit else {
      fail(
        "import.text.tooLong", title: title, value: text, "It is \(text.utf8.count) bytes long; \(limit) is the most.",
        remedy: "Shorten it.")
      return nil
    }
    let isClean = text.utf8.allSatisfy { byte in
      (byte >= 0x20 && byte != 0x7F) || (multiline && (byte == 0x09 || byte == 0x0A || byte == 0x0D))
    }
    guard isClean else {
      fail(
        "import.text.controlCharacter", title: title, value: Self.shown(text), "It holds a control character.",
        remedy: "Type the cell anew; if the whole file is like this, export it as CSV again.")
      return nil
    }
    return text
  }

  mutating func day(_ column: Column) -> CalendarDate? {
    guard let text = text(column) else { return nil }
    switch Cell.day(text) {
    case .day(let date): return date
    case .ambiguous:
      fail(
        "import.date.ambiguous", column, value: text, "It could be read as day/month or as month/day.",
        remedy: "Write it as YYYY-MM-DD.")
    case .unreadable:
      fail("import.date.unreadable", column, value: text, "It is not a day.", remedy: "Write it as YYYY-MM-DD.")
    }
    return nil
  }

  mutating func bool(_ column: Column) -> Bool? {
    guard let text = text(column) else { return nil }
    if let bool = Cell.bool(text) { return bool }
    fail(
      "import.yesNo", column, value: text, "It is neither yes nor no.", remedy: "Write yes or no, or leave it empty.")
    return nil
  }

  /// A whole number in `range`.
  mutating func number(_ column: Column, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(column) else { return nil }
    if let number = Int(text), range.contains(number) { return number }
    fail(
      "import.number", column, value: text,
      "It is not a whole number from \(range.lowerBound) to \(range.upperBound).", remedy: "Write it with digits only.")
    return nil
  }

  mutating func fail(_ code: String, _ column: Column?, value: String? = nil, _ reason: String, remedy: String) {
    fail(code, title: column.map(header.title), value: value, reason, remedy: remedy)
  }

  mutating func fail(_ code: String, title: String?, value: String? = nil, _ reason: String, remedy: String) {
    problems.append(ImportProblem(code, line: line, column: title, value: value, reason, remedy: remedy))
  }

  /// With control characters made visible.
  private static func shown(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
  }
}
