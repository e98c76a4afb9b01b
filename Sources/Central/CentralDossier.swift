import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

/// Makes dossiers of what the centre holds. Files stay with the stations that recorded them, and are said to be left out.
struct CentralDossier: Sendable {
  let store: any CentralStore
  let now: @Sendable () -> Instant

  private static let leftOut = "kept by the station that recorded it"
  private static let page = 1000

  /// The dossier of an asset, verified before it is given away. Throws a ``Problem`` where there is none.
  func make(of asset: AssetID) async throws -> [UInt8] {
    let events = try await store.entries(about: asset)
    guard !events.isEmpty else { throw Problem.notHere("asset \(asset)") }
    let statements = try await statements()
    // Read last, so that it covers all of them.
    let head = try await store.head()
    let plan = try DossierPlan(
      subject: .asset(asset), checkpoint: head.note, events: try events.compactMap { try PlacedEntry($0) },
      statements: try statements.compactMap { try PlacedEntry($0) })
    var tiles = TileSet(size: head.checkpoint.size)
    for tile in try plan.tiles {
      guard let bytes = try await store.tile(level: tile.level, index: tile.index) else {
        throw CentralFault.damaged(reason: "the log lacks \(LogPath.tile(tile))")
      }
      try tiles.insert(tile, bytes: bytes)
    }
    let dossier = try plan.dossier(tiles: tiles, files: [:], reason: Self.leftOut, madeAt: now())
    let report = Dossier.verify(bytes: dossier, key: store.logKey)
    if let failure = report.failures.first { throw Problem.unprovable(asset, failure) }
    return dossier
  }

  /// The asset that an id or a mark names. Throws a ``Problem`` for none, and for more than one.
  func asset(named text: String) async throws -> AssetID {
    if let id = AssetID(text) { return id }
    let found = try await store.assets(AssetQuery(text: text, limit: 50)).filter { asset in
      asset.identifiers.contains { $0.value == text }
    }
    guard let asset = found.first, found.count == 1 else {
      throw Problem.notHere(
        found.isEmpty ? "asset '\(text)'" : "single asset '\(text)', but \(found.count); give its id")
    }
    return asset.id
  }

  private func statements() async throws -> [LogEntry] {
    var statements: [LogEntry] = []
    var before = Int64.max
    while true {
      let page = try await store.entries(before: before, status: [.stated, .unsupported], limit: Self.page)
      statements += page.filter { if case .statement = $0.content { true } else { false } }
      guard page.count == Self.page, let last = page.last else { return statements }
      before = last.index
    }
  }
}

extension PlacedEntry {
  fileprivate init?(_ entry: LogEntry) throws { try self.init(index: entry.index, bytes: entry.bytes) }
}

extension Problem {
  fileprivate static func unprovable(_ asset: AssetID, _ failure: EvidenceFailure) -> Problem {
    Problem(
      status: 409, code: "log.dossier.\(failure.check.rawValue)", title: "No dossier can be made",
      detail: "What the log holds of asset \(asset) does not verify: \(failure).",
      remedy: "Look at the asset's exceptions; a dossier would be refused by whoever verifies it.")
  }
}
