import Custody
import Testing

/// The rows of "When claims disagree", each by itself, with what is expected derived by hand.
@Suite struct DiscrepancyTests {
  private func laptop(_ region: inout Region) throws -> AssetID {
    let id: AssetID = region.newID()
    try region.receive(id, at: 0, serial: "SN-1", tag: "AT-1")
    try region.tellAll()
    return id
  }

  /// Everybody has heard of everything; then the asset as each station sees it, which must be the same.
  private func agreed(_ region: inout Region, _ id: AssetID) throws -> Asset {
    try region.tellAll()
    let first = try #require(try region.asset(id, at: 0))
    for station in region.places.indices { #expect(try region.asset(id, at: station) == first) }
    return first
  }

  @Test("two that deployed one asset: contested, the longer line holds, a settlement ends it")
  func contested() throws {
    var region = try Region(stations: 3, seed: 1)
    let id = try laptop(&region)
    let one = try region.deploy(id, at: 0)
    let two = try region.deploy(id, at: 1)
    let returned = try region.takeBack(id, at: 1)
    var asset = try agreed(&region, id)
    #expect(asset.head == returned.eventID)
    #expect(asset.state == .quarantined)
    let open = try #require(asset.discrepancies)
    #expect(open.map(\.kind) == [.contested])
    #expect(open[0].claims == [one.eventID, two.eventID].sorted())
    #expect(open[0].toSettle == [one.eventID, two.eventID, returned.eventID].sorted())

    let settlement = try region.record(
      .settle(
        SettleDetails(kind: .contested, claims: open[0].toSettle, holds: one.eventID, reason: "it is at Finance")),
      on: id, at: 2, to: one.to)
    asset = try agreed(&region, id)
    #expect(asset.discrepancies == nil)
    #expect(asset.standing == one.to)
    #expect(asset.head == settlement.eventID)
    let view = region.places[0].view
    #expect(view.state.standpoints[one.eventID] == .superseded)
    #expect(view.state.standpoints[two.eventID] == .applied)
    #expect(view.recorded.map(\.settledBy) == [settlement.eventID])
  }

  @Test("a claim that comes after the settlement opens the matter again, for itself alone")
  func newClaim() throws {
    var region = try Region(stations: 4, seed: 2)
    let id = try laptop(&region)
    try region.deploy(id, at: 0)
    try region.deploy(id, at: 1)
    try region.tellAll(except: 3)
    let settlement = try region.settle(id, at: 2)
    let third = try region.deploy(id, at: 3)
    let asset = try agreed(&region, id)
    #expect(asset.discrepancies?.map(\.claims) == [[settlement.eventID, third.eventID].sorted()])
    // The settlement knows of more, and so it holds meanwhile.
    #expect(asset.head == settlement.eventID)
  }

  @Test("a disposal and another act at once: nothing but sightings until two people settle it")
  func contestedDisposal() throws {
    var region = try Region(stations: 3, seed: 3)
    let id = try laptop(&region)
    try region.deploy(id, at: 0)
    try region.takeBack(id, at: 0)
    try region.retire(id, at: 0)
    try region.tellAll()
    let returned = try region.record(
      .declareMissing(MissingDetails(reason: "not on its pallet")), on: id, at: 1, to: Standing(state: .missing))
    let disposal = try region.dispose(id, at: 0)
    var asset = try agreed(&region, id)
    #expect(asset.discrepancies?.map(\.kind) == [.contestedDisposal])
    #expect(asset.discrepancies?.first?.claims == [returned.eventID, disposal.eventID].sorted())
    let found = Intent(
      asset: id, details: .found(FoundDetails(location: try Fixture.place("HQ"))), actor: Fixture.manager)
    #expect(
      decide(found, in: Circumstances(at: Fixture.now, asset: asset)).refusal?.code
        == "custody.asset.contestedDisposal")

    try region.settle(id, at: 2, by: 1)
    asset = try agreed(&region, id)
    #expect(asset.discrepancies?.map(\.kind) == [.contestedDisposal])

    try region.settle(id, at: 2, by: 2)
    asset = try agreed(&region, id)
    #expect(asset.discrepancies == nil)
  }

  @Test("two people settle a contested disposal and, at once, what else disagrees about where the asset stands")
  func settledTogether() throws {
    var region = try Region(stations: 3, seed: 9)
    let id = try laptop(&region)
    try region.retire(id, at: 0)
    try region.tellAll()
    let missing = try [1, 2].map { station in
      try region.record(
        .declareMissing(MissingDetails(reason: "not there")), on: id, at: station, to: Standing(state: .missing))
    }
    let disposal = try region.dispose(id, at: 0)
    var asset = try agreed(&region, id)
    #expect(asset.discrepancies?.map(\.kind) == [.contested, .contestedDisposal])
    let all = (missing + [disposal]).map(\.eventID).sorted()
    // Claims of a contest that no disposal is part of are named too, and it is one event that ends both.
    let details = SettleDetails(
      kind: .contestedDisposal, claims: all, holds: missing[0].eventID, reason: "looked for it")
    var intent = Intent(asset: id, details: .settle(details), actor: Fixture.manager)
    var circumstances = Circumstances(at: Fixture.now, asset: asset)
    circumstances.history = missing + [disposal]
    #expect(decide(intent, in: circumstances).refusal?.code == "custody.settle.witnessMissing")
    intent.witness = Fixture.validator
    guard case .record(let drafts) = decide(intent, in: circumstances) else {
      Issue.record("refused: \(decide(intent, in: circumstances))")
      return
    }
    #expect(drafts.map(\.settles) == [all])
    // One person may not say it under the lesser kind.
    let alone = SettleDetails(kind: .contested, claims: all, holds: missing[0].eventID, reason: "looked for it")
    let lesser = Intent(asset: id, details: .settle(alone), actor: Fixture.manager)
    #expect(decide(lesser, in: circumstances).refusal?.code == "custody.settle.claims")

    let settlement = try region.record(
      .settle(details), on: id, at: 0, to: missing[0].to, witness: Fixture.eve)
    asset = try agreed(&region, id)
    #expect(asset.discrepancies == nil && asset.state == .missing)
    #expect(region.places[1].view.recorded.map(\.settledBy) == [settlement.eventID, settlement.eventID])
  }

