import Custody
import StationStore
import Synchronization

/// A clock that can be set while the demo's history is recorded, and otherwise follows another one. Only a demo opens
/// its store with it: a station's own clock cannot be set.
public final class DemoClock: StationClock {
  private let base: any StationClock
  private let moment = Mutex<Instant?>(nil)

  /// A clock that follows `base` until it is set.
  public init(following base: any StationClock = SystemClock()) { self.base = base }

  /// Stands still at `moment`; nil follows the other clock again.
  func set(_ moment: Instant?) { self.moment.withLock { $0 = moment } }

  /// The moment it was set to, else now.
  public func now() -> Instant { moment.withLock { $0 } ?? base.now() }

  /// As the other clock has it.
  public func offsetMinutes(at moment: Instant) -> Int { base.offsetMinutes(at: moment) }

  /// As the other clock has it.
  public func isSynchronised() -> Bool { base.isSynchronised() }
}
