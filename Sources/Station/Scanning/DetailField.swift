import Custody
import CustodyLedger

/// One thing that has to be captured for a verb: where it stands in the verb's `details`, what a form calls it, and how
/// text becomes its value. The one table of these drives the desk's forms, the API's flat fields and the words of
/// refusals that miss something.
struct DetailField: Sendable {
  /// How text from a form becomes a value.
  enum Kind: Sendable {
    case text, longText, date, yesNo
    /// Words separated by commas or semicolons: an array.
    case list
    /// Drive serials separated by commas or semicolons: an array of media.
    case media
    case choice([(value: String, label: String)])
    /// A location's code, chosen from the catalogue.
    case location
    /// A person, chosen from the catalogue.
    case person
    /// A line of a purchase order as `ORDER/LINE`.
    case orderLine
    /// One of the scanned asset's media, by serial.
    case medium
  }

  /// Dotted path in `details`.
  let path: String
  var label: String
  var kind: Kind = .text
  var required = false
  var hint: String?
  /// Folded away under `More`.
  var isExtra = false
  /// What is said while it is not captured, a sentence; nil where the act and the label say it: `Receive needs: Location.`
  var missing: String?

  /// The value that a form's text stands for; nil for an empty field, which takes the value out.
  func value(of text: String) -> Result<CanonicalJSON?, FieldFault> {
    let trimmed = Self.trimmed(text)
    if trimmed.isEmpty { return .success(nil) }
    switch kind {
    case .text, .longText, .choice, .location, .person, .medium:
      return .success(.string(trimmed))
    case .date:
      guard CalendarDate(trimmed) != nil else { return .failure(FieldFault(label: label, wanted: "a day YYYY-MM-DD")) }
      return .success(.string(trimmed))
    case .yesNo:
      switch trimmed.lowercased() {
      case "yes", "true", "on", "1": return .success(.bool(true))
      case "no", "false", "off", "0": return .success(.bool(false))
      default: return .failure(FieldFault(label: label, wanted: "yes or no"))
      }
    case .list:
      return .success(.array(parts(trimmed).map { .string($0) }))
    case .media:
      if trimmed.lowercased() == "none" { return .success(.array([])) }
      return .success(.array(parts(trimmed).map { ["serial": .string($0)] }))
    case .orderLine:
      guard let slash = trimmed.lastIndex(of: "/"), let line = Int64(trimmed[trimmed.index(after: slash)...]), line > 0
      else { return .failure(FieldFault(label: label, wanted: "order and line, such as PO-2031/4")) }
      return .success(["order": .string(String(trimmed[..<slash])), "line": .integer(line)])
    }
  }

  private func parts(_ text: String) -> [String] {
    text.split(whereSeparator: { ",;\n".contains($0) }).map(Self.trimmed).filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// A field of a form that cannot be taken.
struct FieldFault: Error, Hashable, Sendable {
  let label: String
  let wanted: String
}
