/// How far an import has come.
public struct ImportProgress: Hashable, Sendable {
  /// What is being done.
  public enum Phase: String, Hashable, Sendable {
    /// Rows are read and checked.
    case reading
    /// PINs are hashed: a tenth of a second each, on purpose.
    case hashing
    /// Rows are compared with what is known.
    case checking
    /// Events are signed and written.
    case recording
  }

  public let phase: Phase
  public let done: Int
  public let total: Int
}

/// Tells of progress at most ten times a second, and at the end of the last phase.
struct ImportPace: Sendable {
  static let interval = Duration.milliseconds(100)

  let elapsed: @Sendable () -> Duration
  let report: @Sendable (ImportProgress) -> Void
  private var last: Duration?

  init(elapsed: @escaping @Sendable () -> Duration, report: @escaping @Sendable (ImportProgress) -> Void) {
    self.elapsed = elapsed
    self.report = report
  }

  /// Tells, if it is time.
  mutating func tell(_ phase: ImportProgress.Phase, _ done: Int, of total: Int) {
    // The clock is not asked for every row: it costs as much as reading one.
    guard done & 63 == 0 || phase == .hashing else { return }
    let now = elapsed()
    if let last, now - last < Self.interval { return }
    last = now
    report(ImportProgress(phase: phase, done: done, total: total))
  }

  /// Tells of the end.
  func tellEnd(_ total: Int) { report(ImportProgress(phase: .recording, done: total, total: total)) }
}
