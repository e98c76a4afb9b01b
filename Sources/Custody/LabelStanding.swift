/// The label that was printed last for an asset, and whether it was scanned back.
public struct LabelStanding: Hashable, Sendable, Codable {
  /// The `label` event.
  public let event: EventID
  /// What its code must say.
  public let mark: BoundIdentifier
  /// What its RFID tag must say, in capital hexadecimal; nil for a label without one.
  public let epc: String?
  public let printedAt: Instant
  /// The `proveLabel` event; nil while the label is unproven.
  public var proof: EventID?
  public var provedAt: Instant?

  /// Whether it was scanned back.
  public var isProven: Bool { proof != nil }

  /// A label that nobody has scanned back yet.
  public init(event: EventID, mark: BoundIdentifier, epc: String? = nil, printedAt: Instant) {
    self.event = event
    self.mark = mark
    self.epc = epc
    self.printedAt = printedAt
  }
}
