/// How a manufacturer writes serial numbers.
public struct SerialRule: Hashable, Sendable {
  /// Stable, such as `dell.serviceTag`.
  public let id: String
  public let manufacturer: String
  /// What it is called, such as `service tag`.
  public let name: String
  /// Where the rule is from.
  public let source: String
  /// What a match proves, one sentence.
  public let proves: String
  /// Whether the form alone tells; otherwise the manufacturer must be known as well.
  public let isSelfEvident: Bool
}
