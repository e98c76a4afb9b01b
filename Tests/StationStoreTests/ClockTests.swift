import Custody
import GRDB
import StationStore
import SyncTestSupport
import Testing

/// A wall clock that goes wrong: the ledger says so, and its own order stands.
struct ClockTests {
  @Test func aClockThatStepsBackIsSaidAndOrderStands() async throws {
    let clock = TestClock()
    let folder = try TemporaryFolder()
    var store = try Desk.open(folder.path, clock: clock)
    // Seconds from the start; a restart in the middle of the bad time.
    let steps: [(Int64, ClockTrust)] = [
      (0, .synchronised), (10, .synchronised), (-3600, .steppedBack), (-3600, .synchronised), (-1800, .synchronised),
      (11, .synchronised),
    ]
    for (number, (seconds, _)) in steps.enumerated() {
      clock.set(TestClock.start.advanced(byMilliseconds: seconds * 1000))
      _ = try await store.register("AT-\(number)")
      if number == 2 {
        try store.close()
        store = try Desk.open(folder.path, clock: clock)
      }
    }
    let events = try await store.read { try $0.entries(after: 0, limit: 10).map(\.event) }
    #expect(events.map(\.clockTrust) == steps.map(\.1))
    #expect(events.map(\.wallClock) == steps.map { TestClock.start.advanced(byMilliseconds: $0.0 * 1000) })
    // The hybrid clock never goes back: it counts on from the latest moment that was seen.
    let start = TestClock.start.milliseconds
    #expect(
      events.map(\.hlc) == [
        HybridTime(milliseconds: start, counter: 0), HybridTime(milliseconds: start + 10_000, counter: 0),
        HybridTime(milliseconds: start + 10_000, counter: 1), HybridTime(milliseconds: start + 10_000, counter: 2),
        HybridTime(milliseconds: start + 10_000, counter: 3), HybridTime(milliseconds: start + 11_000, counter: 0),
      ])
    try await store.expectWhole()
    try store.close()
  }
}
