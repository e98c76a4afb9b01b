import Custody

extension Cell {
  /// What a text says of a day.
  enum Day: Hashable {
    case day(CalendarDate)
    /// Day and month cannot be told apart.
    case ambiguous
    case unreadable
  }

  /// Reads `2026-11-21`, also with a time after it, `2026/11/21`, `20261121`, `21.11.2026`, and `21/11/2026` or
  /// `11/21/2026` where only one of the two can be meant.
  static func day(_ text: String) -> Day {
    if let date = CalendarDate(text) { return .day(date) }
    let head = text.split(whereSeparator: { $0 == " " || $0 == "T" }).first.map(String.init) ?? ""
    let parts = head.split(whereSeparator: { $0 == "-" || $0 == "/" || $0 == "." })
    let numbers = parts.compactMap { part in part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil }
    if parts.count == 1, head.utf8.count == 8, let number = numbers.first {
      return date(number / 10_000, number / 100 % 100, number % 100)
    }
    guard parts.count == 3, numbers.count == 3 else { return .unreadable }
    if parts[0].count == 4 { return date(numbers[0], numbers[1], numbers[2]) }
    guard parts[2].count == 4 else { return .unreadable }
    let (first, second, year) = (numbers[0], numbers[1], numbers[2])
    // Only with dots is it agreed which comes first.
    if head.contains(".") || first > 12 { return date(year, second, first) }
    if second > 12 { return date(year, first, second) }
    return first == second ? date(year, first, second) : .ambiguous
  }

  private static func date(_ year: Int, _ month: Int, _ day: Int) -> Day {
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    return CalendarDate("\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))").map(Day.day) ?? .unreadable
  }

  /// The same day so many months later, or the last of its month where that month is shorter. Nil past the year 9999.
  static func day(_ date: CalendarDate, plusMonths months: Int) -> CalendarDate? {
    let parts = date.description.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (0...1200).contains(months) else { return nil }
    let month = parts[0] * 12 + parts[1] - 1 + months
    for day in stride(from: parts[2], through: parts[2] - 3, by: -1) {
      if case .day(let found) = self.date(month / 12, month % 12 + 1, day) { return found }
    }
    return nil
  }

  /// `36`, `36 months`, `36 Monate`, `3 years`, `3 Jahre`: in months.
  static func months(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number <= 1200 else { return nil }
    switch HeaderKey(String(text.dropFirst(digits.count))).text {
    case "", "m", "mo", "month", "months", "monat", "monate": return number
    case "y", "year", "years", "jahr", "jahre": return number <= 100 ? number * 12 : nil
    default: return nil
    }
  }
}
