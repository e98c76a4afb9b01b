import Custody
import StationStore
import StockCounting

/// The lines of a count as CSV, read page by page.
struct CountExport: Sendable {
  private let store: StationStore
  private let count: StoredCount
  private static let portion = 500

  init(_ store: StationStore, _ count: StoredCount) {
    self.store = store
    self.count = count
  }

  /// Writes everything, portion by portion.
  func write(_ sink: (_ bytes: [UInt8]) async throws -> Void) async throws {
    var csv = CSVWriter()
    csv.append([
      "result", "provisional", "asset", "tag", "serial", "code", "recordedState", "recordedLocation", "seenLocation",
      "seenAt", "means", "observations", "marks", "acceptedAt", "acceptedBy", "event",
    ])
    var last: StoredCountLine?
    while true {
      let (count, after) = (count, last)
      let (rows, end) = try await store.read { snapshot -> ([[String?]], StoredCountLine?) in
        let lines = try snapshot.countLines(of: count.id, after: after, limit: Self.portion)
        return (try lines.map { try Self.row($0, in: snapshot) }, lines.last)
      }
      for row in rows { csv.append(row) }
      try await sink(csv.take())
      guard let end else { return }
      last = end
    }
  }

  private static func row(_ stored: StoredCountLine, in snapshot: some StoreReading) throws -> [String?] {
    let line = stored.line
    var (id, asset, code): (AssetID?, Asset?, String?) = (nil, nil, nil)
    switch line.subject {
    case .asset(let subject): (id, asset) = (subject, try snapshot.asset(subject))
    case .code(let text): code = text
    }
    return [
      line.result.rawValue, line.isProvisional ? "yes" : "no", id?.description, asset?.tag, asset?.serial, code,
      line.recorded?.state.rawValue, line.recorded?.location?.text, line.sighting?.place?.text,
      line.sighting?.at.description, line.sighting?.means.rawValue, String(line.observations),
      line.marks.isEmpty ? nil : line.marks.joined(separator: " "), stored.accepted?.at.description,
      stored.accepted?.by.description, stored.accepted?.event?.description,
    ]
  }
}
