/// `details` of `label`: a label that carries one of the asset's marks was printed for it. Until ``ProveLabelDetails``
/// follows, nobody has seen that the label can be read.
public struct LabelDetails: Hashable, Sendable, Codable {
  /// Why a label is printed.
  public enum Purpose: String, Hashable, Sendable, Codable, CaseIterable {
    /// The mark has not been printed before.
    case first
    /// Another label with the same mark: the first was lost, torn or never came out.
    case reprint
    /// A label with a new mark, in place of one with another.
    case replacement
  }

  /// What became of it, as far as the printer can tell.
  public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    case printed
    /// It was sent, and the printer did not say what became of it: it may exist, and it may exist twice.
    case unknown
  }

  /// The mark that stands in its code and in its text; one that the asset carries.
  public var mark: BoundIdentifier
  /// What was written to the label's RFID tag: an EPC in capital hexadecimal, whole 16-bit words; nil for a label
  /// without a tag.
  public var epc: String?
  public var purpose: Purpose
  /// Why it is printed again or replaced; never missing but for the first.
  public var reason: String?
  /// The mark that stood on the label before; for a replacement only.
  public var replaces: BoundIdentifier?
  /// Name of the label template.
  public var template: String
  /// Name of the printer at the station.
  public var printer: String
  /// How many of them; see ``copiesAtOnce``.
  public var copies: Int
  public var outcome: Outcome

  /// How many of one label may be asked for at once.
  public static let copiesAtOnce = 1...999

  /// The "no" to fewer or more.
  public static func refusal(ofCopies copies: Int) -> Refusal {
    Refusal(
      "custody.label.copies", "\(copies) labels cannot be printed at once.",
      remedy: "Enter a number from \(copiesAtOnce.lowerBound) to \(copiesAtOnce.upperBound).")
  }

  /// A printed label.
  public init(
    mark: BoundIdentifier, epc: String? = nil, purpose: Purpose = .first, reason: String? = nil,
    replaces: BoundIdentifier? = nil, template: String, printer: String, copies: Int = 1, outcome: Outcome = .printed
  ) {
    self.mark = mark
    self.epc = epc
    self.purpose = purpose
    self.reason = reason
    self.replaces = replaces
    self.template = template
    self.printer = printer
    self.copies = copies
    self.outcome = outcome
  }
}

/// `details` of `proveLabel`: the label that was printed last was scanned back, and says what it must.
public struct ProveLabelDetails: Hashable, Sendable, Codable {
  /// What its code said.
  public var mark: BoundIdentifier
  /// What its RFID tag said, in capital hexadecimal; never missing for a label with a tag.
  public var epc: String?
  /// The `label` event that it proves. Filled in by `decide`.
  public var label: EventID?

  /// A label that was read.
  public init(mark: BoundIdentifier, epc: String? = nil) {
    self.mark = mark
    self.epc = epc
  }
}
