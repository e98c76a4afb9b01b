import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// Why an entry counts for nothing, though a key of its station signed it.
public struct KeyDoubt: Hashable, Sendable {
  /// As the centre has it: `sync.revoked` or `sync.closed`.
  public let code: String
  /// One sentence.
  public let sentence: String

  /// A doubt.
  public init(code: String, sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  /// What a judgement leaves in doubt; nil where the entry counts.
  public init?(_ judgement: KeyHistory.Judgement, of station: String) {
    switch judgement {
    case .key, .unknown: return nil
    case .revoked(_, let lastGood):
      self.init(
        code: "sync.revoked", sentence: "\(station) was revoked after \(lastGood): this does not count.")
    case .closed(_, let last):
      self.init(
        code: "sync.closed",
        sentence:
          "\(station) closed this epoch after \(last): this does not count. Two signed as one, or it was restored.")
    }
  }

  static let codes = ["sync.revoked", "sync.closed"]
}

extension StoreTransaction {
  /// Judges again what is here of a station, after the log stated something of its keys: what does not count any more is kept
  /// and taken out of the projection.
  public func judgeAgain(_ station: String, by history: KeyHistory) throws {
    var assets: Set<AssetID> = []
    var after = ChainPlace(epoch: 0, seq: 0)
    while true {
      let page = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT epoch, seq, asset, event_id, standpoint FROM entry WHERE station = ? AND (epoch, seq) > (?, ?)
            ORDER BY epoch, seq LIMIT 500
            """), arguments: [station, after.epoch, after.seq])
      for row in page {
        after = ChainPlace(epoch: row["epoch"], seq: row["seq"])
        let standpoint: String? = row["standpoint"]
        let wasDoubted = standpoint.map(KeyDoubt.codes.contains) ?? false
        let doubt = KeyDoubt(history.judgement(of: station, at: after), of: station)
        guard wasDoubted != (doubt != nil) else { continue }
        // What counts again waits to be folded in.
        try db.cachedStatement(sql: "UPDATE entry SET standpoint = ?, misfit = ? WHERE asset = ? AND event_id = ?")
          .execute(
            arguments: [
              doubt?.code ?? "custody.waiting", doubt?.sentence ?? "It is being judged again.", row["asset"] as AssetID,
              row["event_id"] as EventID,
            ])
        assets.insert(row["asset"])
      }
      guard page.count == 500 else { break }
    }
    remember(nil, as: nil)
    for asset in assets.sorted() { try refold(asset) }
  }

  /// Notes of an entry that it does not count.
  func doubtEntry(of event: CustodyEvent, _ doubt: KeyDoubt) throws {
    try db.cachedStatement(sql: "UPDATE entry SET standpoint = ?, misfit = ? WHERE asset = ? AND event_id = ?").execute(
      arguments: [doubt.code, doubt.sentence, event.asset, event.eventID])
  }
}
