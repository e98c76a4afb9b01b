import ArgumentParser
import Foundation
import Station
import StationStore

struct StationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "station",
    abstract: "Runs a station: desk page, API, scanners, local ledger.",
    discussion: """
      Examples:
        custody station --data /var/lib/custody --site HQ --station DESK-1
        custody station --config /etc/custody.yaml
        CUSTODY_CENTRE_URL=https://centre.example.com CUSTODY_CENTRE_TOKEN=… custody station --data /var/lib/custody

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
      onListening: { [host = options.host] port in
        Running.say(
          """
          Station \(store.identity.keyName) listens on http://\(host):\(port)/
          Verifier key: \(store.verifierKey)
          """)
      })
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
