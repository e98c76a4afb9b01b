import Foundation

/// What a station says of wipe reports.
struct WipeReportReading: Decodable {
  struct Report: Decodable {
    let line: Int
    let file: String
    let place: String
    let serial: String?
    let serialSource: String
    let model: String?
    let tool: String
    let technique: String
    let achieved: String
    let result: String
    let passes: Bool
    let fit: String
    let detail: String
    let remedy: String?
    let warning: String?

    /// Whether nothing more is to be done about it.
    var isSettled: Bool { fit == "recorded" || (fit == "fits" && warning == nil) }

    var words: String {
      let drive = [model, serial ?? "no drive named"].compactMap { $0 }.joined(separator: " ")
      let at = place.isEmpty ? file : "\(file), \(place)"
      var lines = ["\(line)  \(drive)  \(tool), \(technique): \(achieved), \(result)  (\(at))", "   \(detail)"]
      if let warning { lines.append("   \(warning)") }
      if let remedy { lines.append("   \(remedy)") }
      return lines.joined(separator: "\n")
    }
  }

  struct Refused: Decodable {
    let file: String
    let place: String?
    let detail: String
    let remedy: String
  }

  struct Identity: Decodable {
    let file: String
    let serial: String?
  }

  /// How the upload is named when it is recorded.
  let files: String
  let reports: [Report]
  let refused: [Refused]
  let identities: [Identity]

  /// Whether every file was read and every report fits or is recorded.
  func isGood(_ recordings: [WipeRecordings.Item], isRecording: Bool) -> Bool {
    guard refused.isEmpty, recordings.allSatisfy({ $0.event != nil }) else { return false }
    let done = Set(recordings.map(\.line))
    return reports.allSatisfy { report in
      done.contains(report.line) || (isRecording ? report.fit == "recorded" : report.isSettled)
    }
  }

  func words(_ recordings: [WipeRecordings.Item], isRecording: Bool) -> String {
    var lines = refused.map { one in
      "\(one.file)\(one.place.map { ", \($0)" } ?? ""): \(one.detail)\n   \(one.remedy)"
    }
    lines += identities.map { "\($0.file): drive \($0.serial ?? "without a serial number")" }
    let became = Dictionary(recordings.map { ($0.line, $0) }) { first, _ in first }
    lines += reports.map { report in
      guard let item = became[report.line] else { return report.words }
      return report.words + "\n   " + item.words
    }
    let count = recordings.count { $0.event != nil }
    lines.append(
      isRecording
        ? "\(count) \(count == 1 ? "report" : "reports") recorded."
        : "Nothing was recorded. To record what fits: --operator BADGE --validator BADGE.")
    return lines.joined(separator: "\n")
  }
}

/// What became of reports that were to be recorded.
struct WipeRecordings: Decodable {
  struct Item: Decodable {
    let line: Int
    let event: String?
    let passes: Bool?
    let detail: String?
    let remedy: String?

    var words: String {
      guard let event else {
        return "Not recorded: " + [detail, remedy].compactMap { $0 }.joined(separator: " ")
      }
      return "Recorded as event \(event)\(passes == true ? ", passes." : "; it does not pass.")"
    }
  }

  let items: [Item]
}
