/// Maps a reader's clock to ours.
///
/// A report takes a while to come, never less than nothing: so of many reports the one whose delay was smallest tells best how
/// far the clocks are apart. The smallest of the last minutes counts, because clocks drift and readers start anew.
public struct ReaderClock: Sendable {
  /// How long a measurement counts.
  private let window: Duration
  private var current: (offset: Duration, since: Duration)?
  private var next: (offset: Duration, since: Duration)?
  private var latest: Duration?

  /// How far behind what it told before a reader may tell, without its clock having been set back: reports come out of order.
  private static let disorder = Duration.seconds(5)

  /// A clock of which nothing is known.
  public init(window: Duration = .seconds(300)) { self.window = window }

  /// Notes that something the reader dates `time` came at `now`, and tells when it was on our clock: never after `now`, and
  /// never more than `window` before it.
  public mutating func map(_ time: ReaderTime, receivedAt now: Duration) -> Duration {
    let reader = Duration.microseconds(Int64(clamping: time.microseconds))
    let offset = now - reader
    if let latest, latest - reader > Self.disorder { reset() }
    latest = max(latest ?? reader, reader)
    // A leap of the reader's clock, or a reader that started anew: what was known is worth nothing.
    if let current, offset - current.offset > window { reset() }
    if offset < current?.offset ?? offset + .microseconds(1) { current = (offset, now) }
    if offset < next?.offset ?? offset + .microseconds(1) { next = (offset, now) }
    if let since = current?.since, now - since > window {
      current = next
      next = nil
    }
    return min(now, reader + (current?.offset ?? offset))
  }

  /// Forgets what is known: the reader was lost.
  public mutating func reset() { (current, next, latest) = (nil, nil, nil) }
}

extension ReaderTime {
  /// The number of microseconds, since 1970 or since the reader's start.
  public var microseconds: UInt64 {
    switch self {
    case .utc(let microseconds), .uptime(let microseconds): microseconds
    }
  }
}
