import ArgumentParser
import Foundation
import Station
import StationStore

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes assets or events as CSV or JSON, or the exact bytes of the station's chain.",
    discussion: """
      Examples:
        custody export assets --data /var/lib/custody > assets.csv
        custody export events --json --out events.json --data /var/lib/custody
        custody export chain --out chain.bin --data /var/lib/custody
        custody-audit verify chain.bin --key @station.vkey
      """)

  enum What: String, ExpressibleByArgument, CaseIterable { case assets, events, chain }

  @Argument(help: "assets, events or chain.") var what: What
  @Flag(help: "Write CSV; the standard.") var csv = false
  @Flag(help: "Write a JSON array.") var json = false
  @Option(help: "Write to this file instead of standard output.") var out: String?
  @OptionGroup var flags: SettingFlags

  func validate() throws {
    if csv && json { throw ValidationError("Choose one of --csv and --json.") }
    if what == .chain && (csv || json) { throw ValidationError("A chain is exported as its exact bytes only.") }
  }

  func run() async throws {
    let settings = try await flags.settings()
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
