/// How sure a reading of a code is.
public enum Confidence: Int, Comparable, Hashable, Sendable, Codable {
  /// Nothing speaks against it, and little for it.
  case guess
  /// A check digit, a form that the field has and few others, or what was learned on another carton.
  case likely
  /// A standard, the label's own words, or the catalogue says so.
  case certain
  /// An operator said so of another carton of this very model.
  case corrected
  /// An operator said so of this carton.
  case chosen

  public static func < (left: Confidence, right: Confidence) -> Bool { left.rawValue < right.rawValue }

  /// Its name in the API, where whatever an operator said is `corrected`.
  public var name: String {
    switch self {
    case .guess: "guess"
    case .likely: "likely"
    case .certain: "certain"
    case .corrected, .chosen: "corrected"
    }
  }
}
