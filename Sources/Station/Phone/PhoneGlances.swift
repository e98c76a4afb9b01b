import Custody
import Synchronization

/// How many pictures each person's phones may have looked at. Bounded: of more people than that, the one unused longest is
/// forgotten.
final class PhoneGlances: Sendable {
  private struct Entry {
    var allowance = FrameAllowance()
    var turn = 0
    var lastUse: UInt64 = 0
  }

  private struct State {
    var entries: [PersonID: Entry] = [:]
    var uses: UInt64 = 0
  }

  static let mostPeople = 256
  private let state = Mutex(State())

  /// Takes one picture's worth; gives back how many came before it. Throws the problem when they come too fast.
  func take(_ person: PersonID, at now: ContinuousClock.Instant) throws -> Int {
    try state.withLock { state in
      state.uses += 1
      var entry = state.entries[person] ?? Entry()
      entry.lastUse = state.uses
      let isAllowed = entry.allowance.take(at: now)
      if isAllowed { entry.turn &+= 1 }
      state.entries[person] = entry
      if state.entries.count > Self.mostPeople,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.entries[oldest.key] = nil
      }
      guard isAllowed else { throw Problem.tooManyFrames }
      return entry.turn - 1
    }
  }
}
