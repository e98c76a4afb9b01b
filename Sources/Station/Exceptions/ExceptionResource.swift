import Custody
import CustodyLedger

/// A discrepancy as the API shows it.
struct ExceptionResource: Encodable {
  /// One of the events that disagree.
  private struct Claim: Encodable {
    let eventID: EventID
    let type: Verb
    let what: String
    let standing: String
    let who: String
    let place: String?
    let note: String?
    let at: Instant
    let asset: AssetID
    let station: String
    let epoch: Int
    let seq: Int
    let counts: Bool
  }

  let report: ExceptionReport

  private enum CodingKeys: String, CodingKey {
    case id, kind, label, message, asset, tag, station, claims, sides, toSettle, needsTwoPeople, meanwhile, openedAt
    case settledAt, settledBy, ended
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let recorded = report.recorded
    let discrepancy = recorded.discrepancy
    try container.encode(recorded.id, forKey: .id)
    try container.encode(discrepancy.kind, forKey: .kind)
    try container.encode(discrepancy.kind.label, forKey: .label)
    try container.encode(discrepancy.kind.sentence, forKey: .message)
    if let asset = report.asset {
      try container.encode(asset, forKey: .asset)
      try container.encode(report.subject, forKey: .tag)
    } else {
      try container.encode(report.subject, forKey: .station)
    }
    try container.encode(discrepancy.claims, forKey: .claims)
    let sides = report.claims.map { claim in
      Claim(
        eventID: claim.event.eventID, type: claim.event.verb, what: claim.what, standing: claim.standing,
        who: claim.who, place: claim.place, note: claim.note, at: claim.event.wallClock, asset: claim.event.asset,
        station: claim.event.chainName, epoch: claim.event.epoch, seq: claim.event.seq, counts: claim.counts)
    }
    try container.encode(sides, forKey: .sides)
    try container.encode(discrepancy.toSettle, forKey: .toSettle)
    try container.encode(discrepancy.kind.needsTwoPeople, forKey: .needsTwoPeople)
    try container.encodeIfPresent(report.meanwhile, forKey: .meanwhile)
    try container.encode(recorded.openedAt, forKey: .openedAt)
    try container.encodeIfPresent(recorded.settledAt, forKey: .settledAt)
    try container.encodeIfPresent(recorded.settledBy, forKey: .settledBy)
    try container.encodeIfPresent(report.ended, forKey: .ended)
  }
}

/// What came of a settlement.
struct SettledResource: Encodable {
  let exception: ExceptionResource
  let event: CustodyEvent
  let asset: AssetResource?

  init(_ settled: Settled) {
    exception = ExceptionResource(report: settled.exception)
    event = settled.event
    asset = settled.asset.map { AssetResource(asset: $0) }
  }
}
