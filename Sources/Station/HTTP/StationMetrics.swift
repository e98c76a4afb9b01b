import CustodyLedger
import Foundation
import HTTPServing
import Hummingbird
import StationStore

/// What a station counts of itself while it runs. No person, asset or mark is in it.
struct StationMetrics: Sendable {
  /// Scans by what came of them.
  let scans = Counters()
  /// Refusals by their code.
  let refusals = Counters()
  /// Requests that came too often, by what they were for.
  let limited = Counters()
  /// From a push's first byte to the centre's whole answer.
  let pushes = LatencyHistogram()

  func note(_ outcome: ScanOutcome) {
    scans.count(outcome.result.rawValue)
    if outcome.result == .refused, let code = outcome.code { refusals.count(code) }
  }
}

extension API {
  /// `GET /metrics`: Prometheus' text form. Open to all, as health is.
  @Sendable func metrics(_ request: Request, _ context: StationContext) async throws -> Response {
    let figures = try await core.store.figures()
    let sync = core.sync.snapshot
    var text = MetricsText()
    text.add(
      "custody_station_info", .gauge, "Which station this is.",
      [([("site", core.store.identity.site.text), ("station", core.store.identity.station.text)], 1)])
    text.add(
      "custody_scans_total", .counter, "Scans since the start, by what came of them.",
      core.metrics.scans.all.map { ([("result", $0.label)], Double($0.count)) })
    text.add(
      "custody_refusals_total", .counter, "Refused scans since the start, by code.",
      core.metrics.refusals.all.map { ([("code", $0.label)], Double($0.count)) })
    text.add(
      "custody_requests_limited_total", .counter, "Requests since the start that came too often.",
      core.metrics.limited.all.map { ([("what", $0.label)], Double($0.count)) })
    text.add(
      "custody_read_only", .gauge, "1 while nothing can be recorded.", core.store.readOnlyReason == nil ? 0 : 1)
    text.add("custody_ledger_entries", .gauge, "Entries of the ledger, own and pulled.", Double(figures.entries))
    text.add("custody_chain_sequence", .gauge, "Sequence of the newest own entry.", Double(core.store.head.seq))
    text.add("custody_database_bytes", .gauge, "Size of the database.", Double(figures.databaseBytes))
    text.add("custody_exceptions_open", .gauge, "Open exceptions.", Double(figures.openDiscrepancies))
    text.add(
      "custody_sync_pending_entries", .gauge, "Own entries that the centre is not proved to hold.",
      Double(figures.pending))
    text.add(
      "custody_sync_rejected_entries", .gauge, "Own entries that the centre does not admit.",
      Double(sync.rejected.count))
    if core.options.centre != nil {
      text.add("custody_sync_offline", .gauge, "1 while the centre cannot be used.", sync.offlineSince == nil ? 0 : 1)
      text.add("custody_sync_alarm", .gauge, "1 while the centre's log is not believed.", sync.alarm == nil ? 0 : 1)
      if let last = sync.lastContact {
        text.add(
          "custody_sync_last_contact_seconds", .gauge, "When the centre last answered, in Unix time.",
          Double(last.milliseconds) / 1000)
      }
      text.add("custody_sync_push_seconds", "How long the centre took to take a push.", core.metrics.pushes.snapshot)
    }
    text.add(
      "custody_printer_queue_labels", .gauge, "Labels that wait for a printer or for an answer about one.",
      figures.labels.map { ([("printer", $0.printer)], Double($0.count)) })
    text.add("custody_devices", .gauge, "Scanners, readers and cameras, by state.", deviceStates)
    if let bytes = ProcessFacts.residentBytes {
      text.add("process_resident_memory_bytes", .gauge, "Resident memory.", bytes)
    }
    return Response(
      status: .ok, headers: [.contentType: MetricsText.mediaType],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text.text)))
  }

  private var deviceStates: [(labels: [(String, String)], value: Double)] {
    var counts: [String: [String: Int]] = [:]
    for device in core.deviceList.items { counts["usb", default: [:]][device.state.rawValue, default: 0] += 1 }
    for reader in core.readers { counts["reader", default: [:]][reader.status.phase.rawValue, default: 0] += 1 }
    for camera in core.cameras { counts["camera", default: [:]][camera.camera.status.phase.rawValue, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.flatMap { kind, states in
      states.sorted { $0.key < $1.key }.map { ([("kind", kind), ("state", $0.key)], Double($0.value)) }
    }
  }

  /// `GET /ready`: whether it can record now; 503 with the reason when not.
  @Sendable func ready(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Readiness: Encodable {
      let status: String
      let reason: String?
      let remedy: String?
    }
    do {
      _ = try await core.store.read { try $0.pendingCount() }
    } catch {
      return try .json(
        Readiness(
          status: "notReady", reason: "The database cannot be read: \(error).",
          remedy: "Check the disk; restore a backup if it stays so."), status: .serviceUnavailable)
    }
    guard let reason = core.store.readOnlyReason else {
      return try .json(Readiness(status: "ready", reason: nil, remedy: nil))
    }
    let fault = StoreFault.readOnly(reason: reason)
    return try .json(
      Readiness(status: "notReady", reason: fault.description, remedy: fault.remedy), status: .serviceUnavailable)
  }
}
