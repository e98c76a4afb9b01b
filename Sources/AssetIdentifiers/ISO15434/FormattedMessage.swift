/// A message of ISO/IEC 15434: an envelope that says which syntax its data follows.
public struct FormattedMessage: Hashable, Sendable {
  /// One format envelope of the message.
  public struct Envelope: Hashable, Sendable {
    /// Two digits: 05 GS1 application identifiers, 06 MH10.8.2 data identifiers, 12 text element identifiers, …
    public let format: String
    /// The data fields of format 06.
    public let fields: [DataIdentifierField]
    /// The elements of format 05.
    public let elements: ElementString?
    /// The data of any other format, as it stands, without separators at its ends.
    public let data: String?
  }

  public let envelopes: [Envelope]
  /// What was read although the standard has it otherwise, one sentence each.
  public let tolerated: [String]

  /// The data fields of all envelopes of format 06.
  public var fields: [DataIdentifierField] { envelopes.flatMap(\.fields) }
}
