import CentralStore
import Custody
import EPCIS

/// Writes what the centre holds as EPCIS 2.0 documents. What counts for nothing, because it is quarantined, or of a type that
/// this program does not know, is left out.
struct CentralEPCIS: Sendable {
  let store: any CentralStore
  let now: @Sendable () -> Instant

  private static let page = 200

  /// Events of one asset or of all, that happened in a period by their stations' clocks.
  func write(
    of asset: AssetID?, in period: Period, to sink: (_ bytes: [UInt8]) async throws -> Void
  ) async throws {
    var document = EPCISDocument()
    try await sink(document.opening(createdAt: now()))
    var last: AssetID?
    while true {
      let assets: [[AssetID]]
      if let asset {
        assets = [Self.ids(asset, try await store.asset(asset))]
      } else {
        let page = try await store.assets(AssetQuery(after: last, limit: Self.page))
        last = page.last?.id
        assets = page.map { Self.ids($0.id, $0) }
      }
      for ids in assets {
        var recorded: [EPCISHistory.Recorded] = []
        for id in ids {
          for entry in try await store.entries(about: id) where entry.status == .applied || entry.status == .contested {
            if let event = entry.content.event { recorded.append(.init(event: event, entry: entry.hash)) }
          }
        }
        var bytes: [UInt8] = []
        for viewed in EPCISHistory(recorded).events where period.contains(viewed.source.wallClock) {
          bytes += document.next(viewed.event)
        }
        if !bytes.isEmpty { try await sink(bytes) }
      }
      if asset != nil || assets.count < Self.page { break }
    }
    try await sink(document.closing)
  }

  /// An asset with the ids under which it was received besides.
  private static func ids(_ asked: AssetID, _ asset: Asset?) -> [AssetID] {
    asset.map { [$0.id] + ($0.aliases ?? []) } ?? [asked]
  }
}
