import Custody
import StockCounting
import Testing

@Suite("Stock counts: who counts, and when it is closed") struct StockCountTests {
  private let desk = StockCount.Counter(id: Fixture.id(1), person: Fixture.kim, device: "desk", held: 0)
  private let phone = StockCount.Counter(id: Fixture.id(2), person: Fixture.lee, device: "phone", held: nil)

  private func code(_ closing: StockCount.Closing) -> String? {
    if case .refuse(let refusal) = closing { refusal.code } else { nil }
  }

  @Test("a phone that holds scans keeps the count open until they are in")
  func drained() throws {
    var count = StockCount(id: Fixture.id(5))
    #expect(count.report(desk) == nil)
    #expect(count.report(phone) == nil)
    // It joined and has said nothing.
    #expect(code(count.close(by: Fixture.kim, at: Fixture.moment, anyway: false)) == "count.close.out")
    var holding = phone
    holding.held = 12
    #expect(count.report(holding) == nil)
    guard case .refuse(let refusal) = count.close(by: Fixture.kim, at: Fixture.moment, anyway: false) else {
      Issue.record("it was closed though 12 observations were out")
      return
    }
    #expect(refusal.sentence.hasPrefix("12 observations are still on phone."))
    #expect(count.closed == nil)
    #expect(count.take(of: phone.id, by: Fixture.lee, isKnown: false) == .count)
    holding.held = 0
    #expect(count.report(holding) == nil)
    #expect(count.out.isEmpty)
    #expect(
      count.close(by: Fixture.kim, at: Fixture.moment, anyway: false)
        == .close(.init(at: Fixture.moment, by: Fixture.kim, outstanding: nil)))
  }

  @Test("who made an observation takes it back, once, while the count is open")
  func takenBack() {
    var count = StockCount(id: Fixture.id(5), counters: [desk])
    #expect(count.takeBack(of: desk.id, by: Fixture.kim, isTakenBack: false) == .takeBack)
    #expect(count.takeBack(of: desk.id, by: Fixture.kim, isTakenBack: true) == .again)
    func code(_ taking: StockCount.TakingBack) -> String? {
      if case .refuse(let refusal) = taking { refusal.code } else { nil }
    }
    #expect(code(count.takeBack(of: desk.id, by: Fixture.lee, isTakenBack: false)) == "count.undo.other")
    #expect(code(count.takeBack(of: phone.id, by: Fixture.lee, isTakenBack: false)) == "count.undo.other")
    _ = count.close(by: Fixture.kim, at: Fixture.moment, anyway: false)
    #expect(code(count.takeBack(of: desk.id, by: Fixture.kim, isTakenBack: false)) == "count.closed")
    // What was taken back before the closing and is told once more is no news.
    #expect(count.takeBack(of: desk.id, by: Fixture.kim, isTakenBack: true) == .again)
  }

  @Test("closed anyway, it says how many observations were out; what comes later is kept and does not count")
  func anyway() throws {
    var count = StockCount(id: Fixture.id(5))
    var holding = phone
    holding.held = 3
    #expect(count.report(holding) == nil)
    #expect(count.report(StockCount.Counter(id: Fixture.id(3), person: Fixture.kim, device: "sled", held: nil)) == nil)
    #expect(
      count.close(by: Fixture.kim, at: Fixture.moment, anyway: true)
        == .close(.init(at: Fixture.moment, by: Fixture.kim, outstanding: 4)))
    guard case .keepLate(let refusal) = count.take(of: phone.id, by: Fixture.lee, isKnown: false) else {
      Issue.record("a late observation was not kept as such")
      return
    }
    #expect(refusal.code == "count.closed")
    // What was here before the closing and comes once more is no news.
    #expect(count.take(of: phone.id, by: Fixture.lee, isKnown: true) == .again)
    // It may say that its queue is empty now; nobody new joins.
    holding.held = 0
    #expect(count.report(holding) == nil)
    #expect(
      count.report(StockCount.Counter(id: Fixture.id(4), person: Fixture.kim, device: "x", held: 0))?.code
        == "count.closed")
  }

  @Test("who closes it second is told who was first")
  func twice() {
    var count = StockCount(id: Fixture.id(5))
    #expect(code(count.close(by: Fixture.kim, at: Fixture.moment, anyway: false)) == nil)
    let later = Fixture.moment.advanced(byMilliseconds: 9)
    guard case .refuse(let refusal) = count.close(by: Fixture.lee, at: later, anyway: true) else {
      Issue.record("it was closed twice")
      return
    }
    #expect(refusal.code == "count.closed")
    #expect(refusal.previousBy == Fixture.kim)
    #expect(refusal.previousAt == Fixture.moment)
    #expect(refusal.kind == .duplicate)
    #expect(count.closed?.by == Fixture.kim)
  }

  @Test("nobody counts under another's counter, or without one")
  func others() {
    var count = StockCount(id: Fixture.id(5))
    #expect(count.report(desk) == nil)
    var stolen = desk
    stolen = StockCount.Counter(id: stolen.id, person: Fixture.lee, device: "desk", held: 0)
    #expect(count.report(stolen)?.code == "count.counter.other")
    guard case .refuse(let other) = count.take(of: desk.id, by: Fixture.lee, isKnown: false),
      case .refuse(let unknown) = count.take(of: phone.id, by: Fixture.lee, isKnown: false)
    else {
      Issue.record("an observation was taken of who is no counter")
      return
    }
    #expect(other.code == "count.counter.other")
    #expect(unknown.code == "count.counter.unknown")
  }
}
