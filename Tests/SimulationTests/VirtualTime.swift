import Custody
import StationStore
import Synchronization

/// The true time of a simulated world: stands still until the world moves it on.
final class VirtualTime: Sendable {
  /// 2026-11-19 06:26:40 UTC.
  static let start: Int64 = 1_795_069_600_000
  private let milliseconds = Mutex(start)

  /// Milliseconds since 1970.
  var now: Int64 { milliseconds.withLock { $0 } }

  /// Moves on to a moment; never back.
  func advance(to moment: Int64) { milliseconds.withLock { $0 = max($0, moment) } }
}

/// The clock of one machine in the world: the true time and its own error, which may jump by years.
///
/// No two machines' clocks ever show the same millisecond, so that which of two acts was later never hangs on a random id:
/// a seed would else give two runs.
final class MachineClock: StationClock {
  private static let machines: Int64 = 16
  private let time: VirtualTime
  private let machine: Int64
  private let error: Mutex<Int64>

  init(_ time: VirtualTime, machine: Int, error: Int64 = 0) {
    self.time = time
    self.machine = Int64(machine) % Self.machines
    self.error = Mutex(error)
  }

  func now() -> Instant {
    let shown = time.now + error.withLock { $0 }
    return Instant(milliseconds: shown - shown % Self.machines + machine)
  }

  func offsetMinutes(at moment: Instant) -> Int { 60 }
  func isSynchronised() -> Bool { true }

  /// By how much it is wrong.
  var milliseconds: Int64 { error.withLock { $0 } }

  /// Sets by how much it is wrong from now on.
  func set(error milliseconds: Int64) { error.withLock { $0 = milliseconds } }
}
