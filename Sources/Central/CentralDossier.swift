import CentralStore
import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

/// Makes dossiers of what the centre holds, files among it. Those that have not come yet, or were let go, are said to be left
/// out.
struct CentralDossier: Sendable {
  let store: any CentralStore
  let now: @Sendable () -> Instant

  private static let leftOut = "not kept by the centre"
  /// The most bytes of files in one dossier, so that it stays well below what a zip file holds.
  private static let mostFileBytes = 1 << 29
  private static let page = 1000

  /// The dossier of an asset, an order or a period, verified before it is given away. Throws a ``Problem`` where there is
  /// none.
  func make(_ query: EvidenceQuery) async throws -> [UInt8] { try await make(of: try await subject(of: query)) }

  /// The dossier of a subject, as above.
  func make(of subject: DossierManifest.Subject) async throws -> [UInt8] {
    var events: [PlacedEntry] = []
    for asset in try await assets(of: subject) {
      for id in try await ids(of: asset) {
        events += try await store.entries(about: id).compactMap { try PlacedEntry($0) }
      }
      guard events.count <= DossierPlan.maximumEntries else { throw Problem.tooMany(events.count) }
    }
    guard !events.isEmpty else { throw Problem.notHere("event about \(subject)") }
    let statements = try await statements()
    // Read last, so that it covers all of them.
    let head = try await store.head()
    let plan: DossierPlan
    do {
      plan = try DossierPlan(
        subject: subject, checkpoint: head.note, events: events,
        statements: try statements.compactMap { try PlacedEntry($0) })
    } catch let error as DossierPlan.TooMany {
      throw Problem.tooMany(error.entries)
    }
    var tiles = TileSet(size: head.checkpoint.size)
    for tile in try plan.tiles {
      guard let bytes = try await store.tile(level: tile.level, index: tile.index) else {
        throw CentralFault.damaged(reason: "the log lacks \(LogPath.tile(tile))")
      }
      try tiles.insert(tile, bytes: bytes)
    }
    let dossier = try plan.dossier(
      tiles: tiles, files: try await files(plan.files), reason: Self.leftOut, madeAt: now())
    let report = Dossier.verify(bytes: dossier, key: store.logKey)
    if let failure = report.failures.first { throw Problem.unprovable(subject, failure) }
    return dossier
  }

  /// The files that are whole here.
  private func files(_ digests: [String]) async throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    var total = 0
    for digest in digests {
      guard let blob = try await store.blob(digest), blob.completedAt != nil, blob.droppedAt == nil,
        total + blob.length <= Self.mostFileBytes
      else { continue }
      let bytes = try await store.blobBytes(digest, from: 0, limit: blob.length)
      guard bytes.count == blob.length else { continue }
      files[digest] = bytes
      total += bytes.count
    }
    return files
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

  private func subject(of query: EvidenceQuery) async throws -> DossierManifest.Subject {
    if let text = query.asset { return .asset(try await asset(named: text)) }
    if let order = query.order { return .order(order) }
    return .period(from: query.period.from ?? Instant(milliseconds: 0), to: query.period.to ?? now())
  }

  /// An asset's ids, also those under which it was received besides.
  private func ids(of asset: AssetID) async throws -> [AssetID] {
    try await store.asset(asset).map { Set([asset, $0.id] + ($0.aliases ?? [])).sorted() } ?? [asset]
  }

  /// The assets that a subject concerns, in the order in which the log first names them: one reading of the log.
  private func assets(of subject: DossierManifest.Subject) async throws -> [AssetID] {
    if case .asset(let asset) = subject { return [asset] }
    var found: [AssetID] = []
    var known: Set<AssetID> = []
    var after: Int64 = -1
    while true {
      let page = try await store.entries(after: after, limit: Self.page, bytes: 1 << 20)
      guard let last = page.last else { return found }
      for entry in page {
        let event = entry.bytes.dropFirst(LedgerEntry.signatureLength)
        guard subject.isAbout(event: event), let asset = assetOfEvent(event), !known.contains(asset) else { continue }
        known.formUnion(try await ids(of: asset))
        found.append(asset)
      }
      after = last.index
    }
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
  fileprivate static func unprovable(_ subject: DossierManifest.Subject, _ failure: EvidenceFailure) -> Problem {
    Problem(
      status: 409, code: "log.dossier.\(failure.check.rawValue)", title: "No dossier can be made",
      detail: "What the log holds of \(subject) does not verify: \(failure).",
      remedy: "Look at the asset's exceptions; a dossier would be refused by whoever verifies it.")
  }

  fileprivate static func tooMany(_ entries: Int) -> Problem {
    Problem(
      status: 409, code: "log.dossier.tooMany", title: "Too much for a dossier",
      detail: "\(entries) entries are more than a dossier takes, which is \(DossierPlan.maximumEntries).",
      remedy: "Ask for a shorter period, or give the whole log: custody central export-log.")
  }
}
