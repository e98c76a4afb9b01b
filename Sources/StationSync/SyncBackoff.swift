/// When to try the centre again: after each failure twice as long as before, each time by a random share less, so that
/// a hundred stations do not come back at one moment. Pure: fed with randomness.
public struct SyncBackoff: Hashable, Sendable {
  /// The longest pause after the first failure, and after any.
  public let first: Duration
  public let ceiling: Duration
  /// The longest that a centre may ask for.
  public static let longestRetryAfter = Duration.seconds(3600)

  /// Failures since the last success.
  public private(set) var failures = 0

  /// A backoff without failures. Both pauses are above zero.
  public init(first: Duration = .seconds(1), ceiling: Duration = .seconds(120)) {
    self.first = first
    self.ceiling = ceiling
  }

  /// Notes a failure, and gives back how long to leave the centre alone: half to the whole of the doubled pause, and not
  /// less than the centre asked for, plus up to a tenth of that.
  public mutating func failed(
    retryAfter: Duration? = nil, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let doublings = min(failures, 30)
    failures += 1
    let longest = min(ceiling, first * (1 << doublings))
    var pause = longest * (0.5 + 0.5 * Self.share(&random))
    if let retryAfter, retryAfter > .zero {
      pause = max(pause, min(retryAfter, Self.longestRetryAfter) * (1 + 0.1 * Self.share(&random)))
    }
    return pause
  }

  /// A number from 0 to below 1, from the 53 high bits of one word: `Double.random` would draw again for some words.
  private static func share(_ random: inout some RandomNumberGenerator) -> Double {
    Double(random.next() >> 11) * 0x1p-53
  }

  /// Notes an answer: the next failure is the first again.
  public mutating func succeeded() { failures = 0 }
}
