import Custody
import StockCounting
import Testing

@Suite("Stock counts: what is accepted") struct AcceptanceTests {
  private func asset(_ state: LifecycleState, at place: LocationCode?) -> Asset {
    var asset = Asset(
      id: Fixture.id(1), state: state, head: Fixture.id(50), at: Fixture.moment, verb: .receive, operator: nil)
    asset.location = place
    return asset
  }

  private func line(
    _ observations: [Observation], state: LifecycleState = .inStock, isExpected: Bool = true
  ) -> CountLine {
    CountLine.asset(
      Fixture.id(1), recorded: Standing(state: state, location: state == .missing ? nil : Fixture.shelfA),
      isExpected: isExpected, observations, in: Fixture.places)
  }

  private func refusal(_ acceptance: CountLine.Acceptance) -> String? {
    if case .refuse(let refusal) = acceptance { refusal.code } else { nil }
  }

  @Test("missing becomes a declaration with the count as its incident")
  func missing() {
    #expect(
      line([]).acceptance(for: asset(.inStock, at: Fixture.shelfA), countNamed: "stock count 7")
        == .record(
          .declareMissing(MissingDetails(reason: "Not seen in stock count 7", incident: "stock count 7"))))
  }

  @Test("what was seen by a word that came late is not declared missing; who saw it, and when, is said")
  func seenLate() {
    let late = LateSighting(at: Fixture.moment, by: Fixture.kim, place: Fixture.shelfA)
    let stands = asset(.inStock, at: Fixture.shelfA)
    guard case .refuse(let refusal) = line([]).acceptance(for: stands, seenLate: late, countNamed: "x") else {
      Issue.record("it is declared missing")
      return
    }
    #expect(refusal.code == "count.accept.seenLate")
    #expect(refusal.previousAt == Fixture.moment)
    #expect(refusal.previousBy == Fixture.kim)
    #expect(refusal.sentence.contains(Fixture.shelfA.text))
  }

  @Test("found on another shelf becomes a transfer to that place")
  func moved() {
    let line = line([Fixture.seen(1, at: Fixture.shelfB, id: 1)])
    #expect(
      line.acceptance(for: asset(.inStock, at: Fixture.shelfA), countNamed: "stock count 7")
        == .record(
          .transfer(TransferDetails(location: Fixture.shelfB, reason: "Seen there in stock count 7"))))
  }

  @Test("found although missing becomes a find")
  func foundMissing() {
    let line = line([Fixture.seen(1, at: Fixture.shelfB, id: 1)], state: .missing, isExpected: false)
    #expect(
      line.acceptance(for: asset(.missing, at: nil), countNamed: "stock count 7")
        == .record(.found(FoundDetails(location: Fixture.shelfB, incident: "stock count 7"))))
  }

  @Test("what was recorded since the count looked is not overruled by it")
  func changed() {
    #expect(
      refusal(line([]).acceptance(for: asset(.deployed, at: nil), countNamed: "x")) == "count.accept.changed")
    let moved = line([Fixture.seen(1, at: Fixture.shelfB, id: 1)])
    #expect(
      refusal(moved.acceptance(for: asset(.inStock, at: Fixture.cage), countNamed: "x")) == "count.accept.changed")
  }

  @Test("a person can take the readers' word; nothing else follows from what agrees")
  func agrees() {
    let stands = asset(.inStock, at: Fixture.shelfA)
    #expect(line([Fixture.seen(1, .rfid, id: 1)]).acceptance(for: stands, countNamed: "x") == .note)
    #expect(
      refusal(line([Fixture.seen(1, id: 1)]).acceptance(for: stands, countNamed: "x")) == "count.accept.nothing")
  }

  @Test("no event follows from an unknown code, a duplicate label, or a sighting without a place")
  func nothing() throws {
    let variance = Variance(expected: [], observations: [Fixture.code("ZZ", id: 1)], places: Fixture.places)
    #expect(refusal(variance.lines[0].acceptance(for: nil, countNamed: "x")) == "count.accept.code")
    let apart = line([Fixture.seen(1, id: 1), Fixture.seen(1, at: Fixture.cage, id: 2, mark: "S-1")])
    #expect(
      refusal(apart.acceptance(for: asset(.inStock, at: Fixture.shelfA), countNamed: "x")) == "count.accept.code")
    let nowhere = line([Fixture.seen(1, at: nil, id: 1)], isExpected: false)
    #expect(
      refusal(nowhere.acceptance(for: asset(.inStock, at: Fixture.shelfA), countNamed: "x")) == "count.accept.noPlace")
  }

  // MARK: What is not of the storeroom

  private func seen(
    _ state: LifecycleState, custodian: Custodian? = nil, isExpected: Bool = false
  ) -> (CountLine, Asset) {
    var stands = asset(state, at: isExpected ? Fixture.shelfA : nil)
    stands.custodian = custodian
    let line = CountLine.asset(
      Fixture.id(1), recorded: stands.standing, isExpected: isExpected, [Fixture.seen(1, at: Fixture.shelfB, id: 1)],
      in: Fixture.places)
    return (line, stands)
  }

  private func ways(_ pair: (CountLine, Asset)) throws -> (ways: [CountLine.Way], usual: CountLine.Way?) {
    let choice = try pair.0.choice(for: pair.1).get()
    return (choice.ways, choice.usual)
  }

  @Test func `what somebody has on record is returned or left with them, as a person chooses, and not moved`() throws {
    let pair = seen(.deployed, custodian: .person(Fixture.kim))
    let open = try ways(pair)
    #expect(open.ways == [.takeBack, .leave])
    #expect(open.usual == nil)
    #expect(refusal(pair.0.acceptance(for: pair.1, countNamed: "x")) == "count.accept.choose")
    #expect(refusal(pair.0.acceptance(for: pair.1, countNamed: "x", .init(way: .transfer))) == "count.accept.way")
    #expect(pair.0.acceptance(for: pair.1, countNamed: "x", .init(way: .leave)) == .note)
    #expect(
      pair.0.acceptance(
        for: pair.1, countNamed: "x", .init(way: .takeBack, condition: "B", missingAccessories: ["charger"]))
        == .record(
          .return(ReturnDetails(condition: "B", location: Fixture.shelfB, missingAccessories: ["charger"]))))
  }

  @Test func `what is in use in a counted place and was seen in another may have moved with its person`() throws {
    let pair = seen(.deployed, custodian: .person(Fixture.kim), isExpected: true)
    #expect(try ways(pair).ways == [.takeBack, .transfer, .leave])
    #expect(
      pair.0.acceptance(for: pair.1, countNamed: "count 7", .init(way: .transfer))
        == .record(.transfer(TransferDetails(location: Fixture.shelfB, reason: "Seen there in count 7"))))
  }

  @Test func `what is in repair comes back from it, what is in transit arrives, each where it was counted`() throws {
    let repaired = seen(.inRepair)
    #expect(try ways(repaired).ways == [.repairIn, .leave])
    var back = RepairInDetails(outcome: "new hinge")
    back.location = Fixture.shelfB
    #expect(
      repaired.0.acceptance(for: repaired.1, countNamed: "x", .init(way: .repairIn, outcome: "new hinge"))
        == .record(.repairIn(back)))
    let arrived = seen(.inTransit)
    #expect(try ways(arrived).ways == [.arrive, .leave])
    var arrival = ArriveDetails(location: Fixture.shelfB)
    arrival.sealIntact = false
    #expect(
      arrived.0.acceptance(for: arrived.1, countNamed: "x", .init(way: .arrive, sealIntact: false))
        == .record(.arrive(arrival)))
  }

  @Test(arguments: [LifecycleState.expected, .quarantined, .retired, .disposed])
  func `what no count moves is told with the step that comes first`(_ state: LifecycleState) {
    let pair = seen(state)
    guard case .refuse(let refusal) = pair.0.acceptance(for: pair.1, countNamed: "x") else {
      Issue.record("it is accepted")
      return
    }
    #expect(refusal.code == "count.accept.state")
    #expect(refusal.remedy == state.firstStep)
  }

  @Test func `who has it now is not who had it when the count looked: nothing is taken back`() {
    var pair = seen(.deployed, custodian: .person(Fixture.kim))
    pair.1.custodian = .person(Fixture.lee)
    #expect(
      refusal(pair.0.acceptance(for: pair.1, countNamed: "x", .init(way: .takeBack))) == "count.accept.changed")
  }
}
