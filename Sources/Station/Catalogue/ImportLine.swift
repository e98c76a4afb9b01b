/// What a row of a file comes to.
public struct ImportLine: Hashable, Sendable {
  /// What it brings.
  public enum Effect: String, Hashable, Sendable, CaseIterable {
    case new, changed
    /// It is there just so.
    case known
  }

  /// Most that a report names one by one.
  static let most = 500

  /// The line that the row begins on, from 1.
  public let line: Int
  public let effect: Effect
  /// Who or what it is about: a name, a code, an order with its line.
  public let what: String
}
