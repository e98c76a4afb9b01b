/// Why a file, or a line of it, cannot be taken: an expected "no".
public struct ReportFault: Error, Hashable, Sendable {
  /// Stable and dotted, such as `wipeReport.truncated`.
  public let code: String
  /// Where it is: `line 12`, `byte 40` or a path; nil for the file as a whole.
  public let place: String?
  public let sentence: String
  public let remedy: String

  public init(_ code: String, at place: String? = nil, _ sentence: String, remedy: String) {
    self.code = "wipeReport." + code
    self.place = place
    self.sentence = sentence
    self.remedy = remedy
  }
}

extension ReportFault {
  static let askForItAnew = "Take the report from the tool again, as it wrote it."

  static func malformed(_ sentence: String, at place: String?) -> Self {
    Self("malformed", at: place, sentence, remedy: askForItAnew)
  }

  static func truncated(_ sentence: String, at place: String? = nil) -> Self {
    Self(
      "truncated", at: place, sentence,
      remedy: "Wait until the tool has ended, and take its whole report; if it never ended, wipe the drive again.")
  }

  static func contradictory(_ sentence: String, at place: String?) -> Self {
    Self(
      "contradictory", at: place, sentence,
      remedy: "Take the report from the tool again; if it still says both, wipe the drive again.")
  }
}
