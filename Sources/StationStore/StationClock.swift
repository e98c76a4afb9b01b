import Custody
import Foundation

/// Where the station takes its time from; tests put their own in.
public protocol StationClock: Sendable {
  /// The wall clock now.
  func now() -> Instant
  /// Minutes east of UTC at that moment.
  func offsetMinutes(at moment: Instant) -> Int
  /// Whether the system vouches for its clock.
  func isSynchronised() -> Bool
}

/// The machine's own clock.
public struct SystemClock: StationClock {
  private let synchronised: Bool

  /// The machine's own clock. Whether the system vouches for it is asked once: systemd-timesyncd leaves a mark when it
  /// has set the clock. A station that started earlier, or beside another time service, says *unverified*: the safe side.
  public init() {
    synchronised = FileManager.default.fileExists(atPath: "/run/systemd/timesync/synchronized")
  }

  /// CLOCK_REALTIME in whole milliseconds.
  public func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The offset of the machine's time zone.
  public func offsetMinutes(at moment: Instant) -> Int {
    var seconds = time_t(moment.milliseconds / 1000)
    var local = tm()
    localtime_r(&seconds, &local)
    return local.tm_gmtoff / 60
  }

  /// What the time service had said when the clock was made.
  public func isSynchronised() -> Bool { synchronised }
}
