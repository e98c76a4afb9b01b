import StationStore
import StationSync
import SyncTestSupport

@testable import Station

/// A station of the world: its place, its process, and where its sync stands. A restart, or a folder that was put back, is
/// another process of the same machine.
struct Machine {
  /// The loops of the sync.
  enum Loop: Int, CaseIterable, Sendable { case push, pull, numbers, reference }

  let name: String
  let identity: StationIdentity
  let keySeed: UInt8
  let token: String
  let clock: MachineClock
  var process: StationProcess
  /// Counts its processes: what an earlier one still does says nothing any more.
  var generation = 0

  /// Where the loops stand.
  var pushing = SyncBackoff()
  var pulling = SyncService.PullState()
  var numbering = SyncBackoff(ceiling: .seconds(600))
  var reading = SyncBackoff(ceiling: .seconds(600))
  /// Which turn is the next one of each loop: a turn that was put off has another number.
  var tickets = [Int](repeating: 0, count: Loop.allCases.count)
  /// The push waits until something is sealed.
  var waitsForWork = false
  /// The pull's last page was empty: it waits for the log to grow.
  var waitsForLog = false

  /// No network until then.
  var cutOffUntil: Int64 = 0
  /// The folder as it was once.
  var backup: TemporaryFolder?
  /// It lost entries that the centre holds, or shares its key with a clone: it cannot go on as before.
  var hasForked = false
  /// Its disk is gone.
  var isGone = false
}
