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
    var passages: [TagPassage] = []
    var passageCount = 0
  }

  /// How many news wait at most for who tells them; beyond that the oldest are dropped, for the field itself can be asked.
  private static let mostNews = 10_000
  /// How many passages through doors are remembered.
  static let mostPassages = 200

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
        state.passageCount += 1
        state.passages.append(TagPassage(number: state.passageCount, doorway: doorway, passage: passage))
      }
      state.passages.removeFirst(max(0, state.passages.count - Self.mostPassages))
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

  /// The last passages through doors, oldest first.
  var passages: [TagPassage] { state.withLock { $0.passages } }

  /// What was seen since the start.
  var statistics: TagStatistics { state.withLock { $0.field.statistics } }
}

/// A tag went through a doorway: a sighting, no change of custody.
struct TagPassage: Sendable, Hashable {
  /// Counts up from 1 since the station started.
  let number: Int
  /// The doorway's name in the settings.
  let doorway: String
  let passage: Doorway.Passage
}
