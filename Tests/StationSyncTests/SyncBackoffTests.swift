import StationSync
import Testing

/// Gives the highest number always (the longest pause), or the lowest.
private struct Fixed: RandomNumberGenerator {
  let word: UInt64
  mutating func next() -> UInt64 { word }
}

@Suite struct SyncBackoffTests {
  private func seconds(_ pause: Duration) -> Double {
    Double(pause.components.seconds) + Double(pause.components.attoseconds) / 1e18
  }

  @Test("pauses double up to the ceiling")
  func doubles() {
    var random = Fixed(word: 0)
    var backoff = SyncBackoff(first: .seconds(2), ceiling: .seconds(10))
    // With the lowest random number each pause is half of 2, 4, 8, 10, 10.
    for expected in [1.0, 2, 4, 5, 5] {
      let pause = backoff.failed(using: &random)
      #expect(abs(seconds(pause) - expected) < 1e-6)
    }
    #expect(backoff.failures == 5)
  }

  @Test("a pause is random, between half and the whole")
  func jitters() {
    var random = SystemRandomNumberGenerator()
    var seen: Set<Duration> = []
    for _ in 0..<200 {
      var backoff = SyncBackoff(first: .seconds(8), ceiling: .seconds(60))
      let pause = backoff.failed(using: &random)
      #expect(pause >= .seconds(4) && pause <= .seconds(8))
      seen.insert(pause)
    }
    #expect(seen.count > 100)
  }

  @Test("after a success the next failure is the first again")
  func succeeds() {
    var random = Fixed(word: 0)
    var backoff = SyncBackoff(first: .seconds(2), ceiling: .seconds(64))
    for _ in 0..<4 { _ = backoff.failed(using: &random) }
    backoff.succeeded()
    #expect(backoff.failures == 0)
    #expect(abs(seconds(backoff.failed(using: &random)) - 1) < 1e-6)
  }

  @Test("Retry-After is honoured, up to an hour, and never shortens a pause")
  func retryAfter() {
    var random = Fixed(word: 0)
    var backoff = SyncBackoff(first: .seconds(2), ceiling: .seconds(64))
    let asked = backoff.failed(retryAfter: .seconds(30), using: &random)
    #expect(abs(seconds(asked) - 30) < 1e-6)
    let absurd = backoff.failed(retryAfter: .seconds(1_000_000), using: &random)
    #expect(abs(seconds(absurd) - 3600) < 1e-6)
    for _ in 0..<5 { _ = backoff.failed(using: &random) }
    let short = backoff.failed(retryAfter: .seconds(1), using: &random)
    #expect(abs(seconds(short) - 32) < 1e-6)
  }

  @Test("a thousand failures overflow nothing")
  func long() {
    var random = Fixed(word: 0)
    var backoff = SyncBackoff(first: .seconds(1), ceiling: .seconds(120))
    var pause = Duration.zero
    for _ in 0..<1000 { pause = backoff.failed(using: &random) }
    #expect(abs(seconds(pause) - 60) < 1e-6)
  }
}
