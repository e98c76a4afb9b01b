/// A mark by which an asset is found: what kind it is, and its text exactly as it is read from the label.
public struct BoundIdentifier: Hashable, Sendable, Codable {
  /// The kinds of mark, each with its own number range.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Our label's human-readable number, such as `AT-00042`.
    case tag
    /// The manufacturer's serial number.
    case serial
    /// The identity in an RFID tag, as an EPC tag URI or raw hexadecimal.
    case epc
    case mac, imei
    /// GS1: (01) with (21); (8004); (8003).
    case gtinSerial, giai, grai
    case serviceTag
    /// Somebody else's label or badge that is known to mean this asset.
    case thirdParty
  }

  /// The kind.
  public let kind: Kind
  /// The text, 1 to 512 bytes, no control characters; compared byte by byte, zeros count.
  public let value: String

  /// A mark. Length and characters are judged by `decide`.
  public init(_ kind: Kind, _ value: String) {
    self.kind = kind
    self.value = value
  }
}
