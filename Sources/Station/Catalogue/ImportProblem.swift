/// What keeps a row, or a whole file, from being imported.
public struct ImportProblem: Hashable, Sendable, Encodable {
  /// Stable and dotted, such as `import.date.unreadable`; a rule of custody keeps its own, such as
  /// `custody.identifier.taken`.
  public let code: String
  /// The line that the row begins on, from 1.
  public let line: Int
  /// The column as the file calls it; nil when the row as a whole is wrong.
  public let column: String?
  /// What stands there, cut after 80 characters.
  public let value: String?
  /// What is wrong, one sentence.
  public let reason: String
  /// What to do about it.
  public let remedy: String
  /// The other row's line, when two rows are at odds.
  public let otherLine: Int?

  init(
    _ code: String, line: Int, column: String? = nil, value: String? = nil, _ reason: String, remedy: String,
    otherLine: Int? = nil
  ) {
    self.code = code
    self.line = line
    self.column = column
    self.value = value.map { $0.count > 80 ? $0.prefix(79) + "…" : $0 }
    self.reason = reason
    self.remedy = remedy
    self.otherLine = otherLine
  }
}
