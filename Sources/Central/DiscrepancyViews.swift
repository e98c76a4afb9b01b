import CentralStore
import Custody

/// A discrepancy in `GET /api/v1/exceptions`.
struct DiscrepancyJSON: Encodable {
  var id: Int64
  var kind: String
  /// What is the matter, one sentence.
  var message: String
  /// The asset that it is about, by its canonical id; absent where it is about a station.
  var asset: AssetID?
  /// The station, `site/station`, that it is about; absent where it is about an asset.
  var station: String?
  /// Ids of the events that disagree.
  var claims: [EventID]
  /// Ids of all events that a settlement names.
  var toSettle: [EventID]
  var needsTwoPeople: Bool
  var openedAt: Instant
  var settledAt: Instant?
  var settledBy: EventID?

  init(_ recorded: RecordedDiscrepancy) {
    let discrepancy = recorded.discrepancy
    id = recorded.id
    kind = discrepancy.kind.rawValue
    message = discrepancy.kind.sentence
    switch recorded.subject {
    case .asset(let id): asset = id
    case .station(let name): station = name
    }
    claims = discrepancy.claims
    toSettle = discrepancy.toSettle
    needsTwoPeople = discrepancy.kind.needsTwoPeople
    openedAt = recorded.openedAt
    settledAt = recorded.settledAt
    settledBy = recorded.settledBy
  }
}

/// A discrepancy on the page of exceptions.
struct DiscrepancyView: Sendable {
  var id: Int64
  var label: String
  var sentence: String
  var subject: String
  var subjectHref: String
  var claims: [EventView]
  var opened: MomentView
  var settled: MomentView?
  var settledBy: String?
  var twoPeople: Bool

  init(_ recorded: RecordedDiscrepancy, claims: [LogEntry], settlement: LogEntry?, tags: [AssetID: String]) {
    id = recorded.id
    label = recorded.discrepancy.kind.label
    sentence = recorded.discrepancy.kind.sentence
    switch recorded.subject {
    case .asset(let asset):
      subject = tags[asset] ?? asset.short
      subjectHref = "/assets/\(asset)"
    case .station(let name):
      subject = name
      subjectHref = "/stations"
    }
    self.claims = claims.map { EventView($0, tags: tags) }
    opened = MomentView(recorded.openedAt)
    settled = recorded.settledAt.map { MomentView($0) }
    settledBy = settlement.map { EventView($0, tags: tags) }.map { "\($0.verb) at \($0.station), \($0.who)" }
    twoPeople = recorded.settledBy == nil && recorded.discrepancy.kind.needsTwoPeople
  }
}

extension Discrepancy.Kind {
  /// As it stands on a page.
  var label: String {
    switch self {
    case .contested: "Contested"
    case .contestedDisposal: "Contested disposal"
    case .resurrection: "Resurrection"
    case .identityQuestion: "Identity question"
    case .fork: "Fork"
    case .skewedClock: "Clock ahead"
    }
  }
}
