/// The data identifiers of ANSI MH10.8.2.
public enum DataIdentifier {
  /// What the value behind an identifier is, in our words; nil when the standard has not assigned it.
  public static func meaning(of identifier: String) -> String? {
    if let meaning = table[identifier] { return meaning }
    if identifier.last == "Z", let line = Int(identifier.dropLast()), (10...99).contains(line) {
      return line == 10 ? "header of structured free text" : "line \(line - 10) of structured free text"
    }
    return nil
  }

  /// What kind of thing an identifier is of: the standard's category, by its letter; nil for a letter that has none.
  public static func category(of identifier: String) -> String? {
    switch identifier.last {
    case "B": "container"
    case "C": "continuation"
    case "D": "date"
    case "E": "environment"
    case "F": "looping"
    case "H": "person or party"
    case "I": "vehicle"
    case "J": "licence plate"
    case "K": "transaction"
    case "L": "location"
    case "M": "military form"
    case "N": "industry code"
    case "P": "item"
    case "Q": "measurement"
    case "R": "miscellaneous"
    case "S": "traceability of one entity"
    case "T": "traceability of a group"
    case "U": "postal"
    case "V": "party to the transaction"
    case "W": "activity"
    case "Z": "agreed"
    default: nil
    }
  }
}
