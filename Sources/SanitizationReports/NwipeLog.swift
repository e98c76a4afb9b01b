import Custody

/// nwipe's log: one run after another, each ending with the table of drive status. What the table says counts only where
/// the lines before it bear it out.
struct NwipeLog {
  private let lines: [String]
  private let circumstances: ReadingCircumstances

  init(_ lines: [String], _ circumstances: ReadingCircumstances) {
    self.lines = lines
    self.circumstances = circumstances
  }

  /// Whether these are nwipe's lines.
  static func recognises(_ lines: [String]) -> Bool {
    lines.contains { line in
      guard let message = Line(line, offset: 0)?.message else { return line.contains("* Drive Status *") }
      return message.hasPrefix("Invoking method ") || (message.hasPrefix("banner") && message.contains("nwipe"))
    }
  }

  /// The reports of every run, in their order.
  func reports() throws(ReportFault) -> [WipeReport] {
    var reports: [WipeReport] = []
    var unfinished: [WipeReport] = []
    var run = NwipeRun()
    for (index, text) in lines.enumerated() {
      if let line = Line(text, offset: circumstances.offset) {
        if line.message.hasPrefix("Program options are set as follows"), run.hasBegun {
          unfinished += run.unfinished(circumstances)
          run = NwipeRun()
        }
        run.take(line, number: index + 1)
      }
      if try run.takeRow(text, number: index + 1) { continue }
      if text.contains("Total Throughput") {
        reports += try run.reports(circumstances)
        run = NwipeRun()
      }
    }
    unfinished += run.unfinished(circumstances)
    guard !reports.isEmpty else {
      throw .truncated(
        "The log ends without the table of drive status: nothing says how the wipe ended.", at: "line \(lines.count)")
    }
    return reports + unfinished
  }

  /// One line with a time: `[2026/11/22 11:16:53]  notice: …`; before 0.29 with `nwipe:` after the time.
  struct Line {
    let at: Instant
    let message: String

    init?(_ text: String, offset: Int) {
      guard text.hasPrefix("["), let stamp = text.between("[", "]"), let at = LocalTime.moment(stamp, offset: offset)
      else { return nil }
      var rest = String(text.dropFirst(stamp.count + 2)).trimmed
      if let inner = rest.after("nwipe: ") { rest = inner.trimmed }
      guard let level = rest.firstRange(of: ":"), rest[..<level.lowerBound].allSatisfy(\.isLetter) else {
        return nil
      }
      self.at = at
      message = String(rest[level.upperBound...]).trimmed
    }

    /// The device that the line names last: `/dev/sda`.
    var device: String? {
      guard let start = message.ranges(of: "/dev/").last else { return nil }
      let name = message[start.lowerBound...].prefix { !$0.isWhitespace && !"',:".contains($0) }
      return name.hasSuffix(".") ? String(name.dropLast()) : String(name)
    }
  }
}
