import Synchronization
import Testing

@testable import HTTPServing

/// Time that a test moves.
final class Moments: Sendable {
  private let state = Mutex(ContinuousClock.now)
  var now: ContinuousClock.Instant { state.withLock { $0 } }
  func advance(_ duration: Duration) { state.withLock { $0 += duration } }
}

struct TokenBucketTests {
  @Test func aBurstPassesAndThenOnlyWhatFillsUp() {
    let time = Moments()
    let buckets = TokenBuckets(burst: 3, perMinute: 6, now: { time.now })
    for _ in 0..<3 { #expect(buckets.take("a") == nil) }
    // One token in ten seconds.
    #expect(buckets.take("a") == 10)
    time.advance(.seconds(4))
    #expect(buckets.take("a") == 6)
    #expect(buckets.take("b") == nil)
    time.advance(.seconds(6))
    #expect(buckets.take("a") == nil)
    #expect(buckets.take("a") == 10)
    // It holds no more than the burst, however long nobody asks.
    time.advance(.seconds(86_400))
    for _ in 0..<3 { #expect(buckets.take("a") == nil) }
    #expect(buckets.take("a") == 10)
  }

  @Test func tenThousandStrangersAtOnceAreHeldOffAndForgotten() {
    let time = Moments()
    let buckets = TokenBuckets(burst: 1, perMinute: 60, now: { time.now })
    for number in 0..<10_000 { #expect(buckets.take("\(number)") == nil) }
    #expect(buckets.take("one more") == 60)
    time.advance(.seconds(1))
    #expect(buckets.take("one more") == nil)
  }
}
