import ArgumentParser
import Foundation
import Station
import StationStore

struct StationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "station",
    abstract:
      "Runs a station: desk page, API, scanners, local ledger. Enrols it, changes its key, tells how it stands, checks it.",
    discussion: """
      Examples:
        custody station --data /var/lib/custody --site HQ --station DESK-1
        custody station --config /etc/custody.yaml
        custody station --data /var/lib/custody --host 0.0.0.0 --tls
        custody station enrol --centre https://centre.example.com --code K7Q2-M9XV-4TBW --data /var/lib/custody
        custody station rotate-key --data /var/lib/custody
        custody station status --data /var/lib/custody
        custody station check --data /var/lib/custody

      \(Setting.help)
      """,
    subcommands: [
      StationRunCommand.self, StationEnrolCommand.self, StationRotateKeyCommand.self, StationStatusCommand.self,
      StationCheckCommand.self, StationCACommand.self,
    ],
    defaultSubcommand: StationRunCommand.self)
}

struct StationRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the station (what `custody station` does).",
    discussion: """
      Examples:
        custody station --data /var/lib/custody --site HQ --station DESK-1

      \(Setting.help)
      """)

  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let settings = try await flags.settings()
    let logger = try Running.logger(settings, label: "custody.station")
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the station keeps its ledger: --data FOLDER.")
    }
    let folder = settings.dataFolder(standard: "")
    let options = try settings.stationOptions()
    try await settings.deskAddress().tried()
    let store = try StationStore.openOrCreate(folder, settings)
    let application = try await StationApplication(
      store: store, options: options, logger: logger,
      onListening: { [host = options.host, scheme = options.tls == nil ? "http" : "https"] port in
        Running.say(
          """
          Station \(store.identity.keyName) listens on \(scheme)://\(host):\(port)/
          Verifier key: \(store.verifierKey)
          """)
      })
    Running.warnOfClearText(on: options.host, isSecure: options.isSecure)
    try await Running.run(application.services, logger: logger)
    try store.close()
  }
}

extension StationStore {
  /// Opens the folder as the station it is, or makes it the station that the settings name.
  static func openOrCreate(_ folder: String, _ settings: Settings) throws -> StationStore {
    let isNew = !FileManager.default.fileExists(atPath: folder + "/station.db")
    let store = try StationStore(
      folder: folder, identity: isNew ? try settings.standardIdentity() : try settings.identity())
    // A folder that is mistyped must not pass for the one that was meant.
    if isNew { FileHandle.standardError.tell("New station \(store.identity.keyName) made in \(folder).\n") }
    return store
  }
}
