/// The rows of a CSV file by the names of their columns, such as what a batch of labels is to say. Nothing is guessed of the
/// names, as an import of assets does.
public struct CSVTable: Sendable {
  /// A row: where it is, and its cells that are not empty.
  public struct Row: Sendable {
    /// From 1.
    public let line: Int
    public let values: [String: String]
  }

  /// Why a file is no such table.
  public struct Fault: Error, CustomStringConvertible {
    /// From 1; nil when it is about the whole file.
    public let line: Int?
    public let reason: String
    public var description: String { (line.map { "line \($0): " } ?? "") + reason }
  }

  /// The names of the columns, as the first row has them.
  public let columns: [String]
  public let rows: [Row]

  /// Reads a table.
  public init(_ bytes: [UInt8]) throws(Fault) {
    let dialect: CSVDialect
    do {
      dialect = try CSVDialect.sniff(bytes)
    } catch {
      switch error {
      case .empty: throw Fault(line: nil, reason: "is empty")
      case .utf16: throw Fault(line: nil, reason: "is in UTF-16; save it as UTF-8")
      case .notText: throw Fault(line: nil, reason: "is no text")
      }
    }
    var reader = CSVReader(bytes, delimiter: dialect.delimiter, from: dialect.start, line: dialect.line)
    guard let header = reader.next(), header.fault == nil else {
      throw Fault(line: dialect.line, reason: "wants the names of the columns")
    }
    let columns = header.cells.map(Self.trimmed)
    var seen: Set<String> = []
    for name in columns where !seen.insert(name).inserted || name.isEmpty {
      throw Fault(
        line: header.line, reason: name.isEmpty ? "a column has no name" : "the column \(name) stands there twice")
    }
    var rows: [Row] = []
    while let row = reader.next() {
      if let fault = row.fault { throw Fault(line: row.line, reason: Self.words(fault)) }
      guard row.cells.count <= columns.count else {
        throw Fault(line: row.line, reason: "has \(row.cells.count) cells for \(columns.count) columns")
      }
      var values: [String: String] = [:]
      for (name, cell) in zip(columns, row.cells) where !cell.isEmpty { values[name] = cell }
      rows.append(Row(line: row.line, values: values))
    }
    self.columns = columns
    self.rows = rows
  }

  private static func trimmed(_ name: String) -> String {
    String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  private static func words(_ fault: CSVFault) -> String {
    switch fault {
    case .quoteNeverCloses(let line): "the quote of line \(line) is never closed"
    case .textAfterQuote(let cell): "cell \(cell + 1) has text after its closing quote"
    case .cellTooLong(let cell): "cell \(cell + 1) is too long"
    case .tooManyCells: "has too many cells"
    case .notUTF8(let cell): "cell \(cell + 1) is not in UTF-8"
    }
  }
}
