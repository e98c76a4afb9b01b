import Custody
import CustodyLedger
import Foundation
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

extension StationDossier {
  /// The field in which the socket says how many events are pending.
  public static let pendingFieldName = "Custody-Pending"
}

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
    /// Events that are not in it, for the centre is not known to hold them yet.
    public let pending: Int
  }

  /// What the station holds of a subject.
  private struct Held {
    var entries: [(index: Int64, bytes: [UInt8])] = []
    var pending = 0
  }

  private static let page = 500

  private let store: StationStore
  private let client: CentralClient?

  /// Dossiers of a station's store. Without a centre there is none.
  public init(
    store: StationStore, centre: String?, token: String?, trust: CentreTrust = .system
  ) async throws {
    self.store = store
    client = try await store.centralClient(at: centre, token: token, trusting: trust)
  }

  /// The dossier of an asset, an order or a period. Throws ``Refused``, or what is broken.
  public func make(_ query: EvidenceQuery) async throws -> Made {
    guard let client else {
      throw Refused(
        code: "dossier.centre", description: "This station has no centre, whose log would prove its entries.",
        remedy: "Set centre.url and centre.token.")
    }
    let subject = try await subject(of: query)
    let held = try await held(of: subject, client)
    let (statements, key, before) = try await store.read { snapshot in
      (try snapshot.statements(), try snapshot.logKey(), try snapshot.treeHead()?.checkpoint)
    }
    guard let key, !held.entries.isEmpty else {
      throw Refused(
        code: held.pending > 0 ? "dossier.pending" : "dossier.nothing",
        description: held.pending > 0
          ? "The centre holds nothing about \(subject) yet." : "The station knows no event about \(subject).",
        remedy: held.pending > 0
          ? "Wait until the station has sent what is pending." : "Check what you asked for; the centre may know more.")
    }
    let made: Made
    do {
      made = try await make(of: subject, held, statements, client, LogWatch(key: key, head: before))
    } catch let distrust as LogDistrust {
      throw Refused(code: distrust.code, description: distrust.description, remedy: distrust.remedy)
    } catch let error as SyncError {
      throw Refused(code: error.code, description: error.description, remedy: error.remedy)
    } catch let error as DossierPlan.TooMany {
      throw Self.tooMany(error.entries)
    }
    if let failure = Dossier.verify(bytes: made.bytes, key: key).failures.first {
      throw Refused(
        code: "dossier.\(failure.check.rawValue)", description: "The evidence does not verify: \(failure).",
        remedy: "Look at the asset's events at the centre; a dossier would be refused by whoever verifies it.")
    }
    return made
  }

  private func make(
    of subject: DossierManifest.Subject, _ held: Held, _ statements: [(logIndex: Int64, bytes: [UInt8])],
    _ client: CentralClient, _ known: LogWatch
  ) async throws -> Made {
    var watch = known
    guard let note = try await client.log(.checkpoint) else { throw LogDistrust.noLog }
    let head = try watch.read(note)
    let plan = try DossierPlan(
      subject: subject, checkpoint: note,
      events: try held.entries.compactMap { try PlacedEntry(index: $0.index, bytes: $0.bytes) },
      statements: try statements.compactMap { try PlacedEntry(index: $0.logIndex, bytes: $0.bytes) },
      pending: held.pending)
    let wanted = Set(try plan.tiles).union(try watch.tilesNeeded(for: head, indexes: []))
    let tiles = try await client.tiles(Array(wanted), ofSize: head.size)
    try watch.take(head, with: tiles)
    var files: [String: [UInt8]] = [:]
    var salts: [String: [UInt8]] = [:]
    for digest in plan.files {
      guard let blob = try await store.blob(digest) else { continue }
      files[digest] = Array(blob.bytes)
      salts[digest] = try await store.salt(ofBlob: digest)
    }
    let bytes = try plan.dossier(
      tiles: tiles, files: files, salts: salts, reason: "not kept by the station that made the dossier",
      madeAt: store.clock.now())
    return Made(bytes: bytes, pending: plan.pending)
  }

  private func held(of subject: DossierManifest.Subject, _ client: CentralClient) async throws -> Held {
    var held = Held()
    for asset in try await assets(of: subject) {
      // Of a station that began with a snapshot, the centre has what came before.
      do {
        _ = try await AssetHistoryFetch(store: store, client: client).run(asset)
      } catch let distrust as LogDistrust {
        throw Refused(code: distrust.code, description: distrust.description, remedy: distrust.remedy)
      } catch let error as SyncError {
        throw Refused(code: error.code, description: error.description, remedy: error.remedy)
      }
      let entries = try await store.read { snapshot in
        try snapshot.ids(of: asset).flatMap { try snapshot.placedEntries(of: $0) }
      }
      for entry in entries {
        if let index = entry.logIndex {
          held.entries.append((index, entry.bytes))
        } else if isWanted(entry.bytes, by: subject) {
          held.pending += 1
        }
      }
      guard held.entries.count <= DossierPlan.maximumEntries else { throw Self.tooMany(held.entries.count) }
    }
    return held
  }

  /// Of a period, an event that happened outside it is no loss.
  private func isWanted(_ entry: [UInt8], by subject: DossierManifest.Subject) -> Bool {
    guard case .period = subject else { return true }
    return subject.isAbout(event: entry[LedgerEntry.signatureLength...])
  }

  private func assets(of subject: DossierManifest.Subject) async throws -> [AssetID] {
    if case .asset(let asset) = subject { return [asset] }
    var found: [AssetID] = []
    var known: Set<AssetID> = []
    var arrival: Int64 = 0
    while true {
      let after = arrival
      let page = try await store.read { try $0.eventBytes(after: after, limit: Self.page) }
      for (_, event) in page where subject.isAbout(event: event[...]) {
        guard let asset = assetOfEvent(event[...]) else { continue }
        let canonical = try await store.read { try $0.ids(of: asset)[0] }
        if known.insert(canonical).inserted { found.append(canonical) }
      }
      guard page.count == Self.page, let last = page.last else { return found }
      arrival = last.arrival
    }
  }

  private func subject(of query: EvidenceQuery) async throws -> DossierManifest.Subject {
    if let text = query.asset { return .asset(try await store.read { try $0.assetOfEvidence(named: text) }) }
    if let order = query.order { return .order(order) }
    return .period(
      from: query.period.from ?? Instant(milliseconds: 0), to: query.period.to ?? store.clock.now())
  }

  private static func tooMany(_ entries: Int) -> Refused {
    Refused(
      code: "dossier.tooMany",
      description: "\(entries) entries are more than a dossier takes, which is \(DossierPlan.maximumEntries).",
      remedy: "Ask for a shorter period, or give the whole log: custody central export-log.")
  }
}

extension StoreReading {
  /// The asset that an id or a mark names. Throws ``StationDossier/Refused`` for none, and for more than one.
  func assetOfEvidence(named text: String) throws -> AssetID {
    if let id = AssetID(text) { return try ids(of: id)[0] }
    let found = try assets(matching: text, limit: 50).filter { asset in
      asset.identifiers.contains { $0.value == text }
    }
    guard let asset = found.first, found.count == 1 else {
      throw StationDossier.Refused(
        code: "dossier.asset",
        description: found.isEmpty ? "There is no asset '\(text)'." : "\(found.count) assets are marked '\(text)'.",
        remedy: "Give the asset's id, as its page shows it.")
    }
    return asset.id
  }
}
