/// An expected "no" to a label: what is wrong with what it should say, and what to do.
public struct LabelRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable and dotted, such as `label.text.doesNotFit`.
  public let code: String
  /// What is wrong, one sentence.
  public let sentence: String
  /// What to do about it.
  public let remedy: String
  /// The field that it is about, where it is about one; of a list's row as `items[3].serial`, rows from 1.
  public let field: String?
  /// The box of the template that it is about, by its id or its line.
  public let box: String?

  /// A refusal.
  public init(_ code: String, _ sentence: String, remedy: String, field: String? = nil, box: String? = nil) {
    self.code = code
    self.sentence = sentence
    self.remedy = remedy
    self.field = field
    self.box = box
  }

  public var description: String { "\(sentence) \(remedy)" }
}

/// The answer to what is asked of a label.
public enum LabelAnswer<Made: Sendable>: Sendable {
  case made(Made)
  case refused(LabelRefusal)

  /// What was made. Throws the refusal, for callers that have nothing else to do with it.
  public func get() throws(LabelRefusal) -> Made {
    switch self {
    case .made(let made): return made
    case .refused(let refusal): throw refusal
    }
  }
}
