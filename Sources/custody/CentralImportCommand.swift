import ArgumentParser
import Central
import Custody
import Foundation
import Station
import StationStore
import SyncProtocol

struct CentralImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Takes over people, locations or orders from a CSV file, for all stations: all of it or nothing.",
    discussion: """
      The files are those of `custody import`. Stations fetch what is new and know it when they are offline. Roles hold at the
      site that the file names, else at --site. Assets are imported at a station, which signs them.

      Examples:
        custody central import people.csv --site HQ --data /var/lib/custody-centre
        custody central import rooms.csv --kind locations --site HQ --data /var/lib/custody-centre

      Exit status: 1 when a row is bad and nothing was imported.
      """)

  @Argument(help: "The file: CSV with a header row.") var file: String
  @Option(help: "people, orders or locations. Guessed from the file when left out.") var kind: String?
  @Flag(help: "Import the good rows and write the bad ones to FILE.rejected.csv.") var skipBadRows = false
  @Flag(help: "Write the report as JSON.") var json = false
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let folder = try settings.centralFolder()
    let input: ImportFile
    do {
      input = try ImportFile(path: file)
    } catch {
      throw Ending(3, error.description, remedy: error.remedy)
    }
    let kind = try chosenKind(input)
    let whole = try await CentralCommandFault.told {
      try await CentralControl.reference(dataFolder: folder, database: settings.centralDatabase())
    }
    var options = CatalogueImport.Options()
    options.skipBadRows = skipBadRows
    let chosen = options
    let (outcome, changes, announced) = try await ReferenceWorkshop.with(
      whole, at: try settings.standardIdentity().site
    ) { store in
      let report = try await CatalogueImport(kind, into: store, options: chosen).run(input)
      return (try ImportOutcome(report), report.announced)
    }
    if outcome.good, !changes.isEmpty {
      _ = try await CentralControl.changeReference(
        changes, dataFolder: folder, database: settings.centralDatabase())
    }
    if let rejected = outcome.rejected {
      try Data(rejected).write(to: URL(fileURLWithPath: file + ".rejected.csv"), options: .atomic)
      FileHandle.standardError.tell("Bad rows were written to \(file).rejected.csv.\n")
    }
    if announced > 0 {
      FileHandle.standardError.tell(
        "The \(announced) announced numbers were left out: import the file at the station that expects them too.\n")
    }
    try Running.answer(json ? outcome.json : outcome.words)
    if !outcome.good { throw Ending(1, "") }
  }

  private func chosenKind(_ input: ImportFile) throws -> CatalogueImport.Kind {
    let chosen = kind.map { CatalogueImport.Kind(rawValue: $0) } ?? CatalogueImport.kind(of: input)
    switch chosen {
    case .people, .locations, .orders: return chosen ?? .people
    case .kits, .consumables:
      throw Ending(
        2, "Kits and consumables are imported at each station.",
        remedy: "custody import \(file) --data FOLDER-OF-THE-STATION")
    case .assets:
      throw Ending(
        2, "Assets are imported at a station, which signs what it says of them.",
        remedy: "custody import \(file) --data FOLDER-OF-THE-STATION")
    case nil:
      throw Ending(
        2, "It is not clear what \(file) holds.", remedy: "Say so: --kind people, orders or locations.")
    }
  }
}

/// A station for the time of an import: the centre's reference data is put into it, changed there by what stations change theirs
/// with, and what is other then is the change.
enum ReferenceWorkshop {
  static func with<Value: Sendable>(
    _ whole: ReferencePage, at site: SiteCode,
    _ body: (StationStore) async throws -> (ImportOutcome, Value)
  ) async throws -> (ImportOutcome, [ReferenceChange], Value) {
    guard let pepper = whole.pepper.flatMap({ Data(base64Encoded: $0) }), let code = StationCode("IMPORT") else {
      throw Ending(4, "The centre gave no pepper.", remedy: "Bring the centre up to the version of this command.")
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("custody-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { unlinkAll(folder) }
    // Its own pepper is the centre's, so that what is sealed here is right everywhere.
    guard
      FileManager.default.createFile(
        atPath: folder + "/pepper.key", contents: pepper, attributes: [.posixPermissions: 0o600])
    else { throw Ending(3, "\(folder) cannot be written to.") }
    let store = try StationStore(folder: folder, identity: StationIdentity(site: site, station: code))
    do {
      try store.keep(centrePepper: Array(pepper))
      try await store.write { try $0.take(whole) }
      let before = try await store.read { try $0.reference(at: site) }
      let (outcome, value) = try await body(store)
      let after = try await store.read { try $0.reference(at: site) }
      try store.close()
      return (outcome, changes(from: before, to: after), value)
    } catch {
      try store.close()
      throw error
    }
  }

  private struct Name: Hashable {
    let kind: ReferenceKind
    let key: String
  }

  private static func changes(from before: [ReferenceChange], to after: [ReferenceChange]) -> [ReferenceChange] {
    let known = Dictionary(
      before.map { (Name(kind: $0.kind, key: $0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    let names = Set(after.map { Name(kind: $0.kind, key: $0.key) })
    return after.filter { known[Name(kind: $0.kind, key: $0.key)] ?? nil != $0.value }
      + before.filter { !names.contains(Name(kind: $0.kind, key: $0.key)) }
      .map { ReferenceChange(kind: $0.kind, key: $0.key, value: nil) }
  }

  private static func unlinkAll(_ folder: String) {
    do {
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      FileHandle.standardError.tell("\(folder) could not be removed: \(error.localizedDescription)\n")
    }
  }
}
