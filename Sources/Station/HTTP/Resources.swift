import Custody
import CustodyLedger
import Foundation
import StationStore

/// An asset as the API shows it: what the projection holds, and what follows from it.
struct AssetResource: Encodable {
  let asset: Asset

  private enum CodingKeys: String, CodingKey { case tag, serial, isDataBearing }

  func encode(to encoder: any Encoder) throws {
    try asset.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(asset.tag, forKey: .tag)
    try container.encodeIfPresent(asset.serial, forKey: .serial)
    try container.encode(asset.isDataBearing, forKey: .isDataBearing)
  }
}

/// A ledger entry as the API shows it: the event, and what is known of its proof.
struct EventResource: Encodable {
  let row: EntryRow

  private enum CodingKeys: String, CodingKey { case arrival, event, hash, logIndex, misfit, proof }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(row.arrival, forKey: .arrival)
    try container.encode(row.event, forKey: .event)
    try container.encode(row.hash, forKey: .hash)
    try container.encodeIfPresent(row.logIndex, forKey: .logIndex)
    try container.encodeIfPresent(row.misfit, forKey: .misfit)
    try container.encode(row.proof.code, forKey: .proof)
  }
}

/// A kept reading as the API shows it.
struct ReadingResource: Encodable {
  let id: Int64
  let at: Instant
  let raw: String
  let symbologyIdentifier: String?
  let device: String?
  let session: SessionID?
  let person: PersonID?
  let outcome: KeptReading.Outcome
  let words: String
  let code: String?
  let asset: AssetID?
  let event: EventID?
  let knownAs: AssetID?

  init(_ reading: KeptReading) {
    id = reading.id
    at = reading.at
    raw = base64(reading.raw)
    symbologyIdentifier = reading.symbologyIdentifier
    device = reading.device
    session = reading.session
    person = reading.person
    outcome = reading.outcome
    words = reading.words
    code = reading.code
    asset = reading.asset
    event = reading.event
    knownAs = reading.knownAs
  }
}

/// A page of a list, with where the next one starts.
struct Page<Item: Encodable>: Encodable {
  let items: [Item]
  /// Give it back as `after`; nil on the last page.
  let next: String?
}

/// A session as the API shows it.
struct SessionResource: Encodable {
  let id: SessionID
  let `operator`: PersonID
  let openedAt: Instant
  let closedAt: Instant?
  let desk: String?
  let workflow: String
  /// The order that it receives.
  let order: String?
  /// The kit that it puts together.
  let kit: String?
  /// How far that has come.
  var filling: KitFillingResource?
  let details: CanonicalJSON
  let witness: PersonID?
  let approver: PersonID?
  let tally: [String: Int]?

  init(_ session: StoredSession, _ work: WorkSession, tally: [KeptReading.Outcome: Int]? = nil) {
    id = session.id
    self.operator = session.operator
    openedAt = session.openedAt
    closedAt = session.closedAt
    desk = session.desk
    workflow = work.workflow?.rawValue ?? "lookup"
    order = work.orderNumber
    kit = work.kit?.text
    details = work.details
    witness = work.witness?.person
    approver = work.approver?.person
    self.tally = tally.map { tally in
      Dictionary(uniqueKeysWithValues: tally.map { ($0.key.rawValue, $0.value) })
    }
  }
}

/// A scan's answer: reading → identifier → resolution → decision, so that a client can show why.
struct ScanResource: Encodable {
  let outcome: ScanOutcome

  private enum CodingKeys: String, CodingKey {
    case result, words, sentence, remedy, code, at, reading, identifier, resolution, decision, asset, session, workflow
    case span, findings, orderLine
  }

  private struct Reading: Encodable {
    let id: Int64
    let raw: String
    let source: Scan.Source
    let symbologyIdentifier: String?
    let device: String?
  }

  private struct Identifier: Encodable {
    let kind: String
    let text: String
  }

  private struct Found: Encodable {
    let kind: String
    let asset: AssetID?
    let candidates: [AssetID]?
  }

  private struct Recorded: Encodable {
    let eventID: EventID
    let type: Verb
    let seq: Int
    let station: StationCode
    let asset: AssetID
    let from: Standing?
    let to: Standing?
    let wallClock: Instant
  }

  private struct Decision: Encodable {
    let recorded: [Recorded]
    /// SHA-256 of the last sealed entry.
    let entryHash: String?
  }

  private struct Span: Encodable {
    let start: Int
    let length: Int
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(outcome.result, forKey: .result)
    try container.encode(outcome.words, forKey: .words)
    try container.encodeIfPresent(outcome.sentence, forKey: .sentence)
    try container.encodeIfPresent(outcome.remedy, forKey: .remedy)
    try container.encodeIfPresent(outcome.code, forKey: .code)
    try container.encode(outcome.at, forKey: .at)
    let isBadge = outcome.scan.holdsBadge
    try container.encode(
      Reading(
        id: outcome.reading, raw: isBadge ? "" : base64(outcome.scan.raw), source: outcome.scan.source,
        symbologyIdentifier: outcome.scan.symbologyIdentifier, device: outcome.scan.device), forKey: .reading)
    if let identifier = outcome.identifier {
      try container.encode(Identifier(kind: identifier.kind, text: isBadge ? "" : identifier.mark), forKey: .identifier)
    }
    switch outcome.resolution {
    case .asset(let id): try container.encode(Found(kind: "asset", asset: id, candidates: nil), forKey: .resolution)
    case .unknown: try container.encode(Found(kind: "unknown", asset: nil, candidates: nil), forKey: .resolution)
    case .ambiguous(let all):
      try container.encode(Found(kind: "ambiguous", asset: nil, candidates: all), forKey: .resolution)
    case nil: break
    }
    if !outcome.events.isEmpty {
      let recorded = outcome.events.map { event in
        Recorded(
          eventID: event.eventID, type: event.verb, seq: event.seq, station: event.station, asset: event.asset,
          from: event.from, to: event.to, wallClock: event.wallClock)
      }
      try container.encode(Decision(recorded: recorded, entryHash: outcome.entryHash), forKey: .decision)
    }
    if !outcome.findings.isEmpty { try container.encode(outcome.findings, forKey: .findings) }
    try container.encodeIfPresent(outcome.line, forKey: .orderLine)
    if let asset = outcome.asset { try container.encode(AssetResource(asset: asset), forKey: .asset) }
    try container.encodeIfPresent(outcome.session, forKey: .session)
    try container.encodeIfPresent(outcome.work.map { $0.workflow?.rawValue ?? "lookup" }, forKey: .workflow)
    if let span = outcome.span {
      try container.encode(Span(start: span.start, length: span.length), forKey: .span)
    }
  }
}

/// Standard base64 (RFC 4648 §4).
func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
