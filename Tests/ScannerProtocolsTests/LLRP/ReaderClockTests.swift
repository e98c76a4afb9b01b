import ScannerProtocols
import Testing

struct ReaderClockTests {
  /// The reader's clock reads 1,000 s more than ours.
  private func at(_ milliseconds: Int) -> ReaderTime {
    .utc(microseconds: UInt64(1_000_000_000 + milliseconds * 1_000))
  }

  @Test func `the report that came fastest tells how far the clocks are apart`() {
    var clock = ReaderClock()
    #expect(clock.map(at(0), receivedAt: .milliseconds(80)) == .milliseconds(80))
    #expect(clock.map(at(1_000), receivedAt: .milliseconds(1_005)) == .milliseconds(1_005))
    // From here on, moments are known to 5 ms.
    #expect(clock.map(at(2_000), receivedAt: .milliseconds(2_300)) == .milliseconds(2_005))
    #expect(clock.map(at(2_100), receivedAt: .milliseconds(2_300)) == .milliseconds(2_105))
  }

  @Test func `nothing happens after it was told of`() {
    var clock = ReaderClock()
    _ = clock.map(at(0), receivedAt: .zero)
    #expect(clock.map(at(5_000), receivedAt: .milliseconds(100)) == .milliseconds(100))
  }

  @Test func `a clock that runs slower is followed`() {
    var clock = ReaderClock(window: .seconds(60))
    var last = Duration.zero
    // 1 ms lost every second, for ten minutes: 600 ms in all.
    for second in 0..<600 { last = clock.map(at(second * 999), receivedAt: .seconds(second)) }
    #expect(.seconds(599) - last <= .milliseconds(130))
  }

  @Test func `a reader that starts anew is believed at once`() {
    var clock = ReaderClock()
    _ = clock.map(.uptime(microseconds: 900_000_000), receivedAt: .seconds(10))
    #expect(clock.map(.uptime(microseconds: 1_000_000), receivedAt: .seconds(20)) == .seconds(20))
    #expect(clock.map(.uptime(microseconds: 2_000_000), receivedAt: .milliseconds(21_500)) == .seconds(21))
  }

  @Test func `a clock that is set back is followed at once`() {
    var clock = ReaderClock()
    #expect(clock.map(at(100_000), receivedAt: .seconds(1)) == .seconds(1))
    // Out of order by less than it takes to be believed: the tag was heard a second ago.
    #expect(clock.map(at(99_500), receivedAt: .milliseconds(1_500)) == .milliseconds(500))
    // A minute back.
    #expect(clock.map(at(41_000), receivedAt: .seconds(2)) == .seconds(2))
    #expect(clock.map(at(42_000), receivedAt: .milliseconds(3_400)) == .seconds(3))
  }

  @Test func `whatever a reader dates, nothing traps`() {
    var clock = ReaderClock()
    for microseconds in [0, 1, UInt64.max, UInt64(Int64.max), 1_700_000_000_000_000] {
      #expect(clock.map(.utc(microseconds: microseconds), receivedAt: .seconds(1)) <= .seconds(1))
    }
  }
}
