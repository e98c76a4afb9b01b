import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// Something in a station's store that is not as it was written.
public struct StoreFinding: Hashable, Sendable, Codable {
  /// What it is about: `entry`, `asset` or `database`.
  public let part: String
  /// Name of the chain, and the entry's place in it, as the store has them; nil for what is no entry.
  public let station: String?
  public let epoch: Int?
  public let seq: Int?
  public let eventID: String?
  /// The asset's id as the store has it, and the tag or serial number that it is known by.
  public let asset: String?
  public let tag: String?
  /// What disagrees, one sentence.
  public let sentence: String
}

extension StoreFinding: CustomStringConvertible {
  /// Place and sentence, on one line.
  public var description: String {
    var place: [String] = []
    if let station, let epoch, let seq { place.append("entry \(seq) of \(station), epoch \(epoch)") }
    if let eventID { place.append("event \(eventID)") }
    if let asset { place.append("asset " + (tag.map { "\($0) (\(asset))" } ?? asset)) }
    return (place.isEmpty ? part : place.joined(separator: ", ")) + ": " + sentence
  }
}

/// What a whole reading of a station's store came to.
public struct StoreCheck: Sendable {
  /// Most findings that are kept; all are counted.
  public static let mostFindings = 1000
  /// Entries that are read in one go: what is recorded meanwhile does not wait for more.
  private static let portion = 2000

  public private(set) var findings: [StoreFinding] = []
  public private(set) var findingCount = 0
  /// Entries that are events of assets: the station's own and those of others.
  public private(set) var entries = 0
  /// Those of them that are the station's own.
  public private(set) var ownEntries = 0
  public private(set) var assets = 0
  /// The station's own entries that are about no asset, such as closings of sessions, by their kind. They stand in its chain as
  /// events do: with ``ownEntries`` they are the whole of it.
  public internal(set) var statementKinds: [String: Int] = [:]
  /// Hashes of those.
  private var statements: [ChainPlace: EntryHash] = [:]
  /// Whether the ledger goes back to the log's first entry.
  private var isWhole = true
  /// Entries of other stations whose key this station has no statement of: their hashes are checked, not their signatures.
  public internal(set) var unsigned = 0

  /// Reads all of a store back: every entry against its hash, its signature, its place in its chain and the columns that it is
  /// found by; every asset against its events. What is recorded meanwhile goes on.
  ///
  /// - Parameter progress: told how many entries and assets were read.
  public static func run(
    _ store: StationStore, progress: @Sendable (_ entries: Int, _ assets: Int) async throws -> Void = { _, _ in }
  ) async throws -> StoreCheck {
    var check = StoreCheck()
    for line in try await store.read({ try String.fetchAll($0.db, sql: "PRAGMA quick_check(20)") }) where line != "ok" {
      check.add("database", "SQLite finds its file damaged: \(line)")
    }
    var keys = try await StationKeys(of: store)
    for statement in try await store.read({ try StoredStatement.fetch($0.db) }) {
      check.statements[statement.place] = EntryHash(of: statement.bytes)
      check.take(statement, keys, own: store.identity.keyName)
    }
    check.isWhole = try await store.read { try $0.ledgerBegins() } == nil
    var after: (station: String, epoch: Int, seq: Int) = ("", 0, 0)
    var before: (place: (String, Int, Int), hash: EntryHash)?
    while true {
      let (from, portion) = (after, Self.portion)
      let rows = try await store.read { try StoredEntry.fetch($0.db, after: from, limit: portion) }
      guard let last = rows.last else { break }
      for row in rows { check.take(row, &before, &keys, own: store.identity.keyName) }
      after = (last.station, last.epoch, last.seq)
      try await progress(check.entries, 0)
    }
    try await check.fold(store, progress)
    return check
  }

  private mutating func add(_ part: String, _ sentence: String, _ row: StoredEntry? = nil) {
    add(
      StoreFinding(
        part: part, station: row?.station, epoch: row?.epoch, seq: row?.seq, eventID: row?.eventID?.description,
        asset: row?.asset?.description, tag: row?.tag, sentence: sentence))
  }

  mutating func add(_ finding: StoreFinding) {
    findingCount += 1
    if findings.count < Self.mostFindings { findings.append(finding) }
  }

  private mutating func take(
    _ row: StoredEntry, _ before: inout (place: (String, Int, Int), hash: EntryHash)?, _ keys: inout StationKeys,
    own: String
  ) {
    entries += 1
    if row.station == own { ownEntries += 1 }
    let hash = EntryHash(of: row.bytes)
    let previous = before
    // What follows is judged by the hash that the entry had, so that one fault is told once.
    before = ((row.station, row.epoch, row.seq), EntryHash(bytes: row.hash) ?? hash)
    guard Data(hash.bytes) == row.hash else {
      return add(
        "entry", "its bytes do not have the hash that was stored with them: bytes or hash were changed.", row)
    }
    let event: CustodyEvent
    do {
      event = try CustodyEvent(entry: Data(row.bytes))
    } catch is UnsupportedEvent {
      return
    } catch {
      return add("entry", "it cannot be read: \(error)", row)
    }
    guard event.chainName == row.station, event.epoch == row.epoch, event.seq == row.seq,
      event.eventID == row.eventID, event.asset == row.asset, event.verb.rawValue == row.type
    else {
      return add("entry", "the columns by which it is found do not say what the signed event says.", row)
    }
    switch keys.verify(
      row.bytes, by: event.keyID, of: event.chainName, at: ChainPlace(epoch: event.epoch, seq: event.seq))
    {
    case true?: break
    case false?: return add("entry", "its signature is not that of its station's key.", row)
    case nil: unsigned += 1
    }
    guard event.seq > 1, row.station == own else { return }
    let follows =
      previous.flatMap { $0.place == (row.station, row.epoch, row.seq - 1) ? $0.hash : nil }
      ?? statements[ChainPlace(epoch: row.epoch, seq: row.seq - 1)]
    guard let follows else {
      // A station that began with a snapshot need not have the beginning of its chain.
      return isWhole ? add("entry", "the entry before it is not here.", row) : ()
    }
    if follows.description != event.prevHash {
      add("entry", "it does not follow the entry before it: that has another hash.", row)
    }
  }

