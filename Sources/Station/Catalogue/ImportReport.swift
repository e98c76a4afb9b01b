/// What became of an import.
public struct ImportReport: Hashable, Sendable, Encodable {
  /// Whether anything could be imported.
  public enum Result: String, Hashable, Sendable, Encodable {
    /// All good rows are in (or were there already).
    case imported
    /// Nothing was written: see the problems.
    case refused
  }

  public let kind: CatalogueImport.Kind
  /// The file's name, and its SHA-256 in lowercase hexadecimal.
  public let file: String
  public let sha256: String
  public internal(set) var result = Result.imported
  /// Whether nothing was to be written: what is said to be imported would be.
  public internal(set) var dryRun = false
  /// Rows that were read, good and bad; blank ones do not count.
  public internal(set) var read = 0
  /// Rows that brought something new.
  public internal(set) var imported = 0
  /// Rows that changed what was known (people, orders, locations, kits; an asset is never changed by an import).
  public internal(set) var updated = 0
  /// Rows whose content was there already.
  public internal(set) var skipped = 0
  /// Assets that an order's announced serial numbers made expected.
  public internal(set) var announced = 0
  /// Rows with a problem.
  public internal(set) var badRows = 0
  /// What is wrong, in order of lines.
  public internal(set) var problems: [ImportProblem] = []
  /// Columns kept as the site's own fields.
  public internal(set) var customColumns: [String] = []
  /// Columns passed over.
  public internal(set) var ignoredColumns: [String] = []
  /// Codes of locations that were made.
  public internal(set) var newLocations: [String] = []
  /// What rows come to, in order of lines: of people, orders, locations and kits, and at most ``ImportLine/most``. None where
  /// nothing was imported.
  public internal(set) var lines: [ImportLine] = []
  /// What else is worth knowing.
  public internal(set) var notes: [String] = []
  /// The bad rows as a CSV file of their own: a column `import problem`, which is passed over when the mended file is
  /// imported, and then each row as it stood. The column is the first one: a row with a cell too few or too many does not
  /// move it. Nil when no row is bad, or when nothing was imported.
  public internal(set) var rejected: [UInt8]?

  private enum CodingKeys: String, CodingKey {
    case kind, file, sha256, result, dryRun, read, imported, updated, skipped, announced, badRows, problems,
      customColumns
    case ignoredColumns, newLocations, notes
  }

  init<Row>(kind: CatalogueImport.Kind, file: ImportFile, table: ImportTable<Row>) {
    self.kind = kind
    self.file = file.name
    sha256 = file.digest
    read = table.read
    problems = table.problems
    badRows = table.bad.count
    if kind == .assets { customColumns = table.otherColumns }
    ignoredColumns = table.ignoredColumns + (kind == .assets ? [] : table.otherColumns)
    if !table.bad.isEmpty, !table.isBroken { rejected = Self.rejected(table.bad, problems, of: file, table) }
  }

  /// The report of an import that wrote nothing.
  func refused() -> ImportReport {
    var report = self
    report.result = .refused
    report.imported = 0
    report.updated = 0
    report.announced = 0
    report.newLocations = []
    report.lines = []
    report.rejected = nil
    return report
  }

  /// Takes in what the store had to say.
  mutating func add<Row>(_ outcome: ImportOutcome, of file: ImportFile, _ table: ImportTable<Row>) {
    imported = outcome.imported
    updated = outcome.updated
    skipped = outcome.skipped
    announced = outcome.announced
    newLocations = outcome.newLocations
    lines = outcome.lines.sorted { $0.line < $1.line }
    let bad = table.bad.merging(outcome.bad) { first, _ in first }
    badRows = bad.count
    problems = (problems + outcome.problems).enumerated()
      .sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    rejected = bad.isEmpty ? nil : Self.rejected(bad, problems, of: file, table)
  }

  private static func rejected<Row>(
    _ bad: [Int: Range<Int>], _ problems: [ImportProblem], of file: ImportFile, _ table: ImportTable<Row>
  ) -> [UInt8] {
    let reasons = Dictionary(grouping: problems, by: \.line)
    var bytes: [UInt8] = []
    func add(_ range: Range<Int>, _ first: String) {
      CSVWriter.append(FormulaGuard.guarded(first), separatedBy: table.dialect.delimiter, to: &bytes)
      bytes.append(table.dialect.delimiter)
      bytes += file.bytes[range]
      bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }
    add(table.headerBytes, "import problem")
    for (line, range) in bad.sorted(by: { $0.key < $1.key }) {
      add(range, "line \(line): " + (reasons[line] ?? []).map { "\($0.reason) \($0.remedy)" }.joined(separator: " "))
    }
    return bytes
  }
}
