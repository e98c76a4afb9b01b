import Glibc

extension ZXingChild {
  /// How long a child is waited for.
  ///
  /// One that computes may take as much of the processor's time as the limit says. Where it has to share the processor with many others,
  /// that takes longer, and it is waited for as long as it wants to run; one that sleeps, or was stopped, hangs.
  struct Patience {
    /// How many times the limit a child is waited for that is kept from the processor.
    static let busyFactor = 15
    /// How often it is looked at beyond the limit.
    private static let look = Duration.milliseconds(200)

    private let process: pid_t
    private let limit: Duration
    private let start: ContinuousClock.Instant
    private let spentBefore: Duration

    init(of process: pid_t, _ limit: Duration, since start: ContinuousClock.Instant = .now) {
      self.process = process
      self.start = start
      self.limit = limit
      spentBefore = Self.spent(by: process)
    }

    /// For how long it is waited for now, before it is looked at again; zero when it is to be given up.
    var left: Duration {
      let waited = ContinuousClock.now - start
      if waited < limit { return limit - waited }
      guard waited < limit * Self.busyFactor, Self.spent(by: process) - spentBefore < limit, wantsToRun else {
        return .zero
      }
      return Self.look
    }

    /// Whether it computes, or waits for the processor or the disk (proc(5), the third field of `stat`: R and D).
    private var wantsToRun: Bool {
      let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return false }
      defer { close(file) }
      var bytes = [UInt8](repeating: 0, count: 512)
      let count = read(file, &bytes, bytes.count)
      // The second field is the program's name in brackets, at most 16 bytes, which may be anything.
      guard count > 0, let bracket = bytes[..<count].lastIndex(of: UInt8(ascii: ")")), bracket + 2 < count else {
        return false
      }
      return [UInt8(ascii: "R"), UInt8(ascii: "D")].contains(bytes[bracket + 2])
    }

    /// The processor's time that a process has had; none when it has gone.
    private static func spent(by process: pid_t) -> Duration {
      var clock = clockid_t()
      var time = timespec()
      guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .zero }
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
  }
}
