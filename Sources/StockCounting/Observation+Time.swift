import Custody

extension Observation {
  /// How far a counter's clock may be off before its word is not taken any longer, in milliseconds: five minutes.
  public static let clockTolerance: Int64 = 5 * 60_000

  /// When it was made, by the counter's own clock, as far as that can be. A phone may come back hours after it saw something, so
  /// what lies in the past holds. What a clock says that is plainly wrong does not: later than `now` (by the station's clock) is
  /// taken for now, and earlier than the count's opening for the opening, each once it is off by more than ``clockTolerance``.
  public static func credibleTime(_ claimed: Instant, opened: Instant, now: Instant) -> Instant {
    if claimed > now.advanced(byMilliseconds: clockTolerance) { return now }
    if claimed < opened.advanced(byMilliseconds: -clockTolerance) { return opened }
    return claimed
  }
}
