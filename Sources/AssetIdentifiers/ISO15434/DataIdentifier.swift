/// The data identifiers of ANSI MH10.8.2.
public enum DataIdentifier {
  /// What the value behind an identifier is, in our words; nil when the standard has not assigned it.
  public static func meaning(of identifier: String) -> String? { table[identifier] }
}
