import Custody
import StationStore

/// Shows moments as the station's clock and time zone have them.
struct Moments: Sendable {
  let clock: any StationClock
  let now: Instant

  init(clock: any StationClock) {
    self.clock = clock
    now = clock.now()
  }

  /// Near at a glance, exact on hover.
  func view(_ moment: Instant) -> MomentView {
    MomentView(iso: iso(moment), exact: exact(moment), relative: relative(moment))
  }

  /// `10:42`.
  func time(_ moment: Instant) -> String { String(local(moment).description.dropFirst(11).prefix(5)) }

  /// As papers have it: `2026-11-20 14:03:11 +00:00`.
  func stamped(_ moment: Instant) -> String { exact(moment) + " " + iso(moment).dropFirst(19) }

  /// The station's day.
  var today: CalendarDate {
    CalendarDate(daysSince1970: Int64((Double(local(now).milliseconds) / 86_400_000).rounded(.down)))
  }

  /// `10:42`, and the day before it when that is not today's.
  func dated(_ moment: Instant) -> String {
    let day = local(moment).description.prefix(10)
    return day == local(now).description.prefix(10) ? time(moment) : "\(day) \(time(moment))"
  }

  /// Whether it was, or will be, on the station's day.
  func isToday(_ moment: Instant) -> Bool {
    local(moment).description.prefix(10) == local(now).description.prefix(10)
  }

  private func local(_ moment: Instant) -> Instant {
    moment.advanced(byMilliseconds: Int64(clock.offsetMinutes(at: moment)) * 60_000)
  }

  private func iso(_ moment: Instant) -> String {
    let offset = clock.offsetMinutes(at: moment)
    let hours = String(abs(offset) / 60)
    let minutes = String(abs(offset) % 60)
    return local(moment).description.prefix(19) + (offset < 0 ? "-" : "+")
      + (hours.count < 2 ? "0" + hours : hours) + ":" + (minutes.count < 2 ? "0" + minutes : minutes)
  }

  private func exact(_ moment: Instant) -> String {
    let text = local(moment).description
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  private func relative(_ moment: Instant) -> String {
    let seconds = (now.milliseconds - moment.milliseconds) / 1000
    switch seconds {
    case ..<(-60): return String(exact(moment).prefix(16))
    case ..<45: return "just now"
    case ..<3600: return "\(max(1, seconds / 60)) min ago"
    default:
      let today = local(now).description.prefix(10)
      if local(moment).description.prefix(10) == today { return time(moment) }
      let days = (local(now).milliseconds / 86_400_000) - (local(moment).milliseconds / 86_400_000)
      if days == 1 { return "yesterday \(time(moment))" }
      return days < 30 ? "\(days) days ago" : String(local(moment).description.prefix(10))
    }
  }
}
