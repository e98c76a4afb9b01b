/// A span of time, from its first moment to just before its end; without bounds it is all of time.
public struct Period: Hashable, Sendable {
  /// The first moment in it; nil for the beginning of time.
  public let from: Instant?
  /// The first moment behind it; nil for the end of time.
  public let to: Instant?

  /// A span; nil when it ends before it begins, or as it begins.
  public init?(from: Instant? = nil, to: Instant? = nil) {
    if let from, let to, to <= from { return nil }
    self.from = from
    self.to = to
  }

  /// All of time.
  public static let always = Period(always: ())

  private init(always: Void) { (from, to) = (nil, nil) }

  /// Whether a moment is in it.
  public func contains(_ moment: Instant) -> Bool {
    from.map { $0 <= moment } ?? true && to.map { moment < $0 } ?? true
  }
}

extension Instant {
  /// Reads a moment as people give a bound: `2026-11-21` for the day's first moment, or as behind a span, where
  /// `isEnd`, for the moment after its last; else `2026-11-21T08:15:30.123Z`, with or without the milliseconds. UTC.
  public init?(bound text: String, isEnd: Bool) {
    if let day = CalendarDate(text) {
      self.init(milliseconds: (day.daysSince1970 + (isEnd ? 1 : 0)) * 86_400_000)
    } else if let moment = Instant(text) {
      self = moment
    } else if text.utf8.count == 20, text.hasSuffix("Z"), let moment = Instant(text.dropLast() + ".000Z") {
      self = moment
    } else {
      return nil
    }
  }
}
