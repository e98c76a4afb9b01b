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
}
