import Custody

extension StringProtocol {
  /// Without blanks, tabs and line ends at either end.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// What follows `prefix`; nil where it does not begin so.
  func after(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }

  /// What stands between the first `start` and the first `end` after it; nil without both.
  func between(_ start: String, _ end: String) -> String? {
    guard let from = firstRange(of: start), let to = self[from.upperBound...].firstRange(of: end) else { return nil }
    return String(self[from.upperBound..<to.lowerBound])
  }

  /// A whole number without sign; nil for what is none or beyond `Int64`.
  var number: Int64? { !isEmpty && allSatisfy { $0.isASCII && $0.isNumber } ? Int64(self) : nil }
}

/// Bytes as text, held to what a report may be.
enum ReportText {
  /// The text of a file in UTF-8, a byte order mark left away. Throws the fault that says at which line it is none.
  static func strict(_ bytes: [UInt8]) throws(ReportFault) -> String {
    try refuseNUL(bytes)
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        .firstIndex { String(validating: $0, as: UTF8.self) == nil }
      throw ReportFault(
        "notUTF8", at: line.map { "line \($0 + 1)" }, "The text is not in UTF-8.", remedy: ReportFault.askForItAnew)
    }
    return text
  }

  /// Lines of a file that may hold a drive's own bytes: what is no UTF-8 becomes U+FFFD, and is no serial number.
  static func lines(_ bytes: [UInt8]) throws(ReportFault) -> [String] {
    try refuseNUL(bytes)
    return String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }
    ).map(String.init)
  }

  private static func refuseNUL(_ bytes: [UInt8]) throws(ReportFault) {
    if let at = bytes.firstIndex(of: 0) {
      throw ReportFault(
        "notText", at: "byte \(at + 1)", "There is a NUL byte in it: this is no text, or it was damaged.",
        remedy: ReportFault.askForItAnew)
    }
  }
}

/// A moment as tools write it: a local time without its offset from UTC.
enum LocalTime {
  /// Reads `2026/11/22 11:16:53`, `2026-11-22 11:16:53` or `2026-11-22T11:16:53`, with an offset (`+0100`, `+01:00`, `Z`)
  /// after it or else at `offset` minutes east of UTC. Nil for any other.
  static func moment(_ text: some StringProtocol, offset: Int) -> Instant? {
    let bytes = Array(text.trimmed.utf8)
    guard bytes.count >= 19,
      let date = CalendarDate(
        String(decoding: bytes[..<10], as: UTF8.self).replacing("/", with: "-")), [0x20, 0x54].contains(bytes[10])
    else { return nil }
    let clock = String(decoding: bytes[11..<19], as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
    guard clock.count == 3, clock.allSatisfy({ $0.count == 2 }), let hour = clock[0].number, hour < 24,
      let minute = clock[1].number, minute < 60, let second = clock[2].number, second < 60
    else { return nil }
    guard let offset = Self.offset(String(decoding: bytes[19...], as: UTF8.self).trimmed, else: offset) else {
      return nil
    }
    let minutes = Int64(hour) * 60 + minute - Int64(offset)
    return Instant(milliseconds: date.daysSince1970 * 86_400_000 + minutes * 60_000 + second * 1000)
  }

  private static func offset(_ text: String, else standard: Int) -> Int? {
    if text.isEmpty { return standard }
    if text == "Z" { return 0 }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard let sign = text.first, sign == "+" || sign == "-", digits.count == 4, let value = digits.number,
      value / 100 < 24, value % 100 < 60
    else { return nil }
    let minutes = Int(value / 100 * 60 + value % 100)
    return sign == "-" ? -minutes : minutes
  }
}
