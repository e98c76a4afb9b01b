import ArgumentParser
import Foundation

struct LabelPrint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "print", abstract: "Has labels printed by a running station; those of assets enter their custody.",
    discussion: """
      An asset is named by any of its marks: tag, serial number, GIAI, EPC …. What
      the template wants to know of it is filled in. Its label is a custody event
      of whoever answers for it: name them by their badge. The PIN is asked for on
      the terminal, and is never an argument; a script gives it by --pin-file, or
      has a token of POST /api/v1/sign-in in CUSTODY_SESSION. The station is the
      one whose folder --data or CUSTODY_DATA names.

      With --csv, a label for each row. A column `asset` names the assets; the
      others are fields, in place of what is known. All labels are kept, or none:
      then the line and the reason are told. What is not out when this command
      ends is printed later.

      Examples (T stands for a template, such as asset-tag-50x25-qr):
        custody label print T --asset AT-00029 --operator DEMO-KIM
        custody label print T --asset AT-00029 --asset AT-00031 --scan-back \\
          --operator DEMO-KIM --pin-file ~/.pin --data /var/lib/custody
        custody label print T --asset AT-00029 --reprint torn --operator DEMO-KIM
        custody label print T --asset 5CG1234XYZ --new-tag --operator DEMO-KIM
        custody label print T --csv assets.csv --printer desk --operator DEMO-KIM
        custody label print location-100x50 --csv locations.csv --printer desk

      Exit status: 0 printed; 1 refused, not printed yet, or nobody knows; 2 wrong
      usage, such as no operator; 3 no station runs there, or a file cannot be
      read.
      """)

  @Argument(help: "A template's name: a shipped one, or one of the station's own.") var template: String
  @Option(name: .customLong("asset"), help: "An asset, by any of its marks. May be given several times.")
  var assets: [String] = []
  @Option(help: "A label for each row of this CSV file, whose first row names the fields; `asset` names the asset.")
  var csv: String?
  @Option(help: "The station's name for the printer; without, one that has labels of that size.") var printer: String?
  @Option(help: "Copies of each.") var copies = 1
  @Option(help: ArgumentHelp("Print again, and why: torn, unreadable, never came out.", valueName: "reason"))
  var reprint: String?
  @Option(help: ArgumentHelp("A new number in place of the old, and why.", valueName: "reason")) var replace: String?
  @Flag(help: "Give an asset without tag the next number.") var newTag = false
  @Flag(help: "Write the asset's EPC into the label's RFID tag.") var rfid = false
  @Flag(help: "The station's desk waits for each label to be scanned.") var scanBack = false
  @Option(help: "Seconds without progress after which a printer is not watched any longer.") var wait = 60
  @Flag(help: "Write what became of it as JSON: the batch and its labels.") var json = false
  @Option(name: .customLong("field"), help: ArgumentHelp("A field, as name=value. May be given several times."))
  var fields: [String] = []
  @OptionGroup var by: OperatorOptions
  @OptionGroup var station: StationSocket

  func validate() throws {
    for pair in fields where !pair.contains("=") { throw ValidationError("\(pair) is no name=value.") }
    guard assets.isEmpty || csv == nil else {
      throw ValidationError("Assets are named by --asset or by --csv, not both.")
    }
    guard reprint == nil || replace == nil else {
      throw ValidationError("A label is printed again or replaced, not both.")
    }
  }

  func run() async throws {
    let rows = try csv.map(Rows.init(path:))
    let request = request(rows)
    guard request.marks != nil || (reprint == nil && replace == nil && !newTag && !rfid && !scanBack) else {
      throw Ending(2, "Which asset's label is it?", remedy: "Name it: --asset AT-00029, or a column `asset` of --csv.")
    }
    let signIn = try await by.signIn(at: station)
    guard request.marks == nil || signIn != nil else {
      throw Ending(
        2, "Who has the label printed? An asset's label is recorded in its custody as somebody's act.",
        remedy: "Name them: --operator BADGE. The PIN is asked for; a script gives it by --pin-file FILE.")
    }
    let printing = LabelOnPrinter(station: station, patience: wait)
    let batch: String
    do {
      batch = try await printing.order(request, by: signIn)
    } catch {
      await signIn?.end(at: station)
      throw rows?.placed(error) ?? error
    }
    await signIn?.end(at: station)
    let progress = try await printing.watch(batch, ProgressBar())
    let (labels, labelsJSON) = try await printing.labels(of: batch)
    if json {
      try Running.answer(#"{"batch":\#(try JSONLine.text(progress)),"labels":\#(labelsJSON)}"#)
    } else {
      let printers = Set(labels.map(\.printer)).sorted().joined(separator: ", ")
      let who = signIn?.name.map { " for \($0)" } ?? ""
      try Running.answer("\(progress.printed) of \(progress.total) printed on \(printers)\(who)")
    }
    if let ending = try await printing.ending(progress, labels) { throw ending }
  }

  private func request(_ rows: Rows?) -> LabelOnPrinter.Request {
    var request = LabelOnPrinter.Request(template: template, printer: printer, copies: copies)
    for pair in fields {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      request.fields[String(parts[0])] = String(parts[1])
    }
    (request.marks, request.rows) = (assets.isEmpty ? rows?.marks : assets, rows?.values)
    if let reason = reprint ?? replace {
      (request.purpose, request.reason) = (reprint == nil ? "replacement" : "reprint", reason)
    }
    if newTag { request.newTag = true }
    if rfid { request.encodesTag = true }
    if scanBack { request.scanBack = true }
    return request
  }

  /// The rows of a CSV file as labels.
  private struct Rows {
    let path: String
    let lines: [Int]
    /// The assets, where a column names them.
    let marks: [String]?
    let values: [[String: String]]

    static let column = "asset"

    init(path: String) throws {
      let table = try LabelValueOptions.table(path)
      guard !table.rows.isEmpty else { throw Ending(1, "\(path) has no row under its header.") }
      self.path = path
      lines = table.rows.map(\.line)
      guard table.columns.contains(Self.column) else {
        (marks, values) = (nil, table.rows.map(\.values))
        return
      }
      marks = try table.rows.map { row in
        guard let mark = row.values[Self.column] else { throw Ending(1, "\(path):\(row.line): no asset is named.") }
        return mark
      }
      values = table.rows.map { $0.values.filter { $0.key != Self.column } }
    }

    /// A "no" to one of several, with the line that it is about.
    func placed(_ error: any Error) -> (any Error)? {
      guard let ending = error as? Ending, let match = ending.message.prefixMatch(of: /Label (\d+)\b/),
        let number = Int(match.1), lines.indices.contains(number - 1)
      else { return nil }
      return Ending(ending.status, "\(path):\(lines[number - 1]): \(ending.message)")
    }
  }
}
