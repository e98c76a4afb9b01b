/// A scan that cannot be taken as it is: why, where in it, and what to do.
public struct IdentifierError: Error, Hashable, Sendable {
  /// Stable and dotted, such as `identifier.controlCharacter`.
  public let code: String
  /// What is wrong, one sentence in the storeroom's words.
  public let sentence: String
  /// What to do about it.
  public let remedy: String
  /// First byte of what is wrong, counted from 0 in the scan's bytes (in the symbology identifier for
  /// `identifier.symbologyIdentifier`).
  public let start: Int
  /// How many bytes are wrong; 0 where something is missing.
  public let length: Int

  init(_ code: String, _ sentence: String, remedy: String, start: Int, length: Int) {
    self.code = "identifier." + code
    self.sentence = sentence
    self.remedy = remedy
    self.start = start
    self.length = length
  }

  /// For a line of input that is longer than any that is taken, and is shown cut off.
  public static func lineTooLong(shown: Int, most: Int) -> IdentifierError {
    IdentifierError(
      "lineTooLong", "The line has more than \(most) bytes; \(shown) are shown.",
      remedy: "Give one scan a line.", start: 0, length: shown)
  }

  /// The same error at another place.
  func moved(to start: Int, length: Int) -> IdentifierError {
    IdentifierError(code: code, sentence: sentence, remedy: remedy, start: start, length: length)
  }

  private init(code: String, sentence: String, remedy: String, start: Int, length: Int) {
    self.code = code
    self.sentence = sentence
    self.remedy = remedy
    self.start = start
    self.length = length
  }
}
