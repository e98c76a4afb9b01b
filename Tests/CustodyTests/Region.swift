import Custody
import Testing

/// SplitMix64, so that a history can be told by its seed.
struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Stations that record by themselves and learn of one another only when told to. No rule of `decide` holds them back, as
/// none holds back a station with an older program.
struct Region {
  struct Place {
    let code: StationCode
    let view = MemoryProjection()
    var log: [CustodyEvent] = []
    /// How far of each station's log it has learnt.
    var learnt: [Int]
    /// How wrong its clock is, in milliseconds.
    var skew: Int64
  }

  private(set) var places: [Place]
  var dice: Dice
  private var count: UInt64 = 0

  init(stations: Int, seed: UInt64) throws {
    var dice = Dice(state: seed)
    places = try (1...stations).map { number in
      Place(
        code: try #require(StationCode("S\(number)")), learnt: Array(repeating: 0, count: stations),
        skew: Int64.random(in: -3_000...3_000, using: &dice))
    }
    self.dice = dice
  }

  var logs: [[CustodyEvent]] { places.map(\.log) }

  mutating func newID<Kind>() -> EntityID<Kind> {
    count += 1
    return EntityID(at: Instant(milliseconds: 1_795_000_000_000), random: (dice.next(), dice.next()))
  }

  /// `station` learns all that `other` has recorded; or everybody from everybody.
  mutating func tell(_ station: Int, of other: Int) throws {
    for event in places[other].log[places[station].learnt[other]...] { try places[station].view.receive(event) }
    places[station].learnt[other] = places[other].log.count
  }

  mutating func tellAll(except left: Int? = nil) throws {
    for station in places.indices where station != left {
      for other in places.indices where other != station && other != left { try tell(station, of: other) }
    }
  }

  func asset(_ id: AssetID, at station: Int) throws -> Asset? {
    let view = places[station].view
    return try view.asset(try view.canonical(of: id) ?? id)
  }

  /// Records something as the station sees the asset; `to` nil keeps it where it stands.
  @discardableResult
  mutating func record(
    _ details: EventDetails, on id: AssetID, at station: Int, to: Standing? = nil, witness: PersonID? = nil
  ) throws -> CustodyEvent {
    let before = try asset(id, at: station)
    count += 1
    var draft = EventDraft(
      Intent(asset: id, details: details, actor: Fixture.manager), asset: before?.id ?? id, details: details,
      from: before?.standing, to: to ?? before?.standing,
      prior: before.map { Prior(head: $0.head, version: $0.version) })
    draft.witness = witness
    if case .correct(let correct) = details { draft.corrects = correct.event }
    if case .settle(let settle) = details { draft.settles = settle.claims }
    let clock = 1_795_000_000_000 + Int64(count) * 1_000 + places[station].skew
    let event = CustodyEvent(
      eventID: newID(), site: try #require(SiteCode("HQ")), station: places[station].code, epoch: 1,
      seq: places[station].log.count + 1, prevHash: "", hlc: HybridTime(milliseconds: clock, counter: 0),
      wallClock: Instant(milliseconds: clock), tzOffsetMinutes: 60, clockTrust: .synchronised, keyID: "00000000",
      draft: draft)
    places[station].log.append(event)
    try places[station].view.receive(event)
    return event
  }

  // MARK: Acts

  mutating func receive(
    _ id: AssetID, at station: Int, serial: String? = nil, tag: String? = nil, maker: String = "HP"
  ) throws {
    var facts = AssetFacts()
    facts.manufacturer = maker
    facts.model = "EliteBook"
    var marks: [BoundIdentifier] = []
    if let serial { marks.append(BoundIdentifier(.serial, serial)) }
    if let tag { marks.append(BoundIdentifier(.tag, tag)) }
    try record(
      .receive(ReceiveDetails(location: try Fixture.place("HQ"), facts: facts, identifiers: marks)), on: id,
      at: station, to: Standing(state: .inStock))
  }

  @discardableResult
  mutating func deploy(_ id: AssetID, at station: Int) throws -> CustodyEvent {
    let team = Custodian.team("Team \(Int.random(in: 1...9, using: &dice))")
    return try record(
      .deploy(DeployDetails(recipient: team)), on: id, at: station, to: Standing(state: .deployed, custodian: team))
  }

  @discardableResult
  mutating func takeBack(_ id: AssetID, at station: Int) throws -> CustodyEvent {
    try record(.return(ReturnDetails(condition: "B")), on: id, at: station, to: Standing(state: .quarantined))
  }

  @discardableResult
  mutating func retire(_ id: AssetID, at station: Int) throws -> CustodyEvent {
    try record(
      .retire(RetireDetails(reason: "old", approver: Fixture.bob)), on: id, at: station, to: Standing(state: .retired))
  }

  @discardableResult
  mutating func dispose(_ id: AssetID, at station: Int) throws -> CustodyEvent {
    try record(
      .dispose(DisposeDetails(order: "DO-1", route: .recycle)), on: id, at: station, to: Standing(state: .disposed),
      witness: Fixture.eve)
  }

  @discardableResult
  mutating func note(_ id: AssetID, at station: Int) throws -> CustodyEvent {
    var facts = AssetFacts()
    facts.owner = "Owner \(Int.random(in: 1...9, using: &dice))"
    return try record(.amend(AmendDetails(set: facts, reason: "seen")), on: id, at: station)
  }

  @discardableResult
  mutating func correct(_ event: CustodyEvent, at station: Int, to: Standing?) throws -> CustodyEvent {
    try record(
      .correct(CorrectDetails(event: event.eventID, reason: "wrong")), on: event.asset, at: station, to: to)
  }

  /// Settles what is open about the asset as the station sees it, for the claim that is first by id.
  @discardableResult
  mutating func settle(
    _ id: AssetID, at station: Int, by people: Int = 2, identity: SettleDetails.Identity = .same
  ) throws -> CustodyEvent {
    let asset = try #require(try asset(id, at: station))
    let open = try #require(asset.discrepancies?.first)
    let holds = open.kind == .identityQuestion ? nil : open.claims.first
    let standing = holds.flatMap { places[station].view.state.events[$0]?.to }
    return try record(
      .settle(
        SettleDetails(
          kind: open.kind, claims: open.toSettle, holds: holds,
          identity: open.kind == .identityQuestion ? identity : nil, reason: "asked")), on: id, at: station,
      to: standing ?? asset.standing, witness: people == 2 ? Fixture.eve : nil)
  }
}
