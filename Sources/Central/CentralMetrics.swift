import CentralStore
import HTTPServing
import Hummingbird
import SyncProtocol
import TamperEvidence

/// What a centre counts of itself while it runs. No person and no asset is in it.
struct CentralMetrics: Sendable {
  /// Requests that came too often, by what they were for.
  let limited = Counters()
  /// Requests of stations by route and status.
  private let requests = Counters()
  /// From a push's head to its answer.
  private let pushes = LatencyHistogram()

  /// Runs a request of a station.
  func timing(_ path: String, _ body: () async throws -> Response) async throws -> Response {
    let route = path.split(separator: "/").dropFirst(2).first.map(String.init) ?? "other"
    let began = ContinuousClock.now
    do {
      let response = try await body()
      if route == "push" { pushes.note(.now - began) }
      requests.count("\(route) \(response.status.code)")
      return response
    } catch {
      requests.count("\(route) \(Problem(error).status)")
      throw error
    }
  }

  /// Prometheus' text form. A store that is not there is told, and what it would say left out.
  func text(of store: any CentralStore, version: String) async -> String {
    var text = MetricsText()
    text.add("custody_centre_info", .gauge, "Which program this is.", [([("version", version)], 1)])
    do {
      let (figures, head) = (try await store.figures(), try await store.head())
      text.add("custody_centre_database_up", .gauge, "1 while the database answers.", 1)
      text.add("custody_centre_log_entries", .gauge, "Entries of the log.", Double(head.checkpoint.size))
      text.add(
        "custody_centre_exceptions_open", .gauge, "Open exceptions.", Double(figures.discrepancies))
      text.add(
        "custody_centre_entries", .gauge, "Entries that do not simply count.",
        [
          ([("status", "contested")], Double(figures.contested)),
          ([("status", "quarantined")], Double(figures.quarantined)),
          ([("status", "unsupported")], Double(figures.unsupported)),
          ([("status", "rejected")], Double(figures.rejected)),
        ])
      text.add("custody_centre_forks", .gauge, "Stations' chains that fork.", Double(figures.forks))
      text.add("custody_centre_stations", .gauge, "Enrolled stations.", Double(figures.stations))
      text.add(
        "custody_centre_assets", .gauge, "Assets by state.",
        figures.assets.sorted { $0.key.rawValue < $1.key.rawValue }.map {
          ([("state", $0.key.rawValue)], Double($0.value))
        })
    } catch {
      text.add("custody_centre_database_up", .gauge, "1 while the database answers.", 0)
    }
    text.add(
      "custody_centre_requests_total", .counter, "Requests of stations since the start.",
      requests.all.map { entry in
        let parts = entry.label.split(separator: " ").map(String.init)
        return ([("route", parts[0]), ("status", parts[1])], Double(entry.count))
      })
    text.add(
      "custody_centre_requests_limited_total", .counter, "Requests since the start that came too often.",
      limited.all.map { ([("what", $0.label)], Double($0.count)) })
    text.add("custody_centre_push_seconds", "How long a push took.", pushes.snapshot)
    if let bytes = ProcessFacts.residentBytes {
      text.add("process_resident_memory_bytes", .gauge, "Resident memory.", bytes)
    }
    return text.text
  }
}

/// Whether the centre lives, whether it can work, and its metrics: open to all, for they say nothing of anybody.
struct WatchRoutes: Sendable {
  let configuration: CentralConfiguration
  let store: any CentralStore
  let metrics: CentralMetrics

  func add(to router: Router<CentralContext>) {
    router.get("/health") { _, _ in
      try JSONAnswer.response(["status": "ok", "version": configuration.version])
    }
    router.get("/ready") { _, _ in
      do {
        _ = try await store.headIndex()
        return try JSONAnswer.response(["status": "ready"])
      } catch {
        let problem = Problem(error)
        return try JSONAnswer.response(
          ["status": "notReady", "reason": problem.detail, "remedy": problem.remedy], status: .serviceUnavailable)
      }
    }
    router.get("/metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: MetricsText.mediaType],
        body: ResponseBody(
          byteBuffer: ByteBuffer(string: await metrics.text(of: store, version: configuration.version))))
    }
  }
}
