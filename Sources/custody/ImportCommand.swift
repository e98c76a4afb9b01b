import ArgumentParser
import Foundation
import Station
import StationStore

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Takes over assets, people, orders, locations, kits or consumables from CSV; or wipe reports.",
    discussion: """
      Without another word a CSV file is meant: custody import FILE is custody import table FILE.

      Examples:
        custody import assets.csv --data /var/lib/custody
        custody import users.csv --kind people --data /var/lib/custody
        custody import wipe-report nwipe.log --data /var/lib/custody
      """,
    subcommands: [ImportTable.self, ImportWipeReport.self], defaultSubcommand: ImportTable.self)
}

struct ImportTable: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Takes over assets, people, orders, locations, kits or consumables from a CSV file: all or nothing.",
    discussion: """
      Headers are forgiving: what Snipe-IT, InvenTree and ServiceNow export is understood, in English and German. Every
      bad row is named with its line and reason. Importing the same file again records nothing twice. While the station
      runs, the file goes through it; else its folder is opened.

      Examples:
        custody import assets.csv --data /var/lib/custody
        custody import users.csv --kind people --data /var/lib/custody
        custody import kits.csv --data /var/lib/custody   columns kit, title, slot, category, model, quantity …
        custody import assets.csv --skip-bad-rows     good rows go in, bad ones to assets.csv.rejected.csv

      Exit status: 1 when a row is bad and nothing was imported; 0 when everything was, and with --skip-bad-rows, where
      leaving bad rows out is what was asked for: the report counts them, and with --json it is in badRows.
      """)

  @Argument(help: "The file: CSV with a header row.") var file: String
  @Option(help: "assets, people, orders, locations, kits or consumables. Guessed from the file when left out.")
  var kind: String?
  @Flag(help: "Import the good rows and write the bad ones to FILE.rejected.csv.") var skipBadRows = false
  @Flag(help: "Make locations that are not known yet.") var createLocations = false
  @Option(help: "Currency of prices that name none, such as EUR.") var currency: String?
  @Flag(help: "Write the report as JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let input: ImportFile
    do {
      input = try ImportFile(path: file)
    } catch {
      throw Ending(3, error.description, remedy: error.remedy)
    }
    let chosen = try chosenKind(input)
    let bar = ProgressBar()
    let outcome: ImportOutcome
    switch try StoreAccess(settings, creating: true) {
    case .folder(let store):
      var options = CatalogueImport.Options()
      options.skipBadRows = skipBadRows
      options.createLocations = createLocations
      options.currency = currency
      let report = try await CatalogueImport(chosen, into: store, options: options) { step in
        bar.show(step.phase.rawValue, step.done, of: step.total)
      }.run(input)
      outcome = try ImportOutcome(report)
      try store.close()
    case .running(let socket):
      outcome = try await throughStation(socket, chosen, input, bar)
    }
    bar.end()
    if let rejected = outcome.rejected {
      let path = file + ".rejected.csv"
      try Data(rejected).write(to: URL(fileURLWithPath: path), options: .atomic)
      FileHandle.standardError.tell("Bad rows were written to \(path).\n")
    }
    try Running.answer(json ? outcome.json : outcome.words)
    if !outcome.good { throw Ending(1, "") }
  }

  private func chosenKind(_ input: ImportFile) throws -> CatalogueImport.Kind {
    if let kind {
      guard let chosen = CatalogueImport.Kind(rawValue: kind) else {
        let known = CatalogueImport.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw Ending(2, "'\(kind)' is no kind of import.", remedy: "There are \(known).")
      }
      return chosen
    }
    guard let guessed = CatalogueImport.kind(of: input) else {
      if let problem = CatalogueImport.problem(of: input) {
        throw Ending(2, "\(file): \(problem.reason)", remedy: problem.remedy)
      }
      throw Ending(
        2, "It is not clear what \(file) holds.",
        remedy: "Say so: --kind assets, people, orders, locations, kits or consumables.")
    }
    return guessed
  }

  private func throughStation(
    _ socket: String, _ kind: CatalogueImport.Kind, _ input: ImportFile, _ bar: ProgressBar
  ) async throws -> ImportOutcome {
    var query = URLComponents()
    query.path = "/local/import/\(kind.rawValue)"
    query.queryItems = [
      URLQueryItem(name: "name", value: input.name), URLQueryItem(name: "skipBadRows", value: "\(skipBadRows)"),
      URLQueryItem(name: "createLocations", value: "\(createLocations)"),
      URLQueryItem(name: "currency", value: currency ?? ""),
    ]
    var lines = LineBuffer()
    var outcome: ImportOutcome?
    try await StoreAccess.request(
      socket: socket, path: query.string ?? query.path, body: input.bytes
    ) { part in
      for line in lines.take(Array(part.readableBytesView)) {
        let message = try JSONDecoder().decode(StationMessage.self, from: Data(line))
        if let step = message.progress { bar.show(step.phase, step.done, of: step.total) }
        if let detail = message.detail { throw Ending(4, detail, remedy: message.remedy) }
        if let words = message.words {
          outcome = ImportOutcome(
            good: message.good ?? false, words: words, json: try Self.report(in: line),
            rejected: message.rejected.flatMap { Data(base64Encoded: $0) }.map { Array($0) })
        }
      }
    }
    guard let outcome else { throw Ending(4, "The station ended before it told what became of the import.") }
    return outcome
  }

  private static func report(in line: [UInt8]) throws -> String {
    let whole = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
    let report = try JSONSerialization.data(withJSONObject: whole?["report"] ?? [:], options: [.sortedKeys])
    return String(decoding: report, as: UTF8.self)
  }

  private struct StationMessage: Decodable {
    struct Step: Decodable {
      let phase: String
      let done: Int
      let total: Int
    }
    let progress: Step?
    let words: String?
    let good: Bool?
    let rejected: String?
    let detail: String?
    let remedy: String?
  }
}

/// What became of an import, whichever way it went.
struct ImportOutcome {
  let good: Bool
  let words: String
  let json: String
  let rejected: [UInt8]?

  init(good: Bool, words: String, json: String, rejected: [UInt8]?) {
    self.good = good
    self.words = words
    self.json = json
    self.rejected = rejected
  }

  init(_ report: ImportReport) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(
      good: report.result == .imported, words: report.words(most: 50).joined(separator: "\n"),
      json: String(decoding: try encoder.encode(report), as: UTF8.self), rejected: report.rejected)
  }
}

/// Cuts a stream of bytes into lines.
struct LineBuffer {
  private var rest: [UInt8] = []

  mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
    rest += bytes
    var lines: [[UInt8]] = []
    while let end = rest.firstIndex(of: 0x0A) {
      lines.append(Array(rest[..<end]))
      rest.removeSubrange(...end)
    }
    return lines
  }
}
