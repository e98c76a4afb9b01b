/// When to connect again: after each failure twice as long as before. Pure.
public struct Reconnection: Hashable, Sendable {
  /// The wait after the first failure.
  public let first: Duration
  /// The longest wait.
  public let ceiling: Duration
  /// How long a connection has to hold before the next failure counts as the first again: a reader that takes connections only
  /// to close them must not be asked all the time.
  public let proof: Duration

  /// Failures in a row.
  public private(set) var failures = 0

  /// No failures yet; every duration is above zero.
  public init(first: Duration = .seconds(1), ceiling: Duration = .seconds(30), proof: Duration = .seconds(10)) {
    self.first = first
    self.ceiling = ceiling
    self.proof = proof
  }

  /// Notes the end of a connection that held for so long, zero for none; gives back how long to wait.
  public mutating func failed(after held: Duration) -> Duration {
    if held >= proof { failures = 0 }
    let wait = min(ceiling, first * (1 << min(failures, 20)))
    failures += 1
    return wait
  }
}
