/// A moment: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Written as RFC 3339 with
/// exactly three decimals and `Z`, as the ledger requires.
public struct Instant: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// Milliseconds since 1970, UTC.
  public let milliseconds: Int64

  /// A moment from milliseconds since 1970, UTC.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The moment `milliseconds` later.
  public func advanced(byMilliseconds milliseconds: Int64) -> Instant {
    Instant(milliseconds: self.milliseconds + milliseconds)
  }

  /// Earlier moments first.
  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  /// `2026-11-21T08:15:30.123Z`.
  public var description: String {
    let day = milliseconds >= 0 ? milliseconds / 86_400_000 : (milliseconds - 86_399_999) / 86_400_000
    let ofDay = milliseconds - day * 86_400_000
    let date = CalendarDate(daysSince1970: day)
    return "\(date)T\(padded(ofDay / 3_600_000, 2)):\(padded(ofDay / 60_000 % 60, 2)):"
      + "\(padded(ofDay / 1000 % 60, 2)).\(padded(ofDay % 1000, 3))Z"
  }

  /// Reads exactly the form that `description` writes. Nil for any other.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 24, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "."), bytes[23] == UInt8(ascii: "Z"),
      let date = CalendarDate(String(text.prefix(10))),
      let hour = digits(bytes[11..<13]), hour < 24, let minute = digits(bytes[14..<16]), minute < 60,
      let second = digits(bytes[17..<19]), second < 60, let milli = digits(bytes[20..<23])
    else { return nil }
    milliseconds = date.daysSince1970 * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + milli
  }

  /// Decodes the RFC 3339 form; throws `DecodingError.dataCorrupted` for any other.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let instant = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not of the form 2026-11-21T08:15:30.123Z")
    }
    self = instant
  }

  /// Encodes the RFC 3339 form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A day of the Gregorian calendar (ISO 8601 `YYYY-MM-DD`, years 0000 to 9999), without a time zone.
public struct CalendarDate: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let daysSince1970: Int64

  /// The day so many days after 1970-01-01.
  public init(daysSince1970: Int64) { self.daysSince1970 = daysSince1970 }

  /// Reads `YYYY-MM-DD`; nil when it is malformed or no such day exists.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]), let day = digits(bytes[8..<10]),
      (1...12).contains(month), day >= 1
    else { return nil }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length: [Int64] = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= length[Int(month) - 1] else { return nil }
    // Days from civil: years begin in March, so that the leap day is the last of its year.
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    daysSince1970 = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `YYYY-MM-DD`.
  public var description: String {
    let z = daysSince1970 + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted + (shifted < 10 ? 3 : -9)
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Earlier days first.
  public static func < (left: Self, right: Self) -> Bool { left.daysSince1970 < right.daysSince1970 }

  /// Decodes `YYYY-MM-DD`; throws `DecodingError.dataCorrupted` for anything else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let date = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a day YYYY-MM-DD")
    }
    self = date
  }

  /// Encodes `YYYY-MM-DD`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let text = String(number)
  return text.utf8.count >= width ? text : String(repeating: "0", count: width - text.utf8.count) + text
}

private func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
  var value: Int64 = 0
  for byte in bytes {
    guard (0x30...0x39).contains(byte) else { return nil }
    value = value * 10 + Int64(byte - 0x30)
  }
  return value
}
