import Testing

@testable import Station

/// The CSV reader and writer (RFC 4180).
@Suite struct CatalogueCSVTests {
  private func rows(_ text: String) throws -> [CSVRow] { try rows(Array(text.utf8)) }

  private func rows(_ bytes: [UInt8]) throws -> [CSVRow] {
    let dialect = try CSVDialect.sniff(bytes)
    var reader = CSVReader(bytes, delimiter: dialect.delimiter, from: dialect.start, line: dialect.line)
    var rows: [CSVRow] = []
    while let row = reader.next() { rows.append(row) }
    return rows
  }

  @Test("Quoted separators, quotes and line breaks belong to the cell; lines are counted through them")
  func quoted() throws {
    let rows = try rows("a,b\r\n\"1,\"\"2\"\"\",\"x\r\ny\"\r\n\r\n3,4\r\n")
    #expect(rows.map(\.cells) == [["a", "b"], ["1,\"2\"", "x\r\ny"], ["3", "4"]])
    #expect(rows.map(\.line) == [1, 2, 5])
  }

  @Test("A byte order mark, a sep line and any of three separators and three line ends", arguments: [",", ";", "\t"])
  func dialects(separator: String) throws {
    for end in ["\r\n", "\n", "\r"] {
      let text = "a\(separator)b\(end)1\(separator)\"x,;y\"\(end)"
      for prefix in ["", "\u{FEFF}"] {
        let rows = try rows(prefix + text)
        #expect(rows.map(\.cells) == [["a", "b"], ["1", "x,;y"]])
        #expect(rows.map(\.line) == [1, 2])
      }
    }
    let marked = try rows("sep=\(separator)\r\na\(separator)b\r\n")
    #expect(marked.map(\.cells) == [["a", "b"]])
    #expect(marked.map(\.line) == [2])
  }

  @Test("A quote inside an unquoted cell is a quote")
  func inches() throws {
    #expect(try rows("a,b\n27\" screen,x\n").map(\.cells) == [["a", "b"], ["27\" screen", "x"]])
  }

  @Test("What is wrong with a row's form is named")
  func faults() throws {
    #expect(try rows("a\n\"b\nc\nd").last?.fault == .quoteNeverCloses(line: 2))
    let after = try rows("a,b\n\"x\"y,2\n3,4\n")
    #expect(after[1].fault == .textAfterQuote(cell: 0))
    #expect(after[2].fault == nil)
    #expect(try rows(Array("a,b\n1,".utf8) + [0xE4] + Array("\n".utf8)).last?.fault == .notUTF8(cell: 1))
    #expect(throws: CSVDialect.Fault.utf16) { try rows([0xFF, 0xFE, 0x61, 0x00]) }
    #expect(throws: CSVDialect.Fault.empty) { try rows([]) }
    // PNG (ISO/IEC 15948 §5.2), JPEG with JFIF, a ZIP archive such as .xlsx.
    for head: [UInt8] in [
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, 0x4A, 0x46],
      [0x50, 0x4B, 0x03, 0x04, 0x14, 0x00, 0x06, 0x00],
    ] {
      #expect(throws: CSVDialect.Fault.notText) { try rows(head) }
    }
    #expect(throws: CSVDialect.Fault.empty) { try rows("\u{FEFF}\r\n\r\n") }
  }

  @Test("A cell of ten megabytes and a row of five thousand cells are faults, and the next row is read")
  func huge() throws {
    let long = String(repeating: "x", count: 10 << 20)
    for cell in [long, "\"\(long)\""] {
      let rows = try rows("a,b\n1,\(cell)\n3,4\n")
      #expect(rows[1].fault == .cellTooLong(cell: 1))
      #expect(rows[2].cells == ["3", "4"])
    }
    let wide = try rows("a,b\n" + String(repeating: "x,", count: 5000) + "\n3,4\n")
    #expect(wide[1].fault == .tooManyCells)
    #expect(wide[2].cells == ["3", "4"])
  }

  @Test("What is written is read back, whatever it holds")
  func inverse() throws {
    let cells = [
      "plain", "a,b", "\"", "two\r\nlines", " blank ", "=1+1", "'=1", "''@x", "-5", "-5-3", "", "ä\u{1F600}",
    ]
    var writer = CSVWriter()
    writer.append(cells.map(Optional.some))
    let read = try rows(writer.take())
    #expect(read.first?.cells.map(FormulaGuard.plain) == cells)
  }

  @Test("What a spreadsheet would run begins with an apostrophe; plain numbers do not")
  func formulas() {
    for risky in ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"] {
      #expect(FormulaGuard.guarded(risky) == "'" + risky)
    }
    for plain in ["-5", "+49", "-1.50", "a=b", "AT-1", ""] { #expect(FormulaGuard.guarded(plain) == plain) }
  }

  @Test("Lists keep what their separators would break")
  func lists() {
    for list in [["a", "b"], ["a|b", "c;d", "e\\f"], ["x"]] { #expect(Cell.list(Cell.text(ofList: list)) == list) }
    #expect(Cell.list("S1; S2|S3") == ["S1", "S2", "S3"])
    #expect(Cell.list("C:\\dir") == ["C:\\dir"])
  }
}
