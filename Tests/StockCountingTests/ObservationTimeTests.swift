import Custody
import StockCounting
import Testing

@Suite("When an observation was made") struct ObservationTimeTests {
  private let opened = Instant(milliseconds: 1_772_442_000_000)
  private let now = Instant(milliseconds: 1_772_442_000_000 + 4 * 3_600_000)

  @Test("what a phone saw hours ago holds, and clocks may differ by five minutes")
  func holds() {
    for offset in [0, 1, 2 * 3_600_000, 4 * 3_600_000, 4 * 3_600_000 + 300_000, -300_000] as [Int64] {
      let claimed = opened.advanced(byMilliseconds: offset)
      #expect(Observation.credibleTime(claimed, opened: opened, now: now) == claimed)
    }
  }

  @Test("what lies in the future was made now, and what lies before the count at its opening")
  func cannotBe() {
    let ahead = now.advanced(byMilliseconds: 300_001)
    #expect(Observation.credibleTime(ahead, opened: opened, now: now) == now)
    #expect(Observation.credibleTime(Instant(milliseconds: 0), opened: opened, now: now) == opened)
  }
}