  /// Folds every asset anew, and takes it back: what other than that the projection says was not made by the events.
  private mutating func fold(
    _ store: StationStore, _ progress: @Sendable (_ entries: Int, _ assets: Int) async throws -> Void
  ) async throws {
    var after = Data()
    while true {
      let from = after
      let ids = try await store.read {
        try Data.fetchAll(
          $0.db, sql: "SELECT DISTINCT asset FROM entry WHERE asset > ? ORDER BY asset LIMIT 200", arguments: [from])
      }
      guard let last = ids.last else { return }
      let wrong = try await store.write { try $0.foldedOtherwise(ids) }
      for (id, tag, sentence) in wrong {
        findingCount += 1
        guard findings.count < Self.mostFindings else { continue }
        findings.append(
          StoreFinding(
            part: "asset", station: nil, epoch: nil, seq: nil, eventID: nil, asset: id.description, tag: tag,
            sentence: sentence))
      }
      assets += ids.count
      after = last
      try await progress(entries, assets)
    }
  }
}

/// A row of the ledger as it is stored, nothing of it believed.
private struct StoredEntry: Sendable {
  let station: String
  let epoch: Int
  let seq: Int
  let eventID: EventID?
  let asset: AssetID?
  let type: String
  let hash: Data
  let bytes: [UInt8]
  let tag: String?

  static func fetch(
    _ db: Database, after: (station: String, epoch: Int, seq: Int), limit: Int
  ) throws -> [StoredEntry] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT entry.*, coalesce(asset.tag, asset.serial) AS tag FROM entry LEFT JOIN asset ON asset.id = entry.asset
          WHERE (station, epoch, seq) > (?, ?, ?) ORDER BY station, epoch, seq LIMIT ?
          """), arguments: [after.station, after.epoch, after.seq, limit]
    ).map { row in
      let bytes: Data = row["bytes"]
      return StoredEntry(
        station: row["station"], epoch: row["epoch"], seq: row["seq"], eventID: row["event_id"], asset: row["asset"],
        type: row["type"], hash: row["hash"], bytes: Array(bytes), tag: row["tag"])
    }
  }
}

/// By whose keys entries are checked: the station's own, and those that the centre's log states.
struct StationKeys {
  private let own: VerifierKey
  private let history: KeyHistory?

  init(of store: StationStore) async throws {
    own = store.verifierKey
    history = try await store.read { snapshot in
      try snapshot.logKey().map { key in
        KeyHistory(
          authority: key, statements: try snapshot.statements().map { try UnverifiedEntry(bytes: $0.bytes) })
      }
    }
  }

  /// Whether the entry is signed by the key that was good for it; nil where none is known.
  func verify(_ bytes: [UInt8], by keyID: String, of chain: String, at place: ChainPlace) -> Bool? {
    var key: VerifierKey?
    if keyID == own.keyID, chain == own.name { key = own }
    if key == nil {
      switch history?.judgement(of: chain, at: place) {
      case .key(let good)?, .revoked(let good, _)?, .closed(let good, _)?: key = good
      case .unknown?, nil: break
      }
    }
    guard let key else { return nil }
    do {
      return try UnverifiedEntry(bytes: bytes).verify(with: key) != nil
    } catch {
      return false
    }
  }
}

extension StoreTransaction {
  /// Of these assets those that their events make otherwise than the projection has them, with what is the matter. Changes nothing.
  fileprivate func foldedOtherwise(_ ids: [Data]) throws -> [(id: AssetID, tag: String?, sentence: String)] {
    struct Undo: Error { let wrong: [(id: AssetID, tag: String?, sentence: String)] }
    do {
      return try inSavepoint {
        var wrong: [(id: AssetID, tag: String?, sentence: String)] = []
        for data in ids {
          guard let id = AssetID.fromDatabaseValue(data.databaseValue) else { continue }
          do {
            let before = try state(of: id)
            try refold(id)
            if try state(of: id) != before {
              wrong.append((id, try asset(id)?.tag, "it does not stand as its events say: the projection was changed."))
            }
          } catch StoreFault.historyAtCentre {
            // It began with a snapshot: what that said of the asset is not made of events that are here.
            continue
          } catch let fault as StoreFault {
            wrong.append((id, try tagAndSerial(of: id)?.tag, "it cannot be folded from its events: \(fault)"))
          } catch is UnsupportedEvent {
            continue
          }
        }
        throw Undo(wrong: wrong)
      }
    } catch let undo as Undo {
      return undo.wrong
    }
  }

  private struct State: Equatable {
    let document: Data?
    let columns: [DatabaseValue]
    let canonical: AssetID?
    let identifiers: [String]
  }

  private func state(of id: AssetID) throws -> State {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM asset WHERE id = ?"), arguments: [id])
    let identifiers = try String.fetchAll(
      db.cachedStatement(sql: "SELECT kind || ' ' || value FROM identifier WHERE asset = ? ORDER BY 1"), arguments: [id]
    )
    return State(
      document: row?["doc"], columns: row.map { Array($0.databaseValues) } ?? [], canonical: try canonical(of: id),
      identifiers: identifiers)
  }
}
