/// How long to wait before something that failed is tried again: each time twice as long, up to a ceiling. Pure.
public struct Backoff: Sendable, Equatable {
  /// The wait after the first failure.
  public let first: Duration
  /// The longest wait.
  public let ceiling: Duration
  /// How long it has to go well before the next failure counts as the first again.
  public let proof: Duration
  /// Failures in a row.
  public private(set) var failures = 0

  private var wellSince: ContinuousClock.Instant?

  /// A backoff without failures; every duration is above zero.
  public init(first: Duration = .milliseconds(500), ceiling: Duration = .seconds(30), proof: Duration = .seconds(10)) {
    self.first = first
    self.ceiling = ceiling
    self.proof = proof
  }

  /// Notes that it goes well now. What works for a moment only has proved nothing yet.
  public mutating func wentWell(at now: ContinuousClock.Instant) {
    // A clock that went backwards starts the proof anew.
    guard let since = wellSince, since <= now else {
      wellSince = now
      return
    }
    if now - since >= proof { failures = 0 }
  }

  /// Notes a failure, and gives back when to try again.
  public mutating func failed(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    wellSince = nil
    let wait = min(ceiling, first * (1 << min(failures, 20)))
    failures += 1
    return now + wait
  }
}
