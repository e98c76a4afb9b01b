/// An expected "no": nothing was recorded, and this is why and what to do.
public struct Refusal: Hashable, Sendable, Codable, Error {
  /// Whether the act was wrong, or already done.
  public enum Kind: String, Hashable, Sendable, Codable {
    case refused
    /// The asset already stands where the act would bring it: harmless, has its own tone.
    case duplicate
  }

  public let kind: Kind
  /// Stable and dotted, such as `custody.dispose.mediumNotSanitized`.
  public let code: String
  /// What is wrong, one sentence in the storeroom's words.
  public let sentence: String
  /// What to do about it.
  public let remedy: String
  /// When and by whom it was already done, for a duplicate.
  public let previousAt: Instant?
  public let previousBy: PersonID?

  /// A refusal.
  public init(
    _ code: String, _ sentence: String, remedy: String, kind: Kind = .refused, previousAt: Instant? = nil,
    previousBy: PersonID? = nil
  ) {
    self.kind = kind
    self.code = code
    self.sentence = sentence
    self.remedy = remedy
    self.previousAt = previousAt
    self.previousBy = previousBy
  }
}
