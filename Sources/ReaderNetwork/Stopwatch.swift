/// Time that only goes forward, counted from when the stopwatch was made: what waits are measured in, and what the moments
/// of tag reads are told in. Tests put a clock of their own in.
public struct Stopwatch: Sendable {
  private let clock: any Clock<Duration>
  private let sinceStart: @Sendable () -> Duration

  /// A stopwatch that starts now.
  public init(_ clock: any Clock<Duration> = .continuous) {
    self.clock = clock
    sinceStart = clock.stopwatch()
  }

  /// The time since the start.
  public var elapsed: Duration { sinceStart() }

  /// Waits. Throws `CancellationError` when the task is cancelled.
  public func wait(_ duration: Duration) async throws { try await clock.sleep(for: duration) }
}

extension Clock where Duration == Swift.Duration {
  fileprivate func stopwatch() -> @Sendable () -> Duration {
    let start = now
    return { start.duration(to: now) }
  }
}
