import Custody
import CustodyLedger
import Logging
import ScannerProtocols
import ServiceLifecycle
import USBScanning

/// Runs the USB scanners and hands every scan to the desk. A device that fails costs a log line and a red lamp, never
/// the station.
struct ScannerService: Service {
  let core: StationCore
  let scanners: USBScanners

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await cancelWhenGracefulShutdown { try await scanners.run() } }
      group.addTask {
        // Ends when the scanners have stopped, after the last scan was taken.
        for await event in scanners.events { await handle(event) }
      }
      try await group.waitForAll()
    }
  }

  private func handle(_ event: USBScanningEvent) async {
    switch event {
    case .scan(let scanned): await core.takeOrFail(scanned, from: scanned.deviceID)
    case .tags(let device, let reads):
      // RFID never moves custody by itself: what is in the field is for those to see who look.
      core.tags.take(reads, from: device)
    case .rejected(let rejected):
      // What was typed is not logged: it may be half a badge.
      core.logger.warning(
        "scan rejected",
        metadata: [
          "device": "\(rejected.deviceID)", "message": "\(rejected.message)", "characters": "\(rejected.characters)",
        ])
      await core.refuseOrFail(rejected)
    case .fault(let device, let message, let remedy):
      core.logger.warning(
        "device fault",
        metadata: ["device": "\(device?.name ?? "USB")", "message": "\(message)", "remedy": "\(remedy)"])
    case .detached(let device, let discarded):
      core.tags.interrupt(reader: device.id)
      core.logger.notice(
        "device gone",
        metadata: [
          "device": "\(device.name)", "discarded": "\(discarded.map { "\($0.characters) characters" } ?? "nothing")",
        ])
      if let discarded { await core.cutOffOrFail(discarded, of: device) }
    case .changed(let device):
      if device.state != .claimed { core.tags.interrupt(reader: device.id) }
    case .attached, .status, .recorded, .finished: break
    }
    switch event {
    case .scan, .tags, .recorded, .finished: break
    default: core.publishDevices()
    }
  }
}

extension StationCore {
  /// Shows at the desk that a scan came and could not be used.
  func refuseOrFail(_ rejected: RejectedScan) async {
    do {
      try await refuse(rejected)
    } catch {
      logger.error("a rejected scan could not be kept", metadata: ["error": "\(error)"])
      desk.fail(error, at: clock.now())
    }
  }

  /// Shows at the desk that a scan was cut off: its scanner was unplugged in the middle of it.
  func cutOffOrFail(_ discarded: DiscardedScan, of device: USBDevice) async {
    do {
      try await cutOff(after: discarded.characters, device.id, named: device.name)
    } catch {
      logger.error("a scan that was cut off could not be kept", metadata: ["error": "\(error)"])
      desk.fail(error, at: clock.now())
    }
  }

  /// Takes a scan of a device; one that cannot be recorded at all is shown at the desk.
  func takeOrFail(_ scanned: ScannedText, from device: String) async {
    do {
      try await take(scanned, from: device)
    } catch {
      logger.error("a scan could not be recorded", metadata: ["error": "\(error)"])
      desk.fail(error, at: clock.now())
      live.publish("scan", Array(#"{"id":"fault","result":"refused","desk":"\#(desk.name)"}"#.utf8))
    }
  }

  /// Tells every page how the devices are now.
  func publishDevices() {
    struct Notice: Encodable {
      let devices: [StationDevice]
    }
    do {
      live.publish("status", try CanonicalEncoder().encode(Notice(devices: devices.all()), limit: .max))
    } catch {
      logger.error("the devices cannot be told", metadata: ["error": "\(error)"])
    }
  }
}

extension Desk {
  /// Shows at the desk that a scan could not be recorded at all.
  func fail(_ error: any Error, at moment: Instant) {
    let problem = Problem(error)
    var outcome = ScanOutcome(
      result: .refused, words: problem.title, at: moment, scan: Scan(raw: [], source: .symbol))
    outcome.sentence = problem.detail
    outcome.remedy = problem.remedy
    outcome.code = problem.code
    lastOutcome = outcome
  }
}
