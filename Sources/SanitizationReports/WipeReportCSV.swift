import Custody

/// Our own table, for tools whose reports are not read: one row for each medium, columns by name, RFC 4180 with commas.
/// docs/wipe-reports.md tells of each column. `text(of:)` is the inverse of `reports(_:_:)`.
public enum WipeReportCSV {
  /// A column; the required ones in every file, the others where there is something to say.
  enum Column: String, CaseIterable {
    case serial, manufacturer, model, type, size_bytes, tool, tool_version, technique, requested, started_at, ended_at,
      verification_method, verification, result, residual_risks

    var isRequired: Bool { [.serial, .tool, .technique, .ended_at, .result].contains(self) }
  }

  /// The most rows that are read.
  static let most = 10_000

  /// Whether the first line is our header: it names `serial`, `technique` and `result`.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    let first = String(decoding: bytes.prefix(2048).prefix { $0 != 0x0A }, as: UTF8.self)
    let names = first.lowercased().split(separator: ",").map { $0.filter { $0 != "\"" && $0 != "\u{FEFF}" }.trimmed }
    return ["serial", "technique", "result"].allSatisfy(names.contains)
  }

  static func reports(_ text: String, _ circumstances: ReadingCircumstances) throws(ReportFault) -> [WipeReport] {
    var records = try records(text)
    guard let header = records.first else { throw .truncated("The table is empty.") }
    records.removeFirst()
    var columns: [Column] = []
    for name in header.cells {
      guard let column = Column(rawValue: name.trimmed.lowercased()) else {
        throw ReportFault(
          "unknownColumn", at: "line 1", "There is no column '\(name.prefix(40))'.",
          remedy: "Use the columns of docs/wipe-reports.md: \(Column.allCases.map(\.rawValue).joined(separator: ", "))."
        )
      }
      guard !columns.contains(column) else {
        throw .contradictory("The column \(column.rawValue) stands twice.", at: "line 1")
      }
      columns.append(column)
    }
    if let missing = Column.allCases.first(where: { $0.isRequired && !columns.contains($0) }) {
      throw ReportFault(
        "missingColumn", at: "line 1", "The column \(missing.rawValue) is missing.",
        remedy: "Add it; docs/wipe-reports.md tells what it holds.")
    }
    guard !records.isEmpty else { throw .truncated("The table has a header and no rows.", at: "line 1") }
    guard records.count <= most else {
      throw ReportFault(
        "tooLarge", "The table has \(records.count) rows; up to \(most) are read.", remedy: "Cut it into several files."
      )
    }
    var reports: [WipeReport] = []
    for record in records { reports.append(try report(Row(columns, record), circumstances)) }
    return reports
  }

  private static func report(_ row: Row, _ circumstances: ReadingCircumstances) throws(ReportFault) -> WipeReport {
    guard let serial = row[.serial].flatMap(WipeReport.serial) else {
      throw row.fault(.serial, "is no serial number", "Write it as it stands on the drive.")
    }
    guard let kind = row[.technique].flatMap(Technique.init), kind != .firmwarePurge else {
      throw row.fault(
        .technique, "is not in the table",
        "Use one of \(Technique.allCases.filter { $0 != .firmwarePurge }.map(\.rawValue).joined(separator: ", ")).")
    }
    guard let result = row[.result].flatMap(SanitizationResult.init) else {
      throw row.fault(.result, "is not known", "Use passed, failed or aborted.")
    }
    guard let tool = row[.tool] else { throw row.fault(.tool, "is empty", "Name the tool, or the shredder.") }
    var report = WipeReport(
      format: .csv, place: "line \(row.line)", tool: tool, technique: kind.rawValue, kind: kind, result: result,
      policy: circumstances.policy)
    report.take(serial: serial, from: .tool)
    report.manufacturer = row[.manufacturer]
    report.model = row[.model]
    report.mediumType = row[.type]
    report.toolVersion = row[.tool_version]
    if let text = row[.size_bytes] {
      guard let size = text.number, size > 0 else {
        throw row.fault(.size_bytes, "is no size", "Write it in bytes, as digits alone.")
      }
      report.capacity = size
    }
    if let text = row[.requested] {
      guard let requested = SanitizationMethod(rawValue: text) else {
        throw row.fault(.requested, "is not known", "Use clear, purge or destroy.")
      }
      report.requested = requested
    }
    report.startedAt = try row.moment(.started_at)
    report.endedAt = try row.moment(.ended_at)
    guard report.endedAt != nil else { throw row.fault(.ended_at, "is empty", "Write when the run ended.") }
    report.verificationMethod = row[.verification_method]
    if let text = row[.verification] {
      guard let verification = SanitizationResult(rawValue: text) else {
        throw row.fault(.verification, "is not known", "Use passed, failed or aborted, or leave it empty.")
      }
      report.verification = verification
      if verification != .passed, result == .passed {
        throw .contradictory("The run passed and its verification did not.", at: "line \(row.line)")
      }
    }
    report.residualRisks = (row[.residual_risks] ?? "").split(separator: ";").map(\.trimmed).filter { !$0.isEmpty }
    if kind.isHostOverwrite, ["ssd", "nvme", "flash"].contains(report.mediumType),
      !report.residualRisks.contains(WipeReport.flashRisk)
    {
      report.residualRisks.append(WipeReport.flashRisk)
    }
    return report
  }

  private struct Row {
    let line: Int
    private var cells: [Column: String] = [:]

    init(_ columns: [Column], _ record: Record) throws(ReportFault) {
      line = record.line
      guard record.cells.count == columns.count else {
        throw .malformed(
          "The row has \(record.cells.count) cells where the header has \(columns.count).", at: "line \(record.line)")
      }
      for (column, cell) in zip(columns, record.cells) where !cell.trimmed.isEmpty { cells[column] = cell.trimmed }
    }

    subscript(_ column: Column) -> String? { cells[column] }

    func fault(_ column: Column, _ what: String, _ remedy: String) -> ReportFault {
      ReportFault(
        "malformed", at: "line \(line), \(column.rawValue)",
        "\(column.rawValue) '\((self[column] ?? "").prefix(40))' \(what).",
        remedy: remedy)
    }

    func moment(_ column: Column) throws(ReportFault) -> Instant? {
      guard let text = self[column] else { return nil }
      // With its offset: a table travels, and nobody knows then which clock it meant.
      guard text.utf8.count > 19, let moment = Instant(text) ?? LocalTime.moment(text, offset: 0) else {
        throw fault(
          column, "is no moment with an offset", "Write it as 2026-11-22T11:16:53Z or 2026-11-22T12:16:53+01:00.")
      }
      return moment
    }
  }

  // MARK: The form of the file

  private struct Record {
    let line: Int
    var cells: [String] = []
  }

  /// The rows of a CSV file; blank lines are none.
  private static func records(_ text: String) throws(ReportFault) -> [Record] {
    var records: [Record] = []
    var line = 1
    var record = Record(line: 1)
    var cell = ""
    var isQuoted = false
    var wasQuoted = false
    func end(_ record: inout Record, _ cell: inout String) {
      record.cells.append(cell)
      cell = ""
    }
    for character in text {
      if character.isNewline { line += 1 }
      switch character {
      case "\"" where isQuoted:
        isQuoted = false
        wasQuoted = true
      case "\"" where wasQuoted:
        // Two quotes within quotes are one.
        cell.append("\"")
        isQuoted = true
        wasQuoted = false
      case "\"" where cell.isEmpty: isQuoted = true
      case _ where isQuoted: cell.append(character)
      case ",":
        end(&record, &cell)
        wasQuoted = false
      case _ where character.isNewline:
        end(&record, &cell)
        wasQuoted = false
        if record.cells != [""] { records.append(record) }
        record = Record(line: line)
      case _ where wasQuoted, "\"":
        throw .malformed("A quote stands inside a cell.", at: "line \(line)")
      default: cell.append(character)
      }
    }
    guard !isQuoted else { throw .truncated("A quoted cell does not end.", at: "line \(record.line)") }
    end(&record, &cell)
    if record.cells != [""] { records.append(record) }
    return records
  }

  /// Reports as such a table: `reports(text(of: reports))` gives the same values.
  public static func text(of reports: [WipeReport]) -> String {
    var lines = [Column.allCases.map(\.rawValue).joined(separator: ",")]
    for report in reports {
      lines.append(Column.allCases.map { quoted(cell($0, of: report)) }.joined(separator: ","))
    }
    return lines.map { $0 + "\r\n" }.joined()
  }

  private static func cell(_ column: Column, of report: WipeReport) -> String {
    switch column {
    case .serial: report.serial ?? ""
    case .manufacturer: report.manufacturer ?? ""
    case .model: report.model ?? ""
    case .type: report.mediumType ?? ""
    case .size_bytes: report.capacity.map(String.init) ?? ""
    case .tool: report.tool
    case .tool_version: report.toolVersion ?? ""
    case .technique: report.kind.rawValue
    case .requested: report.requested.rawValue
    case .started_at: report.startedAt?.description ?? ""
    case .ended_at: report.endedAt?.description ?? ""
    case .verification_method: report.verificationMethod ?? ""
    case .verification: report.verification?.rawValue ?? ""
    case .result: report.result.rawValue
    case .residual_risks: report.residualRisks.joined(separator: "; ")
    }
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
