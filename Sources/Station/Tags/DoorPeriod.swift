import Custody
import Hummingbird
import StationStore

/// The station's days over which a door is compared with the record, from the first to the last; today unless a request says
/// otherwise.
struct DoorPeriod: Sendable {
  /// The most days: passages are kept no longer.
  static let mostDays: Int64 = 92

  let from: CalendarDate
  let to: CalendarDate
  /// Whether the request named any of them.
  let isGiven: Bool
  /// From the beginning of the first day up to, but without, the end of the last.
  let moments: Range<Instant>

  /// Reads `from` and `to`, days that are both in it. Throws the problem for what is none, and for too long a time.
  init(_ request: Request, _ clock: Moments) throws {
    let first = try Self.day("from", request)
    let last = try Self.day("to", request)
    isGiven = first != nil || last != nil
    from = first ?? last ?? clock.today
    to = last ?? max(from, clock.today)
    guard from <= to else {
      throw Problem.malformed("to is a day before from.", pointer: "/to", remedy: "Give the later day as to.")
    }
    guard to.daysSince1970 - from.daysSince1970 < Self.mostDays else {
      throw Problem.malformed(
        "from and to are more than \(Self.mostDays) days.", pointer: "/from",
        remedy: "Compare a shorter time: passages are kept for about three months.")
    }
    moments = clock.start(of: from)..<clock.start(of: CalendarDate(daysSince1970: to.daysSince1970 + 1))
  }

  private static func day(_ name: String, _ request: Request) throws -> CalendarDate? {
    guard let text = request.text(name) else { return nil }
    guard let day = CalendarDate(text) else {
      throw Problem.malformed(
        "\(name) is no day: it is written 2026-11-21.", pointer: "/\(name)", remedy: "Give it as YYYY-MM-DD.")
    }
    return day
  }
}

extension Moments {
  /// When a day of the station begins.
  func start(of day: CalendarDate) -> Instant {
    let midnight = Instant(milliseconds: day.daysSince1970 * 86_400_000)
    // The clocks may have changed between midnight here and midnight UTC.
    let near = midnight.advanced(byMilliseconds: -Int64(clock.offsetMinutes(at: midnight)) * 60_000)
    return midnight.advanced(byMilliseconds: -Int64(clock.offsetMinutes(at: near)) * 60_000)
  }
}
