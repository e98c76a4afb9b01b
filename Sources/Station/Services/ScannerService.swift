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
    do {
      switch event {
      case .scan(let scanned): try await take(scanned)
      case .rejected(let rejected):
        core.logger.warning("scan rejected", metadata: ["device": "\(rejected.deviceID)", "reason": "\(rejected)"])
        try core.publishDevices()
      case .fault(let device, let message, let remedy):
        core.logger.warning(
          "device fault",
          metadata: ["device": "\(device?.name ?? "USB")", "message": "\(message)", "remedy": "\(remedy)"])
        try core.publishDevices()
      case .detached(let device, let discarded):
        core.logger.notice(
          "device gone",
          metadata: ["device": "\(device.name)", "discarded": "\(discarded.map { "\($0)" } ?? "nothing")"])
        try core.publishDevices()
      case .tags:
        // RFID never moves custody by itself: what is in the field is for those to see who look.
        break
      case .attached, .changed, .status:
        try core.publishDevices()
      }
    } catch {
      core.logger.error("a scan could not be recorded", metadata: ["error": "\(error)"])
      core.desk.fail(error, at: core.clock.now())
      core.live.publish("scan", Array(#"{"id":"fault","result":"refused","desk":"\#(core.desk.name)"}"#.utf8))
    }
  }

  private func take(_ scanned: ScannedText) async throws {
    var scan = Scan(raw: Array(scanned.text.utf8), source: .symbol, device: scanned.deviceID)
    scan.reports = scanned.raw
    if scanned.followsFault {
      // Its beginning may be missing: half a tag is another asset's tag.
      return try await core.refuseDoubtful(scan)
    }
    try await core.deskScan(scan)
  }
}

extension StationCore {
  func publishDevices() throws {
    struct Notice: Encodable {
      let devices: [USBDevice]
    }
    live.publish("status", try CanonicalEncoder().encode(Notice(devices: scanners?.devices() ?? []), limit: .max))
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
