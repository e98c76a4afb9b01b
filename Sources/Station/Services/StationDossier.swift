import Custody
import CustodyLedger
import Foundation
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

/// Makes dossiers at a station: of the entries that it holds itself, of its files, and of proofs that the centre's log gives.
/// The centre is believed nothing: what it gives is verified before the dossier is given away.
public struct StationDossier: Sendable {
  /// Why there is no dossier.
  public struct Refused: Error, Sendable, CustomStringConvertible {
    public let code: String
    /// One sentence.
    public let description: String
    public let remedy: String
  }

  /// A dossier.
  public struct Made: Sendable {
    public let bytes: [UInt8]
    /// Events of the asset that are not in it, for the centre is not known to hold them yet.
    public let pending: Int
  }

  private let store: StationStore
  private let client: CentralClient?

  /// Dossiers of a station's store. Without a centre there is none.
  public init(store: StationStore, centre: String?, token: String?) throws {
    self.store = store
    client = try centre.map { try CentralClient(base: $0, token: token ?? "") }
  }

  /// The dossier of the asset that an id or a mark names. Throws ``Refused``, or what is broken.
  public func make(of text: String) async throws -> Made {
    guard let client else {
      throw Refused(
        code: "dossier.centre", description: "This station has no centre, whose log would prove its entries.",
        remedy: "Set centre.url and centre.token.")
    }
    let asset = try await asset(named: text)
    let (entries, statements, key, before) = try await store.read { snapshot in
      (
        try snapshot.placedEntries(of: asset), try snapshot.statements(), try snapshot.logKey(),
        try snapshot.treeHead()?.checkpoint
      )
    }
    let held = entries.compactMap { entry in entry.logIndex.map { ($0, entry.bytes) } }
    guard let key, !held.isEmpty else {
      throw Refused(
        code: "dossier.pending", description: "The centre holds nothing about asset \(asset) yet.",
        remedy: "Wait until the station has sent what is pending.")
    }
    let dossier: [UInt8]
    do {
      dossier = try await make(of: asset, held, statements, client, LogWatch(key: key, head: before))
    } catch let distrust as LogDistrust {
      throw Refused(code: distrust.code, description: distrust.description, remedy: distrust.remedy)
    } catch let error as SyncError {
      throw Refused(code: error.code, description: error.description, remedy: error.remedy)
    }
    if let failure = Dossier.verify(bytes: dossier, key: key).failures.first {
      throw Refused(
        code: "dossier.\(failure.check.rawValue)", description: "The evidence does not verify: \(failure).",
        remedy: "Look at the asset's events at the centre; a dossier would be refused by whoever verifies it.")
    }
    return Made(bytes: dossier, pending: entries.count - held.count)
  }

  private func make(
    of asset: AssetID, _ held: [(Int64, [UInt8])], _ statements: [(logIndex: Int64, bytes: [UInt8])],
    _ client: CentralClient, _ known: LogWatch
  ) async throws -> [UInt8] {
    var watch = known
    guard let note = try await client.log(.checkpoint) else { throw LogDistrust.noLog }
    let head = try watch.read(note)
    let plan = try DossierPlan(
      subject: .asset(asset), checkpoint: note, events: try held.compactMap { try PlacedEntry(index: $0, bytes: $1) },
      statements: try statements.compactMap { try PlacedEntry(index: $0.logIndex, bytes: $0.bytes) })
    let wanted = Set(try plan.tiles).union(try watch.tilesNeeded(for: head, indexes: []))
    let tiles = try await client.tiles(Array(wanted), ofSize: head.size)
    try watch.take(head, with: tiles)
    var files: [String: [UInt8]] = [:]
    for digest in plan.files {
      if let blob = try await store.blob(digest) { files[digest] = Array(blob.bytes) }
    }
    return try plan.dossier(
      tiles: tiles, files: files, reason: "not kept by the station that made the dossier", madeAt: store.clock.now())
  }

  private func asset(named text: String) async throws -> AssetID {
    if let id = AssetID(text) { return id }
    let found = try await store.read { snapshot in
      try snapshot.assets(matching: text, limit: 50).filter { asset in
        asset.identifiers.contains { $0.value == text }
      }
    }
    guard let asset = found.first, found.count == 1 else {
      throw Refused(
        code: "dossier.asset",
        description: found.isEmpty ? "There is no asset '\(text)'." : "\(found.count) assets are marked '\(text)'.",
        remedy: "Give the asset's id, as its page shows it.")
    }
    return asset.id
  }
}
