import Synchronization

/// Who asked how often: a bucket of tokens for each key, that fills at a steady rate. Bounded: when there are too many keys,
/// those whose bucket is full are forgotten, for they say nothing.
public final class TokenBuckets: Sendable {
  private struct Bucket {
    var tokens: Double
    var at: ContinuousClock.Instant
  }

  /// Most keys that are kept.
  private static let mostKeys = 10_000

  /// What a bucket holds.
  private let burst: Double
  /// Tokens a second.
  private let rate: Double
  private let now: @Sendable () -> ContinuousClock.Instant
  private let buckets = Mutex<[String: Bucket]>([:])

  /// Buckets of `burst` tokens that fill by `perMinute`.
  public init(
    burst: Int, perMinute: Double, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.burst = Double(burst)
    rate = perMinute / 60
    self.now = now
  }

  /// Takes a token. Nil when there was one; else the whole seconds after which there will be.
  public func take(_ key: String) -> Int? {
    let moment = now()
    return buckets.withLock { buckets in
      if buckets.count >= Self.mostKeys, buckets[key] == nil {
        buckets = buckets.filter { filled($0.value, at: moment) < burst }
        // Ten thousand at once who all ask too often: whoever comes new waits.
        guard buckets.count < Self.mostKeys else { return 60 }
      }
      let tokens = buckets[key].map { filled($0, at: moment) } ?? burst
      guard tokens >= 1 else {
        buckets[key] = Bucket(tokens: tokens, at: moment)
        return max(1, Int(((1 - tokens) / rate).rounded(.up)))
      }
      buckets[key] = Bucket(tokens: tokens - 1, at: moment)
      return nil
    }
  }

  private func filled(_ bucket: Bucket, at moment: ContinuousClock.Instant) -> Double {
    let seconds = (moment - bucket.at) / .seconds(1)
    return min(burst, bucket.tokens + seconds * rate)
  }
}
