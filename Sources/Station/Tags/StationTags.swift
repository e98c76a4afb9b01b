import ReaderNetwork
import ScannerProtocols
import Synchronization

/// What the station's RFID readers see, on USB and on the network alike: the one place where all their reads come together.
///
/// Whoever has reads hands them over with `take(_:from:)`, from any thread. What comes of them is shown, and never moves
/// custody. Times are of `time`.
final class StationTags: Sendable {
  private struct State {
    var field: TagField
    var news: [TagField.News] = []
    var overflow = 0
    /// Passages that are not in the store yet, oldest first, and how many were too many.
    var unkept: [TagPassage] = []
    var lost = 0
    var keepingFails = false

    mutating func bound() {
      let excess = max(0, unkept.count - StationTags.mostUnkept)
      unkept.removeFirst(excess)
      lost += excess
    }
  }

  /// How many news wait at most for who tells them; beyond that the oldest are dropped, for the field itself can be asked.
  private static let mostNews = 10_000
  /// How many passages through doors wait at most for the store; beyond that the oldest are lost.
  static let mostUnkept = 10_000

  let time: Stopwatch
  private let state: Mutex<State>
  private let wake = Wake()

  init(_ configuration: TagField.Configuration = .init(), time: Stopwatch = Stopwatch()) {
    self.time = time
    state = Mutex(State(field: TagField(configuration: configuration)))
  }

  /// Takes reads that a reader has just made. `reader` is the station's own name for it: of a reader on USB its device id,
  /// of one on the network its name in the settings.
  func take(_ reads: [TagRead], from reader: String) {
    let now = time.elapsed
    take(reads.map { TimedRead(read: $0, at: now) }, from: reader)
  }

  /// Takes reads that a reader made at times that are known.
  func take(_ reads: [TimedRead], from reader: String) {
    change { field in reads.flatMap { field.take($0.read, reader: reader, at: $0.at) } }
  }

  /// A reader was lost: its tags count as there until they have not been heard for the usual while.
  func interrupt(reader: String) {
    let now = time.elapsed
    change { field in
      field.interrupt(reader: reader, at: now)
      return []
    }
  }

  /// Sees which tags have gone by now; to be called a few times a second.
  func tick() {
    let now = time.elapsed
    change { $0.tick(at: now) }
  }

  private func change(_ body: (inout TagField) -> [TagField.News]) {
    let hasNews = state.withLock { state in
      let news = body(&state.field)
      guard !news.isEmpty else { return false }
      for case .passage(let doorway, let passage) in news {
        state.unkept.append(TagPassage(doorway: doorway, passage: passage))
      }
      state.bound()
      state.news += news
      let excess = state.news.count - Self.mostNews
      if excess > 0 {
        state.news.removeFirst(excess)
        state.overflow += excess
      }
      return true
    }
    if hasNews { wake.signal() }
  }

  /// What happened since it was asked last, in order, and how much of it was dropped; waits until there is something, or the
  /// task is cancelled. For one caller.
  func news() async -> (news: [TagField.News], dropped: Int) {
    await wake.wait()
    return state.withLock { state in
      defer { (state.news, state.overflow) = ([], 0) }
      return (state.news, state.overflow)
    }
  }

  /// The tags that are there, first come first.
  var present: [TagSighting] {
    state.withLock { $0.field.present }.sorted {
      $0.firstSeen == $1.firstSeen ? $0.epc.lexicographicallyPrecedes($1.epc) : $0.firstSeen < $1.firstSeen
    }
  }

  /// How many tags are there.
  var count: Int { state.withLock { $0.field.presentCount } }

  // MARK: Passages on their way to the store

  /// The passages that are not kept yet, oldest first, and how many were lost because too many waited. Who takes them keeps
  /// them, or puts them back.
  func takeUnkept() -> (passages: [TagPassage], lost: Int) {
    state.withLock { state in
      defer { (state.unkept, state.lost) = ([], 0) }
      return (state.unkept, state.lost)
    }
  }

  /// Gives passages back that could not be kept; true when that is news.
  func putBack(_ passages: [TagPassage]) -> Bool {
    state.withLock { state in
      defer { state.keepingFails = true }
      state.unkept = passages + state.unkept
      state.bound()
      return !state.keepingFails
    }
  }

  /// Passages could be kept.
  func keepingWorks() { state.withLock { $0.keepingFails = false } }

  /// What was seen since the start.
  var statistics: TagStatistics { state.withLock { $0.field.statistics } }
}

/// A tag went through a doorway: a sighting, no change of custody.
struct TagPassage: Sendable, Hashable {
  /// The doorway's name in the settings.
  let doorway: String
  let passage: Doorway.Passage
}
