import ArgumentParser
import Central
import Foundation
import Station
import StationStore

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes assets or events as CSV or JSON, the exact bytes of the station's chain, or an asset's dossier.",
    discussion: """
      Examples:
        custody export assets --data /var/lib/custody > assets.csv
        custody export events --json --out events.json --data /var/lib/custody
        custody export chain --out chain.bin --data /var/lib/custody
        custody-audit verify chain.bin --key @station.vkey
        custody export dossier --asset AT-00042 --out AT-00042.zip --data /var/lib/custody
        custody-audit verify AT-00042.zip --key @centre.vkey

      A dossier holds the asset's signed events, the proofs that they are in the centre's log, and at a station the files that
      they name. It needs the centre, or the centre's own data folder.
      """)

  enum What: String, ExpressibleByArgument, CaseIterable { case assets, events, chain, dossier }

  @Argument(help: "assets, events, chain or dossier.") var what: What
  @Flag(help: "Write CSV; the standard.") var csv = false
  @Flag(help: "Write a JSON array.") var json = false
  @Option(help: "For a dossier: the asset's id or one of its marks.") var asset: String?
  @Option(help: "Write to this file instead of standard output.") var out: String?
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    if csv && json { throw ValidationError("Choose one of --csv and --json.") }
    if (what == .dossier) != (asset != nil) {
      throw ValidationError("A dossier is of an asset: custody export dossier --asset AT-00042.")
    }
    if what == .dossier && (csv || json) { throw ValidationError("A dossier is a zip file.") }
    if what == .chain && (csv || json) { throw ValidationError("A chain is exported as its exact bytes only.") }
  }

  func run() async throws {
    let settings = try await flags.settings()
    if let asset { return try await exportDossier(of: asset, settings) }
    let access = try StoreAccess(settings, creating: false)
    let sink = try ExportSink(out)
    do {
      switch access {
      case .folder(let store):
        let export = CatalogueExport(from: store)
        switch what {
        case .assets: _ = try await export.assets(as: json ? .json : .csv, to: sink.write)
        case .events: _ = try await export.events(as: json ? .json : .csv, to: sink.write)
        case .chain: _ = try await export.chain(to: sink.write)
        case .dossier: break  // Written by exportDossier.
        }
        try store.close()
      case .running(let socket):
        try await StoreAccess.request(
          socket: socket, path: "/local/export/\(what.rawValue)?format=\(json ? "json" : "csv")"
        ) { part in try sink.write(Array(part.readableBytesView)) }
      }
      try sink.finish()
    } catch {
      try sink.abandon()
      throw error
    }
  }
}

extension ExportCommand {
  private func exportDossier(of asset: String, _ settings: Settings) async throws {
    let folder = settings.dataFolder(standard: "")
    let bytes: [UInt8]
    do {
      let database = settings.centralDatabase()
      if settings.text(.data) != nil, CentralControl.isBegun(dataFolder: folder, database: database) {
        bytes = try await CentralControl.dossier(of: asset, dataFolder: folder, database: database)
      } else {
        bytes = try await dossierOfStation(asset, settings)
      }
    } catch let refused as StationDossier.Refused {
      throw Ending(1, refused.description, remedy: refused.remedy)
    } catch let refusal as CentralRefusal {
      throw Ending(1, refusal.detail, remedy: refusal.remedy)
    }
    let sink = try ExportSink(out)
    do {
      try sink.write(bytes)
      try sink.finish()
    } catch {
      try sink.abandon()
      throw error
    }
  }

  private func dossierOfStation(_ asset: String, _ settings: Settings) async throws -> [UInt8] {
    switch try StoreAccess(settings, creating: false) {
    case .folder(let store):
      do {
        let made = try await StationDossier(
          store: store, centre: settings.text(.centreURL), token: settings.text(.centreToken)
        ).make(of: asset)
        try store.close()
        tell(made.pending)
        return made.bytes
      } catch {
        try store.close()
        throw error
      }
    case .running(let socket):
      let text = asset.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      var bytes: [UInt8] = []
      try await StoreAccess.request(socket: socket, path: "/local/dossier?asset=\(text)") { part in
        bytes += part.readableBytesView
      }
      return bytes
    }
  }

  private func tell(_ pending: Int) {
    guard pending > 0 else { return }
    FileHandle.standardError.tell(
      "\(pending) \(pending == 1 ? "event is" : "events are") not in it: the centre is not known to hold them yet.\n")
  }
}

/// Where an export goes: standard output, or a file that is there whole or not at all.
struct ExportSink: Sendable {
  private let handle: FileHandle
  private let path: String?

  init(_ path: String?) throws {
    self.path = path
    guard let path else {
      handle = .standardOutput
      return
    }
    let partial = path + ".partial"
    guard FileManager.default.createFile(atPath: partial, contents: nil),
      let file = FileHandle(forWritingAtPath: partial)
    else { throw Ending(3, "\(partial) cannot be written.", remedy: "Check the folder and its permissions.") }
    handle = file
  }

  @Sendable func write(_ bytes: [UInt8]) throws { try handle.write(contentsOf: Data(bytes)) }

  func finish() throws {
    guard let path else { return }
    try handle.synchronize()
    try handle.close()
    guard rename(path + ".partial", path) == 0 else {
      throw Ending(3, "\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
  }

  func abandon() throws {
    guard let path else { return }
    try handle.close()
    try FileManager.default.removeItem(atPath: path + ".partial")
  }
}
