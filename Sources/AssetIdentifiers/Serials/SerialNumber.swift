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

  /// Every serial number that a text may be, by the rules of a manufacturer, or of all of them. An offer, not a finding:
  /// where the manufacturer is not known, only rules with ``SerialRule/isSelfEvident`` tell.
  public static func readings(
    of text: String, manufacturer: String? = nil, rules: [SerialRule] = SerialRule.known
  ) -> [SerialNumber] {
    rules.filter { manufacturer == nil || $0.manufacturer.lowercased() == manufacturer?.lowercased() }
      .compactMap { $0.reading(of: text) }
  }

  /// With what can be derived: of a Dell service tag its express service code, and the other way round. Nil for a code
  /// that stands for no tag, and for a week that no year has.
  var completed: SerialNumber? {
    switch rule.id {
    case "dell.serviceTag":
      guard let code = DellServiceTag.expressServiceCode(of: value) else { return nil }
      return with(value, details + [Detail(name: "expressServiceCode", value: code)])
    case "dell.expressServiceCode":
      guard let tag = DellServiceTag.serviceTag(of: value) else { return nil }
      return with(tag, details + [Detail(name: "expressServiceCode", value: value)])
    // All of such a label tells one unit from others; the last part counts only within the parts before.
    case "dell.pieceIdentification": return with(text, details + [Detail(name: "unit", value: value)])
    default:
      let week = details.first { $0.name == "week" }.flatMap { Int($0.value) }
      // Their years and weeks are part of these serial numbers.
      return week.map { (1...53).contains($0) } ?? true ? self : nil
    }
  }

  private func with(_ value: String, _ details: [Detail]) -> SerialNumber {
    SerialNumber(value: value, text: text, rule: rule, details: details)
  }
}
