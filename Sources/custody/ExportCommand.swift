import ArgumentParser
import Central
import Custody
import Foundation
import Station
import StationStore

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes what a station knows as CSV or JSON, events as EPCIS, the chain's exact bytes, or a dossier.",
    discussion: """
      Examples:
        custody export assets --data /var/lib/custody > assets.csv
        custody export events --json --out events.json --data /var/lib/custody
        custody export orders --data /var/lib/custody > orders.csv
        custody export chain --out chain.bin --data /var/lib/custody
        custody-audit verify chain.bin --key @station.vkey
        custody export dossier --asset AT-00042 --out AT-00042.zip --data /var/lib/custody
        custody-audit verify AT-00042.zip --key @centre.vkey
        custody export dossier --order PO-2026-1188 --out order.zip --data /var/lib/custody
        custody export epcis --from 2026-11-01 --to 2026-11-30 --out november.jsonld --data /var/lib/custody

      Assets, people, orders, locations, kits and consumables are written in the columns that custody import takes; people without badges
      and PINs.

      A dossier holds signed events, the proofs that they are in the centre's log, and at a station the files that they name. It
      needs the centre, or the centre's own data folder. It is of an asset; of an order, with every asset that came or went
      under it; or of a period, with what leads up to the events in it. EPCIS is GS1's form for events (docs/epcis.md).
      """)

  enum What: String, ExpressibleByArgument, CaseIterable {
    case assets, events, people, orders, locations, kits, consumables, chain, dossier, epcis
  }

  @Argument(help: "assets, events, people, orders, locations, kits, consumables, chain, dossier or epcis.")
  var what: What
  @Flag(help: "Write CSV; the standard.") var csv = false
  @Flag(help: "Write a JSON array.") var json = false
  @Option(help: "For a dossier or EPCIS: the asset's id or one of its marks.") var asset: String?
  @Option(help: "For a dossier: a purchase or disposal order.") var order: String?
  @Option(
    help: "For a dossier or EPCIS: the first day of the period, or its first moment such as 2026-11-21T08:00:00Z (UTC)."
  )
  var from: String?
  @Option(help: "For a dossier or EPCIS: the last day of the period, or the moment behind it (UTC).") var to: String?
  @Option(name: [.customLong("out"), .customLong("output")], help: "Write to this file instead of standard output.")
  var out: String?
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    if csv && json { throw ValidationError("Choose one of --csv and --json.") }
    let query = try query()
    let period = from != nil || to != nil
    switch what {
    case .dossier:
      guard [asset != nil, order != nil, period].filter({ $0 }).count == 1 else {
        throw ValidationError(
          "A dossier is of an asset, an order or a period: custody export dossier --asset AT-00042.")
      }
      if csv || json { throw ValidationError("A dossier is a zip file.") }
    case .epcis:
      if order != nil { throw ValidationError("EPCIS is of an asset, of a period, or of all.") }
      if csv || json { throw ValidationError("EPCIS is JSON of its own form.") }
    case .assets, .events, .people, .orders, .locations, .kits, .consumables, .chain:
      guard query.parameters.isEmpty else {
        throw ValidationError("--asset, --order, --from and --to are for a dossier and for EPCIS.")
      }
    }
    if what == .chain && (csv || json) { throw ValidationError("A chain is exported as its exact bytes only.") }
  }

  private func query() throws -> EvidenceQuery {
    do throws(EvidenceQuery.Fault) {
      return try EvidenceQuery(asset: asset, order: order, from: from, to: to)
    } catch {
      throw ValidationError("\(error.sentence) \(error.remedy)")
    }
  }

  func run() async throws {
    let settings = try await flags.settings()
    if what == .dossier || what == .epcis { return try await exportEvidence(try query(), settings) }
    let access = try StoreAccess(settings, creating: false)
    let path = "/local/export/\(what.rawValue)?format=\(json ? "json" : "csv")"
    let sink = try ExportSink(out)
    do {
      switch access {
      case .folder(let store):
        try await store.noteExport(path)
        let export = CatalogueExport(from: store)
        if let kind = CatalogueExport.Kind(rawValue: what.rawValue) {
          _ = try await export.write(kind, as: json ? .json : .csv, withAccess: true, to: sink.write)
        } else {
          // Dossiers and EPCIS are written by exportEvidence.
          _ = try await export.chain(to: sink.write)
        }
        try store.close()
      case .running(let socket):
        try await StoreAccess.request(socket: socket, path: path) { part in
          try sink.write(Array(part.readableBytesView))
        }
      }
      try sink.finish()
    } catch {
      try sink.abandon()
      throw error
    }
  }
}

extension ExportCommand {
  private func exportEvidence(_ query: EvidenceQuery, _ settings: Settings) async throws {
    let folder = settings.dataFolder(standard: "")
    let sink = try ExportSink(out)
    do {
      let database = settings.centralDatabase()
      if settings.text(.data) != nil, CentralControl.isBegun(dataFolder: folder, database: database) {
        if what == .epcis {
          try await CentralControl.epcis(query, dataFolder: folder, database: database, to: sink.write)
        } else {
          try sink.write(try await CentralControl.dossier(query, dataFolder: folder, database: database))
        }
      } else {
        try await exportFromStation(query, settings, to: sink)
      }
      try sink.finish()
    } catch {
      try sink.abandon()
      switch error {
      case let refused as StationDossier.Refused: throw Ending(1, refused.description, remedy: refused.remedy)
      case let refusal as CentralRefusal: throw Ending(1, refusal.detail, remedy: refusal.remedy)
      default: throw error
      }
    }
  }

  private func exportFromStation(_ query: EvidenceQuery, _ settings: Settings, to sink: ExportSink) async throws {
    let asked = query.parameters.map { name, value in
      "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }
    let path = "/local/\(what.rawValue)" + (asked.isEmpty ? "" : "?" + asked.joined(separator: "&"))
    switch try StoreAccess(settings, creating: false) {
    case .folder(let store):
      do {
        if what == .epcis {
          try await store.noteExport(path)
          _ = try await CatalogueExport(from: store).epcis(query, to: sink.write)
        } else {
          let made = try await StationDossier(
            store: store, centre: settings.text(.centreURL), token: settings.text(.centreToken),
            trust: try settings.centreTrust()
          ).make(query)
          try await store.noteExport(path)
          try sink.write(made.bytes)
          tell(made.pending)
        }
        try store.close()
      } catch {
        try store.close()
        throw error
      }
    case .running(let socket):
      var pending = 0
      try await StoreAccess.request(
        socket: socket, path: path,
        head: { field in pending = field(StationDossier.pendingFieldName).flatMap { Int($0) } ?? 0 }
      ) { part in try sink.write(Array(part.readableBytesView)) }
      tell(pending)
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
