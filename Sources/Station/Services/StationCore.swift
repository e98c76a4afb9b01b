import BarcodeVision
import Crypto
import Custody
import CustodyLedger
import DeviceProfiles
import Foundation
import LabelDesign
import Logging
import ReaderNetwork
import StationStore
import Synchronization
import USBScanning

/// What the station's surfaces share: pages, API, scanners and the local socket act through it and nothing else.
final class StationCore: Sendable {
  let store: StationStore
  let options: StationOptions
  let signIns: SignIns
  let desk = Desk()
  let live = LiveStream()
  let pictures = PictureReader()
  let devices: StationDevices
  let cameras: [StationCamera]
  let phones = PhoneFrames()
  let glances = PhoneGlances()
  /// What RFID readers see. Whoever has reads hands them to it.
  let tags: StationTags
  /// What happens in the field of the readers, for who looks at it: too much of it for `live`.
  let tagsLive = LiveStream()
  /// Pages other than the desk's that take what its scanners read.
  let pages = ListeningPages()
  /// Tells the sign-in page that a badge was read; of whom, it asks.
  let signInLive = LiveStream()
  /// What a browser shows to be one at which somebody has signed in at the desk since the station started.
  let deskBrowser = SignInOffer.random()
  /// The readers on the network.
  let readers: [NetworkReader]
  /// The templates of labels, the site's own in the data folder.
  let labels: LabelShelf
  let printers: StationPrinters
  /// Wakes who orders labels when something was received, or is to be tried again.
  let received = Wake()
  let sync = SyncState()
  let metrics = StationMetrics()
  /// Wakes the sync when something was sealed.
  let recorded = Wake()
  /// Wakes who tells receivers of webhooks.
  let told = Wake()
  let logger: Logger
  /// Idempotency keys of requests that are being worked on.
  let keysInUse = Mutex<Set<String>>([])
  /// How to sign in, on a demo station; nil elsewhere.
  let demo: DemoAccounts?

  /// Throws when the profiles of devices and printers that ship with the program are not there.
  init(store: StationStore, options: StationOptions, demo: DemoAccounts?, logger: Logger) async throws {
    self.store = store
    self.options = options
    self.demo = demo
    self.logger = logger
    signIns = SignIns(idleMinutes: options.idleMinutes)
    labels = LabelShelf(folder: store.folder.path + "/labels")
    printers = StationPrinters(profiles: try PrinterProfile.shipped())
    cameras = options.cameras.map(StationCamera.init)
    let tags = StationTags(options.tags)
    self.tags = tags
    readers = options.readers.map { NetworkReader(name: $0.name, address: $0.address, stopwatch: tags.time) }
    let folders = try DeviceFolders(own: options.deviceFolder)
    for fault in folders.faults {
      logger.error(
        "device folder not used",
        metadata: [
          "message": "\(fault)", "remedy": "devices/README.md tells what a device folder holds; then restart.",
        ])
    }
    devices = try StationDevices(
      profiles: folders.profiles, usb: options.usb, listens: options.listens,
      kept: try await store.read { try $0.deviceSettings() })
    try await beginOwingLabels()
  }

  var clock: any StationClock { store.clock }
}
