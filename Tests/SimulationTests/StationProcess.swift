import Custody
import Foundation
import Logging
import StationSync
import SyncTestSupport
import TamperEvidence

@testable import Station
@testable import StationStore

/// A running station: the real store and the real sync, over a transport that the world gives it.
struct StationProcess: Sendable {
  let folder: TemporaryFolder
  let store: StationStore
  let sync: SyncService

  /// Starts a station in a folder, which may hold one already. Its key follows from `seed`.
  init(
    in folder: TemporaryFolder, identity: StationIdentity, seed: UInt8, clock: MachineClock, token: String,
    over transport: any CentralTransport
  ) async throws {
    self.folder = folder
    let key = folder.path + "/station.key"
    if !FileManager.default.fileExists(atPath: key) {
      let text = try SigningKey(name: identity.keyName, seed: [UInt8](repeating: seed, count: 32)).secretText
      try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: key))
      try Data([UInt8](repeating: seed, count: 32)).write(to: URL(fileURLWithPath: folder.path + "/pepper.key"))
    }
    store = try StationStore(
      folder: folder.path, identity: identity, clock: clock,
      patience: Patience(busySeconds: 5, retryAfter: .seconds(0)))
    let core = try await StationCore(
      store: store, options: StationOptions(centre: "http://centre.example", usb: false), demo: nil,
      logger: Logger(label: "station") { _ in SwiftLogNoOpLogHandler() })
    sync = SyncService(
      core: core, client: try CentralClient(base: "http://centre.example", token: token, over: transport))
  }
}
