import BarcodeVision
import Crypto
import Custody
import CustodyLedger
import DeviceProfiles
import Foundation
import Logging
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
  let scanners: USBScanners?
  let cameras: [StationCamera]
  let phones = PhoneFrames()
  let sync = SyncState()
  /// Wakes the sync when something was sealed.
  let recorded = Wake()
  let logger: Logger
  /// Idempotency keys of requests that are being worked on.
  let keysInUse = Mutex<Set<String>>([])
  /// How to sign in, on a demo station; nil elsewhere.
  let demo: DemoAccounts?

  /// Throws when the device profiles that ship with the program are not there.
  init(store: StationStore, options: StationOptions, demo: DemoAccounts?, logger: Logger) throws {
    self.store = store
    self.options = options
    self.demo = demo
    self.logger = logger
    signIns = SignIns(idleMinutes: options.idleMinutes)
    cameras = options.cameras.map(StationCamera.init)
    scanners = options.usb ? USBScanners(profiles: try DeviceFolder.shipped().map(\.profile)) : nil
  }

  var clock: any StationClock { store.clock }
}
