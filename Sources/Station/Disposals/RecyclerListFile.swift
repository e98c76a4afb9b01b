import Crypto
import Custody
import DisposalOrders
import Hummingbird
import StationStore

/// A column of the list that a recycler sends: what they received, an asset a row.
enum RecyclerColumn: Int, ImportColumn {
  case serial, tag, certificate

  var names: [String] {
    switch self {
    case .serial:
      [
        "serial", "serial number", "serial no", "sn", "s/n", "service tag", "manufacturer serial number", "serials",
        "seriennummer",
      ]
    case .tag: ["tag", "asset tag", "asset", "asset number", "asset no", "inventory number", "customer asset tag"]
    case .certificate:
      [
        "certificate", "certificate number", "certificate no", "certificate of destruction", "certificate of recycling",
        "cod", "zertifikat",
      ]
    }
  }

  static var ignoredNames: Set<String> { [] }
}

/// Reads the list of a recycler from a CSV file: comma, semicolon or tab, UTF-8 with or without a byte order mark. Other
/// columns are passed over, and so are rows that name neither a serial number nor a tag.
enum RecyclerListFile {
  /// The largest file that is taken, bytes.
  static let largest = 4 << 20

  /// The rows of a file. Throws the problem that names what is wrong, with its line.
  static func rows(_ bytes: [UInt8]) throws -> [RecyclerList.Row] {
    let dialect: CSVDialect
    do { dialect = try CSVDialect.sniff(bytes) } catch { throw problem(error) }
    var reader = CSVReader(bytes, delimiter: dialect.delimiter, from: dialect.start, line: dialect.line)
    guard let first = reader.next() else { throw problem(.empty) }
    if let fault = first.fault { throw problem(fault, at: first.line) }
    let header: ImportHeader<RecyclerColumn>
    do {
      header = try ImportHeader<RecyclerColumn>(first.cells)
    } catch {
      throw problem(
        "header", "Columns \(error.first) and \(error.second) are both called '\(error.title.prefix(80))'.",
        "Rename or remove one of them.")
    }
    guard header.position(of: .serial) != nil || header.position(of: .tag) != nil else {
      throw problem(
        "header", "No column of the list is called 'serial' or 'tag'.",
        "The first row must name the columns: serial, and if they know them, tag and certificate.")
    }
    var rows: [RecyclerList.Row] = []
    while let row = reader.next() {
      if let fault = row.fault { throw problem(fault, at: row.line) }
      func cell(_ column: RecyclerColumn) throws -> String? {
        guard let position = header.position(of: column), position < row.cells.count else { return nil }
        let text = FormulaGuard.plain(Cell.trimmed(row.cells[position]))
        guard text.utf8.count <= DisposalTerms.longestText, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
          throw problem(
            "row",
            "Line \(row.line): the \(column.name) is longer than \(DisposalTerms.longestText) bytes, or holds a control "
              + "character.", "Mend that line, and upload the list again.")
        }
        return text.isEmpty ? nil : text
      }
      let (serial, tag) = (try cell(.serial), try cell(.tag))
      guard serial != nil || tag != nil else { continue }
      rows.append(
        RecyclerList.Row(line: row.line, serial: serial, tag: tag, certificate: try cell(.certificate)))
      guard rows.count <= RecyclerList.mostRows else {
        throw problem(
          "tooLong", "The list has more than \(RecyclerList.mostRows) rows.", "Ask for the list of this order alone.")
      }
    }
    guard !rows.isEmpty else { throw problem(.empty) }
    return rows
  }

  /// The file as evidence of what it says.
  static func reference(to bytes: [UInt8]) -> EvidenceReference {
    EvidenceReference(
      digest: hexadecimal(SHA256.hash(data: bytes)), length: bytes.count, mediaType: "text/csv", role: "recyclerList")
  }

  /// The body of a request that carries a list; throws the problem when there is too much of it.
  static func collect(_ request: Request, besides more: Int = 0) async throws -> [UInt8] {
    let tooLarge = problem(
      "tooLarge", "The list is larger than \(largest >> 20) MB.", "Ask for the list of this order alone, as CSV.")
    if let length = request.headers[.contentLength].flatMap(Int.init), length > largest + more { throw tooLarge }
    do {
      return Array(try await request.body.collect(upTo: largest + more).readableBytesView)
    } catch let error where Problem(error).status == .contentTooLarge {
      throw tooLarge
    }
  }

  static func problem(_ code: String, _ sentence: String, _ remedy: String) -> Problem {
    Problem(
      code == "tooLarge" ? .contentTooLarge : .unprocessableContent, "disposal.list." + code, "List not taken",
      detail: sentence, remedy: remedy)
  }

  private static func problem(_ fault: CSVDialect.Fault) -> Problem {
    switch fault {
    case .empty:
      problem(
        "empty", "The list has no row with a serial number or a tag.",
        "Ask the recycler for the list of what they received.")
    case .utf16: problem("encoding", "The list is written in UTF-16.", "Save it as CSV UTF-8, and upload that.")
    case .notText:
      problem(
        "notText", "The file is no CSV: it holds bytes that no text has.",
        "Save their table as CSV UTF-8, and upload that.")
    }
  }

  private static func problem(_ fault: CSVFault, at line: Int) -> Problem {
    if case .notUTF8 = fault {
      return problem("encoding", "Line \(line): \(fault.reason)", "Save it as CSV UTF-8, and upload that.")
    }
    return problem("row", "Line \(line): \(fault.reason)", fault.remedy)
  }
}

extension StationCore {
  /// Takes a recycler's list to an order, and keeps the file as evidence.
  func take(
    list bytes: [UInt8], on number: DisposalNumber, by signedIn: SignedIn, keep: KeepReport? = nil
  ) async throws -> DisposalReport {
    try Self.need(.dispose, of: signedIn)
    let list = RecyclerList(try RecyclerListFile.rows(bytes), file: RecyclerListFile.reference(to: bytes))
    // Nothing is kept for an order that takes none.
    let order = try await disposalReport(number).order
    var trial = order
    if case .refuse(let refusal) = trial.take(list, by: signedIn.person.id, at: clock.now()) {
      throw Problem(disposal: refusal)
    }
    try await store.keepBlob(bytes, digest: list.file.digest, mediaType: list.file.mediaType)
    return try await act(on: number, needing: .dispose, by: signedIn, keep: keep) { order, transaction, people in
      order.take(list, by: people.actor.person, at: transaction.now)
    }
  }
}
