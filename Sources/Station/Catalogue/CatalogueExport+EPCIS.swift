import Custody
import EPCIS
import StationStore
import TamperEvidence

extension CatalogueExport {
  /// Writes what a query asks for as an EPCIS 2.0 document. Gives back how many. Throws ``StationDossier/Refused`` for an
  /// asset that is not known.
  @discardableResult
  public func epcis(_ query: EvidenceQuery, to sink: Sink) async throws -> Int {
    try await epcis(of: try await asset(of: query), in: query.period, to: sink)
  }

  /// The asset that a query names, if it names one.
  func asset(of query: EvidenceQuery) async throws -> AssetID? {
    guard let text = query.asset else { return nil }
    return try await store.read { try $0.assetOfEvidence(named: text) }
  }

  /// Writes events as an EPCIS 2.0 document: those of one asset or of all, that happened in a period by their stations'
  /// clocks. Gives back how many.
  @discardableResult
  public func epcis(of asset: AssetID? = nil, in period: Period = .always, to sink: Sink) async throws -> Int {
    var document = EPCISDocument()
    try await sink(document.opening(createdAt: store.clock.now()))
    var count = 0
    var last: AssetID?
    while true {
      let after = last
      let (histories, newest) = try await store.read { snapshot -> ([[EntryRow]], AssetID?) in
        if let asset { return ([try snapshot.entries(of: asset)], nil) }
        let assets = try snapshot.assets(after: after, limit: Self.page)
        return (try assets.map { try snapshot.entries(of: $0.id) }, assets.last?.id)
      }
      var bytes: [UInt8] = []
      for rows in histories {
        for viewed in try EPCISHistory(rows.map(EPCISHistory.Recorded.init)).events
        where period.contains(viewed.source.wallClock) {
          bytes += document.next(viewed.event)
          count += 1
        }
      }
      try await sink(bytes)
      guard let newest else { break }
      last = newest
    }
    try await sink(document.closing)
    return count
  }
}

extension EPCISHistory.Recorded {
  fileprivate init(_ row: EntryRow) throws {
    guard let entry = EntryHash(hex: row.hash) else {
      throw StoreFault.damaged(reason: "the hash of event \(row.event.eventID) is none")
    }
    self.init(event: row.event, entry: entry)
  }
}
