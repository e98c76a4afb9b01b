import Foundation

/// Labels sent to a printer of a running station, watched until they are out.
struct LabelOnPrinter {
  let printer: String
  let station: StationSocket
  /// Seconds without any progress after which it is not watched any longer; the labels wait on.
  let patience: Int

  private struct Request: Encodable {
    let template: String
    let printer: String
    let copies: Int
    let rows: [[String: String]]?
    let fields: [String: String]
    let lists: [String: [[String: String]]]
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

  /// Orders the labels, and tells how far they are until they have ended.
  func print(
    _ template: String, fields: [String: String], lists: [String: [[String: String]]], rows: [[String: String]]?,
    copies: Int, _ bar: ProgressBar
  ) async throws -> Progress {
    let body = try StationSocket.body(
      Request(template: template, printer: printer, copies: copies, rows: rows, fields: fields, lists: lists))
    let (ordered, _) = try await station.value(Ordered.self, "/local/labels", body: body)
    var (progress, _) = try await station.value(Progress.self, "/local/label-batches/\(ordered.batch)")
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
      (progress, _) = try await station.value(Progress.self, "/local/label-batches/\(ordered.batch)")
    }
    bar.end()
    return progress
  }

  /// Why not all of it was printed, and how the command ends.
  func ending(_ progress: Progress) async throws -> Ending? {
    guard progress.printed < progress.total else { return nil }
    let (all, _) = try await station.value([StationPrinterLine].self, "/local/printers")
    let state = all.first { $0.name == printer }
    var parts: [String] = []
    if progress.queued + progress.sending > 0 { parts.append("\(progress.queued + progress.sending) still wait") }
    if progress.unknown > 0 { parts.append("of \(progress.unknown) nobody knows") }
    if progress.failed > 0 { parts.append("\(progress.failed) were not printed") }
    if progress.cancelled > 0 { parts.append("\(progress.cancelled) were called off") }
    return Ending(
      1, "\(progress.printed) of \(progress.total) printed; \(parts.joined(separator: ", ")).",
      remedy: state.map { "\(printer): \($0.words). \($0.remedy ?? "They are printed as soon as it can.")" })
  }
}
