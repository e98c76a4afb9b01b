import Custody
import Testing

/// People, places and things that the tests share.
enum Fixture {
  static func id<Kind>(_ number: UInt64) -> EntityID<Kind> {
    EntityID(at: Instant(milliseconds: 1_780_000_000_000), random: (0, number))
  }

  /// What the station's clock says: the very moment at which the records of wipes end.
  static let now = Instant(milliseconds: 1_780_000_000_000)

  static let laptop: AssetID = id(1)
  static let other: AssetID = id(2)
  static let ann: PersonID = id(101)
  static let bob: PersonID = id(102)
  static let eve: PersonID = id(103)
  static let session: SessionID = id(201)

  static func actor(
    _ person: PersonID = ann, _ roles: Set<Role> = [.technician], _ strength: AuthStrength = .badgePIN
  ) -> Actor { Actor(person: person, roles: roles, authStrength: strength) }

  static let technician = actor()
  static let disposer = actor(ann, [.disposalOperator])
  static let manager = actor(bob, [.manager])
  static let validator = actor(eve, [.validator])

  static func place(_ text: String) throws -> LocationCode { try #require(LocationCode(text)) }

  static let tag = BoundIdentifier(.tag, "AT-00042")
  static let serial = BoundIdentifier(.serial, "5CG1234XYZ")
  static let drive = Medium(serial: "S4EWNX0R1", type: "nvme")

  static func word(_ person: PersonID) -> Acknowledgement {
    Acknowledgement(method: .pin, person: person, text: "I took laptop AT-00042.")
  }

  static func laptopFacts(media: [Medium]? = [drive]) -> AssetFacts {
    var facts = AssetFacts()
    facts.manufacturer = "HP"
    facts.model = "EliteBook 840"
    facts.category = "laptop"
    facts.media = media
    facts.orderLine = OrderLineReference(order: "PO-7", line: 1)
    return facts
  }

  /// A laptop as it would stand after a history that ended in `state`.
  static func asset(_ state: LifecycleState = .inStock, media: [Medium]? = [drive], id: AssetID = laptop) throws
    -> Asset
  {
    var asset = Asset(
      id: id, state: state, head: Fixture.id(900), at: Instant(milliseconds: 1_780_000_000_000), verb: .correct,
      operator: bob)
    asset.identifiers = id == laptop ? [tag, serial] : [BoundIdentifier(.tag, "AT-00043")]
    asset.facts = laptopFacts(media: media)
    asset.location = try place("HQ-STORE-A1")
    if state == .deployed || state == .missing { asset.custodian = .person(eve) }
    return asset
  }

  static func record(_ medium: Medium = drive, result: SanitizationResult = .passed) -> SanitizationRecord {
    var record = SanitizationRecord(
      medium: medium, requested: .purge, achieved: .purge, technique: "NVMe Sanitize, crypto erase", tool: "nvme-cli",
      result: result, endedAt: Instant(milliseconds: 1_780_000_000_000), performedBy: ann)
    record.verification = result
    record.verificationMethod = "sanitize-log"
    return record
  }

  static let passed = SanitizationOutcome(event: id(901), method: .purge, passes: true)
}

extension Decision {
  var refusal: Refusal? { if case .refuse(let refusal) = self { refusal } else { nil } }
  var drafts: [EventDraft] { if case .record(let drafts) = self { drafts } else { [] } }
}

/// A station's chain, so far as the tests need one: it numbers drafts and keeps each asset's events and fold.
struct Chain {
  var events: [AssetID: [CustodyEvent]] = [:]
  var assets: [AssetID: Asset] = [:]
  var count = 0

  func circumstances(_ id: AssetID, parent: AssetID? = nil) -> Circumstances {
    Circumstances(
      at: Fixture.now, asset: assets[id], history: events[id] ?? [], parent: parent.flatMap { assets[$0] },
      parts: parts(of: id).sorted { $0.id < $1.id })
  }

  func parts(of id: AssetID) -> [Asset] {
    var found: [AssetID: Asset] = [:]
    var open = [id]
    while let next = open.popLast() {
      for part in assets.values where part.parent == next && part.id != id && found[part.id] == nil {
        found[part.id] = part
        open.append(part.id)
      }
    }
    return Array(found.values)
  }

  func seal(_ draft: EventDraft) throws -> CustodyEvent {
    let number = count + 1
    return CustodyEvent(
      eventID: Fixture.id(UInt64(10_000 + number)), site: try #require(SiteCode("HQ")),
      station: try #require(StationCode("DESK-1")), epoch: 1, seq: number, prevHash: "",
      hlc: HybridTime(milliseconds: Int64(number), counter: 0), wallClock: Instant(milliseconds: Int64(number) * 1000),
      tzOffsetMinutes: 60, clockTrust: .synchronised, keyID: "00000000", draft: draft)
  }

  mutating func record(_ draft: EventDraft) throws -> CustodyEvent {
    let event = try seal(draft)
    count += 1
    #expect(fits(event, on: assets[event.asset]) == nil)
    let before = events[event.asset] ?? []
    assets[event.asset] = try apply(event, to: assets[event.asset]) { before }
    events[event.asset] = before + [event]
    return event
  }

  /// Decides and records; the events, or none with the refusal reported.
  @discardableResult
  mutating func act(
    _ details: EventDetails, on id: AssetID = Fixture.laptop, by actor: Actor? = Fixture.technician,
    witness: Actor? = nil, approver: Actor? = nil, session: SessionID? = nil, parent: AssetID? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CustodyEvent {
    let intent = Intent(
      asset: id, details: details, actor: actor, witness: witness, approver: approver, session: session)
    let decision = decide(intent, in: circumstances(id, parent: parent))
    #expect(decision.refusal == nil, sourceLocation: sourceLocation)
    var recorded: [CustodyEvent] = []
    for draft in decision.drafts { recorded.append(try record(draft)) }
    return try #require(recorded.first, sourceLocation: sourceLocation)
  }

  func refusal(
    _ details: EventDetails, on id: AssetID = Fixture.laptop, by actor: Actor? = Fixture.technician,
    witness: Actor? = nil, approver: Actor? = nil, session: SessionID? = nil, parent: AssetID? = nil
  ) -> Refusal? {
    let intent = Intent(
      asset: id, details: details, actor: actor, witness: witness, approver: approver, session: session)
    return decide(intent, in: circumstances(id, parent: parent)).refusal
  }
}