  @Test("whatever is recorded after a disposal is a resurrection")
  func resurrection() throws {
    var region = try Region(stations: 2, seed: 4)
    let id = try laptop(&region)
    try region.deploy(id, at: 0)
    try region.takeBack(id, at: 0)
    try region.retire(id, at: 0)
    let disposal = try region.dispose(id, at: 0)
    try region.tellAll()
    let returned = try region.takeBack(id, at: 1)
    let asset = try agreed(&region, id)
    #expect(asset.discrepancies?.map(\.kind) == [.resurrection])
    #expect(asset.discrepancies?.first?.claims == [disposal.eventID, returned.eventID].sorted())
  }

  @Test("one number received twice: one asset under the smaller id, with the marks of both receipts")
  func alias() throws {
    var region = try Region(stations: 2, seed: 5)
    let ids: [AssetID] = [region.newID(), region.newID()]
    try region.receive(ids[0], at: 0, serial: "SN-1", tag: "AT-1")
    try region.receive(ids[1], at: 1, serial: "SN-1", maker: "hp")
    let canonical = ids[0] < ids[1] ? ids[0] : ids[1]
    let asset = try agreed(&region, ids[0])
    #expect(asset.id == canonical)
    #expect(asset.aliases == ids.filter { $0 != canonical })
    #expect(asset.tag == "AT-1" && asset.serial == "SN-1" && asset.identifiers.count == 2)
    #expect(asset.discrepancies == nil)
    #expect(asset.version == 2)
    #expect(try region.asset(ids[1], at: 0) == asset)
    // Another maker's same number is another thing.
    let other: AssetID = region.newID()
    try region.receive(other, at: 0, serial: "SN-1", maker: "Dell")
    #expect(try agreed(&region, other).id == other)
  }

  @Test("one number under two tags is asked about, never merged in silence")
  func identityQuestion() throws {
    for identity in [SettleDetails.Identity.same, .different] {
      var region = try Region(stations: 2, seed: 6)
      let ids: [AssetID] = [region.newID(), region.newID()]
      try region.receive(ids[0], at: 0, serial: "SN-1", tag: "AT-1")
      try region.receive(ids[1], at: 1, serial: "SN-1", tag: "AT-2")
      for id in ids {
        let asset = try agreed(&region, id)
        #expect(asset.id == id && asset.aliases == nil)
        #expect(asset.discrepancies?.map(\.kind) == [.identityQuestion])
      }
      try region.settle(ids[1], at: 0, identity: identity)
      for id in ids {
        let asset = try agreed(&region, id)
        #expect(asset.discrepancies == nil)
        #expect((asset.aliases != nil) == (identity == .same))
      }
    }
  }

  @Test("notes that did not know of one another all count, and contest nothing")
  func notes() throws {
    var region = try Region(stations: 3, seed: 7)
    let id = try laptop(&region)
    let deployed = try region.deploy(id, at: 0)
    var facts = AssetFacts()
    facts.costCentre = "4711"
    try region.record(.amend(AmendDetails(set: facts, reason: "seen")), on: id, at: 1)
    try region.record(.bind(BindDetails(identifier: BoundIdentifier(.mac, "00:11"))), on: id, at: 2)
    let asset = try agreed(&region, id)
    #expect(asset.discrepancies == nil)
    #expect(asset.standing == deployed.to)
    #expect(asset.facts.costCentre == "4711")
    #expect(asset.identifiers.last?.kind == .mac)
    #expect(asset.version == 4)
  }

  @Test("a correction beside what depends on the corrected event is contested; a withdrawn claim contests nothing")
  func corrections() throws {
    var region = try Region(stations: 3, seed: 8)
    let id = try laptop(&region)
    let deployed = try region.deploy(id, at: 0)
    try region.tellAll()
    let correction = try region.correct(deployed, at: 1, to: Standing(state: .inStock))
    let returned = try region.takeBack(id, at: 2)
    let asset = try agreed(&region, id)
    #expect(asset.discrepancies?.map(\.claims) == [[correction.eventID, returned.eventID].sorted()])

    var other = try Region(stations: 2, seed: 9)
    let second = try laptop(&other)
    let wrong = try other.deploy(second, at: 0)
    try other.correct(wrong, at: 0, to: wrong.from)
    let right = try other.deploy(second, at: 1)
    let agreed = try agreed(&other, second)
    #expect(agreed.discrepancies == nil)
    #expect(agreed.standing == right.to)
  }

  @Test("three hundred receipts of one number that is none take bounded time, and each is asked about")
  func noNumber() throws {
    var region = try Region(stations: 1, seed: 10)
    var ids: [AssetID] = []
    for number in 0..<300 {
      ids.append(region.newID())
      try region.receive(ids[number], at: 0, serial: "Default string", tag: "AT-\(number)")
    }
    let assets = try ids.compactMap { try region.asset($0, at: 0) }
    #expect(assets.count == 300)
    #expect(assets.allSatisfy { $0.discrepancies?.map(\.kind) == [.identityQuestion] && $0.aliases == nil })
  }
}
