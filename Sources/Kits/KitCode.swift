/// The short name of a kit, such as `JOINER`: 1 to 64 characters of `A–Z a–z 0–9 - _ .`, so that it stands in a label
/// (`CUSTODY:KIT:code`) and in an address as it is. Capital and small letters differ.
public struct KitCode: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The text as it was given.
  public let text: String

  /// A code, or nil when the text is empty, longer than 64 characters, holds other characters, or is dots alone.
  public init?(_ text: String) {
    guard (1...64).contains(text.utf8.count), text.utf8.contains(where: { $0 != UInt8(ascii: ".") }),
      text.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || "-_.".utf8.contains(byte)
      })
    else { return nil }
    self.text = text
  }

  /// The text as it was given.
  public var description: String { text }

  /// What the kit's label says.
  public var label: String { "CUSTODY:KIT:" + text }

  /// In order of the text.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// Decodes the text; throws `DecodingError.dataCorrupted` when it is no code.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let code = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no code of a kit")
    }
    self = code
  }

  /// Encodes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
