/// Rows of a file that could be read, and what is wrong with the others.
struct ImportTable<Row: Sendable>: Sendable {
  /// A row that could be read.
  struct Item: Sendable {
    let line: Int
    /// Where it stands in the file.
    let bytes: Range<Int>
    var row: Row
  }

  var items: [Item] = []
  /// Rows that were read, good and bad.
  var read = 0
  var problems: [ImportProblem] = []
  /// Where the bad rows stand, by line.
  var bad: [Int: Range<Int>] = [:]
  /// Whether the file as a whole cannot be trusted, so that none of it is imported whatever the options say.
  var isBroken = false
  var dialect = CSVDialect(delimiter: UInt8(ascii: ","), start: 0, line: 1)
  var headerBytes = 0..<0
  var otherColumns: [String] = []
  var ignoredColumns: [String] = []

  /// Reads a file; `parse` makes a row of cells, or finds what is wrong with them.
  /// Throws `CancellationError` when the task is cancelled.
  init<Column: ImportColumn>(
    _ file: ImportFile, columns: Column.Type, needs: [[Column]], pace: inout ImportPace,
    parse: (inout RowExam<Column>) -> Row?
  ) throws {
    do {
      dialect = try CSVDialect.sniff(file.bytes)
    } catch {
      breakOff(error)
      return
    }
    var reader = CSVReader(file.bytes, delimiter: dialect.delimiter, from: dialect.start, line: dialect.line)
    guard let first = reader.next() else {
      breakOff(.empty)
      return
    }
    guard let header = Self.header(first, columns, needs, &problems) else {
      isBroken = true
      return
    }
    headerBytes = first.bytes
    otherColumns = header.others.map(\.title)
    ignoredColumns = header.ignored
    while let row = reader.next() {
      if row.cells.allSatisfy({ $0.isEmpty }), row.fault == nil { continue }
      if read & 1023 == 0 { try Task.checkCancellation() }
      read += 1
      pace.tell(.reading, reader.offset, of: file.bytes.count)
      var exam = RowExam(row, of: header)
      if let fault = row.fault {
        exam.fail(fault)
        if case .quoteNeverCloses = fault { isBroken = true }
      } else if row.cells.count != header.titles.count {
        exam.fail(
          "import.row.cells", nil, "It has \(row.cells.count) cells, but the header has \(header.titles.count).",
          remedy: "Look for a missing or surplus separator, or for a separator inside a cell that is not in quotes.")
      } else if let value = parse(&exam), exam.problems.isEmpty {
        items.append(Item(line: row.line, bytes: row.bytes, row: value))
      }
      if !exam.problems.isEmpty {
        problems += exam.problems
        bad[row.line] = row.bytes
      }
    }
  }

  private mutating func breakOff(_ fault: CSVDialect.Fault) {
    isBroken = true
    problems.append(ImportProblem(fault))
  }

  private static func header<Column: ImportColumn>(
    _ row: CSVRow, _ columns: Column.Type, _ needs: [[Column]], _ problems: inout [ImportProblem]
  ) -> ImportHeader<Column>? {
    func fail(_ code: String, _ reason: String, _ remedy: String) -> ImportHeader<Column>? {
      problems.append(ImportProblem(code, line: row.line, reason, remedy: remedy))
      return nil
    }
    if let fault = row.fault {
      return fail("import.header.form", "The row of column names is malformed: \(fault.reason)", fault.remedy)
    }
    do {
      let header = try ImportHeader<Column>(row.cells)
      for group in needs where !group.contains(where: { header.position(of: $0) != nil }) {
        let names = group.map { "'\($0.name)'" }.joined(separator: " or ")
        return fail(
          "import.header.missing", "No column is called \(names).",
          "The first row must name the columns; add one called \(names).")
      }
      return header
    } catch {
      return fail(
        "import.header.twice", "Columns \(error.first) and \(error.second) are both called '\(error.title)'.",
        "Rename or remove one of them.")
    }
  }
}

extension ImportProblem {
  init(_ fault: CSVDialect.Fault) {
    switch fault {
    case .empty:
      self.init(
        "import.file.empty", line: 1, "The file is empty.", remedy: "Export it again, with a row of column names.")
    case .utf16:
      self.init(
        "import.file.utf16", line: 1, "The file is written in UTF-16.", remedy: "Save it as CSV UTF-8, and import that."
      )
    case .notText:
      self.init(
        "import.file.notText", line: 1, "The file is no CSV: it holds bytes that no text has.",
        remedy: "Save the table as CSV UTF-8, and import that; barcodes of pictures are read by custody read.")
    }
  }
}

extension CSVFault {
  /// One sentence.
  var reason: String {
    switch self {
    case .quoteNeverCloses(let line): "A cell that begins with a quote on line \(line) never ends."
    case .textAfterQuote(let cell): "Cell \(cell + 1) has text after its closing quote."
    case .cellTooLong(let cell): "Cell \(cell + 1) is longer than \(CSVReader.longestCell) bytes."
    case .tooManyCells: "It has more than \(CSVReader.mostCells) cells."
    case .notUTF8(let cell): "Cell \(cell + 1) is not UTF-8 text."
    }
  }

  /// What to do about it.
  var remedy: String {
    switch self {
    case .quoteNeverCloses: "Close the quote, or write a quote inside a quoted cell twice."
    case .textAfterQuote: "Write a quote inside a quoted cell twice."
    case .cellTooLong: "Shorten it; if it looks like several rows, a quote before it is not closed."
    case .tooManyCells: "Remove columns that mean nothing here."
    case .notUTF8: "Save the file as CSV UTF-8, and import that."
    }
  }

  fileprivate var code: String {
    switch self {
    case .quoteNeverCloses: "import.row.quoteNeverCloses"
    case .textAfterQuote: "import.row.textAfterQuote"
    case .cellTooLong: "import.row.cellTooLong"
    case .tooManyCells: "import.row.tooManyCells"
    case .notUTF8: "import.row.notUTF8"
    }
  }
}

extension RowExam {
  mutating func fail(_ fault: CSVFault) {
    let title = fault.cell.flatMap { $0 < header.titles.count ? header.titles[$0] : nil }
    let value = fault.cell.flatMap { $0 < row.cells.count && !row.cells[$0].isEmpty ? row.cells[$0] : nil }
    fail(fault.code, title: title, value: value, fault.reason, remedy: fault.remedy)
  }
}
