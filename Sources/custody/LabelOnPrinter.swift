import Foundation

/// Labels sent to a printer of a running station, watched until they are out.
struct LabelOnPrinter {
  let station: StationSocket
  /// Seconds without any progress after which it is not watched any longer; the labels wait on.
  let patience: Int

  /// What is asked of the station.
  struct Request: Encodable {
    let template: String
    var printer: String?
    var copies = 1
    /// Assets, each by any of its marks.
    var marks: [String]?
    /// Values of a label each; beside marks, what each says in place of what is known of it.
    var rows: [[String: String]]?
    var fields: [String: String] = [:]
    var lists: [String: [[String: String]]] = [:]
    var purpose: String?
    var reason: String?
    var newTag: Bool?
    var encodesTag: Bool?
    /// Whether the station's desk waits for each of them to be scanned.
    var scanBack: Bool?
  }

  private struct Ordered: Decodable {
    let batch: String
    let jobs: [String]
  }

  struct Progress: Codable {
    let id: String
    let total: Int
    let queued: Int
    let sending: Int
    let printed: Int
    let unknown: Int
    let failed: Int
    let cancelled: Int
    let held: Int
    let perMinute: Int?
    let secondsLeft: Int?

    var ended: Int { total - queued - sending }
  }

  /// One of the labels, as far as commands tell of it.
  struct Label: Decodable {
    let printer: String
    let state: String
    let name: String
    let words: String?
    let remedy: String?
  }

  /// Has the labels kept by the station; gives back their batch. From here on they are printed, whatever becomes of this command.
  func order(_ request: Request, by signIn: OperatorSignIn?) async throws -> String {
    let body = try StationSocket.body(request)
    return try await station.value(Ordered.self, "/local/labels", body: body, token: signIn?.token).0.batch
  }

  /// Tells how far a batch is until it has ended, or makes no progress any more. An answer that somebody must give first is none.
  func watch(_ batch: String, _ bar: ProgressBar) async throws -> Progress {
    let path = "/local/label-batches/\(batch)"
    defer { bar.end() }
    var (progress, _) = try await station.value(Progress.self, path)
    var seen = -1
    var quiet = ContinuousClock.now
    while progress.ended < progress.total {
      if progress.ended != seen { (seen, quiet) = (progress.ended, .now) }
      if ContinuousClock.now - quiet > .seconds(patience) { break }
      var phase = "labels"
      if let rate = progress.perMinute { phase = "\(rate) a minute" }
      if let left = progress.secondsLeft { phase += ", \(left) s left:" }
      bar.show(phase, progress.ended, of: progress.total)
      try await Task.sleep(for: .milliseconds(200))
      (progress, _) = try await station.value(Progress.self, path)
    }
    return progress
  }

  /// The labels of a batch, in their order; and as JSON.
  func labels(of batch: String) async throws -> ([Label], json: String) {
    try await station.value([Label].self, "/local/label-batches/\(batch)/labels")
  }

  /// Why not all of it was printed, and how the command ends.
  func ending(_ progress: Progress, _ labels: [Label]) async throws -> Ending? {
    guard progress.printed < progress.total else { return nil }
    var parts: [String] = []
    if progress.queued + progress.sending > 0 { parts.append("\(progress.queued + progress.sending) still wait") }
    if progress.unknown > 0 { parts.append("of \(progress.unknown) nobody knows") }
    if progress.failed > 0 { parts.append("\(progress.failed) were not printed") }
    if progress.cancelled > 0 { parts.append("\(progress.cancelled) were called off") }
    let open = Set(labels.filter { $0.state != "printed" && $0.state != "cancelled" }.map(\.printer))
    let (all, _) = try await station.value([StationPrinterLine].self, "/local/printers")
    let states = all.filter { open.contains($0.name) }.map { printer in
      // A label that asks tells more than its printer does.
      let asks = labels.first { $0.printer == printer.name && $0.state == "unknown" }
      let words = asks.flatMap(\.words) ?? printer.words + "."
      let remedy = (asks ?? nil).map { $0.remedy ?? "" } ?? printer.remedy
      return "\(printer.name): \(words) \(remedy ?? "They are printed as soon as it can.")"
    }
    return Ending(
      1, "\(progress.printed) of \(progress.total) printed; \(parts.joined(separator: ", ")).",
      remedy: states.isEmpty ? nil : states.joined(separator: "\n"))
  }
}
