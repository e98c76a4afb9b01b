import Custody
import CustodyLedger
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

/// Fetches the events about an asset that are older than this station's ledger, which began with a snapshot. Each is taken only
/// with a good signature and with a proof that the centre's log holds it; the asset is then made anew from them.
struct AssetHistoryFetch: Sendable {
  let store: StationStore
  let client: CentralClient

  /// Assets whose histories one asset may need besides its own: those that are taken for the same thing.
  private static let mostTogether = 64

  /// Fetches what is missing. Gives back the assets of which the snapshot had said something else than their events do. Throws
  /// ``SyncError``, `LogDistrust`.
  func run(_ id: AssetID) async throws -> [AssetID] {
    guard try await store.read({ try !$0.isWhole(id) }) else { return [] }
    var wanted = [id]
    var histories: [AssetID: [HeldEntry]] = [:]
    while true {
      for asset in wanted where histories[asset] == nil { histories[asset] = try await proved(asset) }
      let known = histories
      do {
        return try await store.write { try $0.takeHistories(known) }
      } catch StoreFault.historyAtCentre(let other) where histories[other] == nil && histories.count < Self.mostTogether
      {
        wanted.append(other)
      }
    }
  }

  private func proved(_ id: AssetID) async throws -> [HeldEntry] {
    let (key, before, statements, begins) = try await store.read {
      (try $0.logKey(), try $0.treeHead()?.checkpoint, try $0.statements(), try $0.ledgerBegins() ?? 0)
    }
    // What came since is pulled, with the statements of the keys that signed it.
    let pulled = try await client.history(of: id).filter { $0.logIndex < begins }
    guard !pulled.isEmpty else { return [] }
    guard let key, let note = try await client.log(.checkpoint) else { throw LogDistrust.noLog }
    var watch = LogWatch(key: key, head: before)
    let head = try watch.read(note)
    let indexes = try pulled.map { entry throws(LogDistrust) -> UInt64 in
      guard let index = UInt64(exactly: entry.logIndex) else {
        throw .notIncluded(index: 0, size: head.size, because: "\(entry.logIndex) is no index")
      }
      return index
    }
    let tiles = try await client.tiles(try watch.tilesNeeded(for: head, indexes: indexes), ofSize: head.size)
    try watch.take(head, with: tiles)
    let history = KeyHistory(authority: key, statements: try statements.map { try UnverifiedEntry(bytes: $0.bytes) })
    return try zip(pulled, indexes).map { pulled, index in
      _ = try LogWatch.proof(of: .leaf(pulled.entry), at: index, in: head, with: tiles)
      let entry = try UnverifiedEntry(bytes: pulled.entry)
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: entry.entry.event)
      let judgement = history.judgement(
        of: pulled.station, at: ChainPlace(epoch: header.epoch, seq: header.seq))
      guard "\(header.site)/\(header.station)" == pulled.station, let signer = judgement.key,
        let good = entry.verify(with: signer)
      else {
        throw LogDistrust.notIncluded(index: index, size: head.size, because: "its signature does not verify")
      }
      return HeldEntry(logIndex: pulled.logIndex, entry: good, doubt: KeyDoubt(judgement, of: pulled.station))
    }
  }
}

extension StationCore {
  /// Fetches the earlier events of an asset, for somebody who looks at it; false when they are at the centre and cannot be
  /// fetched now, as when the network is down.
  func completeHistory(of asset: AssetID) async throws -> Bool {
    if try await store.read({ try $0.isWhole(asset) }) { return true }
    do {
      let found = try await store.centralClient(
        at: options.centre, token: options.centreToken, trusting: options.centreTrust,
        timeouts: .init(request: .seconds(5)))
      guard let client = found else { return false }
      for id in try await AssetHistoryFetch(store: store, client: client).run(asset) {
        logger.error(
          "the snapshot said something else of an asset than its events",
          metadata: ["asset": "\(id)", "remedy": "The events count. Tell the auditor: the centre signed the snapshot."])
      }
      return true
    } catch let error where error is SyncError || error is LogDistrust {
      logger.notice("earlier events were not fetched", metadata: ["asset": "\(asset)", "error": "\(error)"])
      return false
    }
  }
}
