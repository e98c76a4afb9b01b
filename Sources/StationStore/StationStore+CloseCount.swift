import Crypto
import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting
import TamperEvidence

/// What came of a wish to close a count.
public enum CountClosingOutcome: Sendable {
  /// It is closed; durable.
  case closed(StoredCount)
  case refused(Refusal)
}

extension StationStore {
  /// Closes a count by a signed entry with the tallies and the SHA-256 of its observation file, which is on disk before. Nil when
  /// there is no such count.
  public func closeCount(_ id: CountID, by actor: Actor, anyway: Bool) async throws -> CountClosingOutcome? {
    while true {
      // What nobody may close needs no file.
      if let refusal = try await read({ try $0.closingRefusal(of: id, by: actor, anyway: anyway) }) {
        return .refused(refusal)
      }
      guard let drawn = try await read({ try $0.closingDraft(of: id) }) else { return nil }
      // On disk before the entry names it.
      try await keepBlob(drawn.file.bytes, digest: drawn.digest, mediaType: ObservationFile.mediaType)
      let outcome = try await write { try $0.close(drawn, by: actor, anyway: anyway) }
      // Nil: somebody was faster with an observation. It goes into the file.
      if let outcome { return outcome }
    }
  }
}

/// What a closing would say of a count as it stands.
struct CountClosingDraft: Sendable {
  let count: StoredCount
  let tally: CountTally
  /// Lines that come to something else than they were judged to one by one: none, unless places were put elsewhere meanwhile.
  let changed: [(line: CountLine, isExpected: Bool)]
  let consumables: [ConsumableLine]
  /// How right the records of each place were; empty unless a location was counted.
  let places: [PlaceAccuracy]
  let file: ObservationFile
  let digest: String
}

extension StoreReading {
  func closingDraft(of id: CountID) throws -> CountClosingDraft? {
    guard let count = try stockCount(id) else { return nil }
    let places = try placeTree()
    var (expected, known): ([ExpectedAsset], [ExpectedAsset]) = ([], [])
    var kept: [CountLine.Subject: StoredCountLine] = [:]
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM count_line WHERE count = ? ORDER BY asset", arguments: [id])
    while let row = try rows.next() {
      let stored = try StoredCountLine(row)
      kept[stored.line.subject] = stored
      guard case .asset(let asset) = stored.line.subject, let standing = stored.line.recorded else { continue }
      let one = ExpectedAsset(asset: asset, standing: standing)
      if stored.isExpected { expected.append(one) } else { known.append(one) }
    }
    var observations: [Observation] = []
    let seen = try Row.fetchCursor(
      db, sql: "SELECT * FROM count_observation WHERE count = ? AND late = 0 AND undo IS NULL ORDER BY id",
      arguments: [id])
    while let row = try seen.next() { observations.append(try Observation(row)) }
    let stock = try consumableVariance(of: id, in: places)
    let file = try ObservationFile(
      .init(
        count: id, recountOf: count.recountOf, scope: count.scope, blind: count.blind, openedAt: count.openedAt),
      places: places, expected: expected, known: known, consumables: stock.lines, observations: observations)
    let variance = Variance(expected: expected, known: known, observations: observations, places: places)
    var accuracies: [PlaceAccuracy] = []
    if case .location(let root) = count.scope { accuracies = variance.accuracies(within: root, in: places) }
    return CountClosingDraft(
      count: count, tally: variance.tally,
      changed: variance.lines.filter { kept[$0.subject]?.line != $0 }.map {
        ($0, kept[$0.subject]?.isExpected ?? false)
      }, consumables: stock.lines, places: accuracies, file: file,
      digest: SHA256.hash(data: file.bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
  }

  fileprivate func closingRefusal(of id: CountID, by actor: Actor, anyway: Bool) throws -> Refusal? {
    guard let count = try stockCount(id) else { return nil }
    var machine = StockCount(
      id: id, counters: try counters(of: id).map(\.counter),
      closed: count.ending.map { .init(at: $0.at, by: $0.by, outstanding: $0.outstanding) })
    guard case .refuse(let refusal) = machine.close(by: actor.person, at: count.openedAt, anyway: anyway) else {
      return nil
    }
    return refusal
  }
}

extension StoreTransaction {
  /// Closes it as drawn; nil when it is not as it was then.
  fileprivate func close(_ draft: CountClosingDraft, by actor: Actor, anyway: Bool) throws -> CountClosingOutcome? {
    guard let count = try stockCount(draft.count.id) else { return nil }
    var machine = try machine(of: count)
    let closed: StockCount.Closed
    switch machine.close(by: actor.person, at: now, anyway: anyway) {
    case .refuse(let refusal): return .refused(refusal)
    case .close(let said): closed = said
    }
    guard count.revision == draft.count.revision else { return nil }
    if let refusal = try refusalOfRestored() { return .refused(refusal) }
    // Lines were judged one by one as observations came; the whole has the last word.
    for (line, isExpected) in draft.changed { try keep(line, isExpected: isExpected, of: count.id) }
    for line in draft.consumables { try keep(line, of: count.id) }
    try openRestoredEpoch()
    let entry = try sealing.state(
      .closeCount(
        CountClosing(
          count: count.id, recountOf: count.recountOf, scope: count.scope, blind: count.blind, openedAt: count.openedAt,
          file: draft.digest, observations: draft.file.observations, tally: draft.tally,
          consumables: draft.consumables.isEmpty ? nil : ConsumableTally(draft.consumables),
          outstanding: closed.outstanding)), by: actor, moving: &head, random: randomWords())
    try keep(own: entry, at: ChainPlace(epoch: head.epoch, seq: head.seq))
    try db.execute(
      sql: """
        UPDATE count SET closed_at = ?, closed_by = ?, outstanding = ?, tally = ?, observations = ?, file = ?, entry = ?
        WHERE id = ?
        """,
      arguments: [
        closed.at.milliseconds, closed.by, closed.outstanding,
        Data(try CanonicalEncoder().encode(draft.tally)), draft.file.observations, draft.digest,
        Data(entry.entry.hash.bytes), count.id,
      ])
    try keep(draft.places, of: count.id, closedAt: closed.at)
    guard let after = try stockCount(count.id) else {
      throw StoreFault.damaged(reason: "a count was closed and is not there")
    }
    return .closed(after)
  }
}
