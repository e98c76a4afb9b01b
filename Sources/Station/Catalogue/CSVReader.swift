/// Cuts the bytes of a CSV file (RFC 4180) into rows that know the line they begin on.
///
/// Our own, because the CSV package at hand walks a `String` character by character, drops blanks at the edges of cells
/// and knows no line numbers; a row that cannot be named by its line cannot be mended.
///
/// More forgiving than the RFC where that is harmless: any of CRLF, LF and CR ends a row, blank lines are passed over,
/// and a quote inside an unquoted cell is a quote. Every other breach is a fault of its row.
struct CSVReader: Sendable {
  /// Longest cell that is kept, bytes; what is longer can be no fact of an asset.
  static let longestCell = 65_536
  /// Most cells of one row.
  static let mostCells = 512

  let delimiter: UInt8
  private let bytes: [UInt8]
  private var position: Int
  private var line: Int
  private var buffer: [UInt8] = []

  /// A reader of `bytes` from `position`, which is on line `line` (from 1).
  init(_ bytes: [UInt8], delimiter: UInt8, from position: Int = 0, line: Int = 1) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.position = position
    self.line = line
  }

  /// How far it has read, in bytes.
  var offset: Int { position }

  /// The next row that is not blank; nil at the end.
  mutating func next() -> CSVRow? {
    while position < bytes.count {
      let row = read()
      if row.bytes.isEmpty { continue }
      return row
    }
    return nil
  }

  private mutating func read() -> CSVRow {
    let start = position
    var row = CSVRow(line: line, bytes: start..<start)
    while true {
      skipBlanksBeforeQuote()
      let goesOn =
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { quotedCell(&row) } else { plainCell(&row) }
      if goesOn { continue }
      row.bytes = start..<position
      endLine()
      return row
    }
  }

  private mutating func skipBlanksBeforeQuote() {
    var next = position
    while next < bytes.count, bytes[next] == UInt8(ascii: " ") { next += 1 }
    if next < bytes.count, bytes[next] == UInt8(ascii: "\"") { position = next }
  }

  /// Reads a cell without quotes and what ends it; says whether the row goes on.
  private mutating func plainCell(_ row: inout CSVRow) -> Bool {
    let start = position
    skipToEndOfCell()
    append(bytes[start..<position], to: &row)
    return passDelimiter()
  }

  private mutating func quotedCell(_ row: inout CSVRow) -> Bool {
    let opened = line
    position += 1
    buffer.removeAll(keepingCapacity: true)
    var start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        keep(start..<position)
        position += 1
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
          let closed = position
          skipToEndOfCell()
          if bytes[closed..<position].contains(where: { $0 != UInt8(ascii: " ") }) {
            row.fault = row.fault ?? .textAfterQuote(cell: row.cells.count)
          }
          append(buffer[...], to: &row)
          return passDelimiter()
        }
        start = position
      } else if isLineEnd(byte) {
        position += 1
        if byte == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        line += 1
        continue
      }
      position += 1
    }
    row.fault = .quoteNeverCloses(line: opened)
    row.cells.append("")
    return false
  }

  private mutating func keep(_ range: Range<Int>) {
    // One byte more than is allowed is enough to know that it is too long.
    buffer.append(contentsOf: bytes[range].prefix(Self.longestCell + 1 - min(buffer.count, Self.longestCell + 1)))
  }

  private mutating func skipToEndOfCell() {
    while position < bytes.count, bytes[position] != delimiter, !isLineEnd(bytes[position]) { position += 1 }
  }

  private mutating func passDelimiter() -> Bool {
    guard position < bytes.count, bytes[position] == delimiter else { return false }
    position += 1
    return true
  }

  private mutating func endLine() {
    guard position < bytes.count else { return }
    let byte = bytes[position]
    guard isLineEnd(byte) else { return }
    position += 1
    if byte == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    line += 1
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  private func append(_ cell: ArraySlice<UInt8>, to row: inout CSVRow) {
    guard row.cells.count < Self.mostCells else {
      row.fault = row.fault ?? .tooManyCells
      return
    }
    if cell.count > Self.longestCell {
      row.fault = row.fault ?? .cellTooLong(cell: row.cells.count)
      row.cells.append("")
    } else if let text = String(validating: cell, as: UTF8.self) {
      row.cells.append(text)
    } else {
      row.fault = row.fault ?? .notUTF8(cell: row.cells.count)
      row.cells.append(String(decoding: cell.prefix(200), as: UTF8.self))
    }
  }
}

/// One row of a CSV file.
struct CSVRow: Hashable, Sendable {
  /// The line it begins on, from 1.
  let line: Int
  /// Where it stands in the file, without its line end.
  var bytes: Range<Int>
  var cells: [String] = []
  /// What is wrong with its form; its cells are not to be trusted then.
  var fault: CSVFault?
}

/// What can be wrong with the form of a row. Cells are counted from 0.
enum CSVFault: Hashable, Sendable {
  /// The file ends inside a quoted cell that begins on this line.
  case quoteNeverCloses(line: Int)
  case textAfterQuote(cell: Int)
  case cellTooLong(cell: Int)
  case tooManyCells
  case notUTF8(cell: Int)

  /// The cell that it is about, if it is about one.
  var cell: Int? {
    switch self {
    case .textAfterQuote(let cell), .cellTooLong(let cell), .notUTF8(let cell): cell
    case .quoteNeverCloses, .tooManyCells: nil
    }
  }
}
