/// What a discrepancy is about.
public enum DiscrepancySubject: Hashable, Sendable {
  /// An asset, by its canonical id.
  case asset(AssetID)
  /// A station, `site/station`.
  case station(String)
}

/// A discrepancy as it is kept: when it was opened and ended, with all that it ever named.
public struct RecordedDiscrepancy: Hashable, Sendable {
  /// Counts what was opened here, from 1.
  public var id: Int64
  public var discrepancy: Discrepancy
  public var subject: DiscrepancySubject
  public var openedAt: Instant
  /// When it ended; nil while it is open.
  public var settledAt: Instant?
  /// The settlement or correction that ended it; nil while it is open.
  public var settledBy: EventID?

  /// A discrepancy that was kept.
  public init(
    id: Int64, discrepancy: Discrepancy, subject: DiscrepancySubject, openedAt: Instant,
    settledAt: Instant? = nil, settledBy: EventID? = nil
  ) {
    self.id = id
    self.discrepancy = discrepancy
    self.subject = subject
    self.openedAt = openedAt
    self.settledAt = settledAt
    self.settledBy = settledBy
  }

  /// What is to be written.
  public enum Change: Hashable, Sendable {
    case open(Discrepancy)
    /// It has grown, or shrunk.
    case become(id: Int64, Discrepancy)
    case end(id: Int64, by: EventID)
    /// It was settled before it was seen open here.
    case openAndEnd(Discrepancy, by: EventID)
  }

  /// What leads from what is recorded about an asset, open and ended, to what the fold says now; `event` ended what has no
  /// settlement. One that shares a claim with an open one of its kind is that one, grown.
  public static func changes(
    from recorded: [RecordedDiscrepancy], to open: [Discrepancy], settled: [SettledDiscrepancy], because event: EventID
  ) -> [Change] {
    var changes: [Change] = []
    var left = recorded.filter { $0.settledBy == nil }
    // A settled one takes its row before an open one that shares a claim with it does.
    for ended in settled
    where !recorded.contains(where: { $0.settledBy == ended.by && $0.discrepancy.kind == ended.discrepancy.kind }) {
      if let index = left.firstIndex(where: { $0.discrepancy.continues(ended.discrepancy) }) {
        changes.append(.end(id: left.remove(at: index).id, by: ended.by))
      } else {
        changes.append(.openAndEnd(ended.discrepancy, by: ended.by))
      }
    }
    for discrepancy in open {
      if let index = left.firstIndex(where: { $0.discrepancy == discrepancy })
        ?? left.firstIndex(where: {
          $0.discrepancy.continues(discrepancy)
        })
      {
        let row = left.remove(at: index)
        if row.discrepancy != discrepancy { changes.append(.become(id: row.id, discrepancy)) }
      } else {
        changes.append(.open(discrepancy))
      }
    }
    return changes + left.map { .end(id: $0.id, by: event) }
  }
}

extension Discrepancy {
  fileprivate func continues(_ other: Discrepancy) -> Bool {
    kind == other.kind && (claims == other.claims || !Set(claims).isDisjoint(with: other.toSettle))
  }
}
