import BarcodeVision
import Custody
import StationStore
import Synchronization

/// How many frames a client may send. Fed with time.
struct FrameAllowance: Sendable {
  /// Frames a second that may come for ever, and at once.
  static let rate = 4.0
  static let burst = 6.0

  private var credit = burst
  private var latest: ContinuousClock.Instant?

  /// Takes one frame's worth; false when there is none left. A clock that goes back gives nothing.
  mutating func take(at now: ContinuousClock.Instant) -> Bool {
    if let latest, now > latest { credit = min(Self.burst, credit + (now - latest) / .seconds(1) * Self.rate) }
    latest = now
    guard credit >= 1 else { return false }
    credit -= 1
    return true
  }
}

/// The sessions into which browsers post frames, each with what it has in view. Bounded: of more than that, the one unused
/// longest is forgotten.
final class PhoneFrames: Sendable {
  private struct Entry {
    var watch: FrameWatch?
    var allowance = FrameAllowance()
    var lastUse: UInt64
  }

  private struct State {
    var entries: [SessionID: Entry] = [:]
    var uses: UInt64 = 0
  }

  static let mostSessions = 64
  private let state = Mutex(State())

  /// Takes a session's watch out for one frame; throws the problem when frames come too fast, or before the last one was
  /// answered. Give it back in any case.
  func take(
    _ session: SessionID, at now: ContinuousClock.Instant, repeatAfter: Duration
  ) throws -> FrameWatch {
    try state.withLock { state in
      state.uses += 1
      var entry =
        state.entries[session]
        ?? Entry(watch: FrameWatch(device: "phone", repeatAfter: repeatAfter), lastUse: state.uses)
      entry.lastUse = state.uses
      let isAllowed = entry.allowance.take(at: now)
      let watch = isAllowed ? entry.watch : nil
      if watch != nil { entry.watch = nil }
      state.entries[session] = entry
      if state.entries.count > Self.mostSessions,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.entries[oldest.key] = nil
      }
      guard let watch else { throw Problem.tooManyFrames }
      return watch
    }
  }

  /// Gives a watch back.
  func giveBack(_ watch: FrameWatch, to session: SessionID) { state.withLock { $0.entries[session]?.watch = watch } }
}

extension Problem {
  static var tooManyFrames: Problem {
    var problem = Problem(
      .tooManyRequests, "frames.tooMany", "Too many frames",
      detail: "A session takes \(Int(FrameAllowance.rate)) frames a second, one at a time.",
      remedy: "Wait for the answer to a frame before sending the next one, and send no more than 3 a second.")
    problem.retryAfter = 1
    return problem
  }
}
