/// The label that was printed last for an asset, and whether it was scanned back.
public struct LabelStanding: Hashable, Sendable, Codable {
  /// The `label` event.
  public let event: EventID
  /// What its code must say.
  public let mark: BoundIdentifier
  /// What its RFID tag must say, in capital hexadecimal; nil for a label without one.
  public let epc: String?
  /// What stood on the label before, where this one replaces it: it is taken off the asset once this one is proved.
  public let replaces: BoundIdentifier?
  public let printedAt: Instant
  /// The `proveLabel` event; nil while the label is unproven.
  public var proof: EventID?
  public var provedAt: Instant?

  /// Whether it was scanned back.
  public var isProven: Bool { proof != nil }

  /// A label that nobody has scanned back yet.
  public init(
    event: EventID, mark: BoundIdentifier, epc: String? = nil, replaces: BoundIdentifier? = nil, printedAt: Instant
  ) {
    self.event = event
    self.mark = mark
    self.epc = epc
    self.replaces = replaces
    self.printedAt = printedAt
  }
}
