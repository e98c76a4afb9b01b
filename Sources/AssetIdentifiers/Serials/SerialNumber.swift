/// A serial number by a manufacturer's rule. The rule says what it proves; a form alone proves little.
public struct SerialNumber: Hashable, Sendable {
  /// The serial number alone, without prefixes of the label.
  public let value: String
  /// The label's text that it was read from.
  public let text: String
  public let rule: SerialRule
  /// What else the label's text says, in order: names such as `model`, `machineType`, `expressServiceCode`.
  public let details: [Detail]

  /// A named part.
  public struct Detail: Hashable, Sendable {
    public let name: String
    public let value: String
  }
}
