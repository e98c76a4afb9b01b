/// A short name that people chose for a site, station or location, such as `HQ-STORE-A1`: typed, so that one kind
/// is never taken for another. 1 to 64 characters of `A–Z a–z 0–9 - _ . /`.
public struct Code<Kind>: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The text as it was given.
  public let text: String

  /// A code, or nil when the text is empty, longer than 64 characters, or holds other characters.
  public init?(_ text: String) {
    guard (1...64).contains(text.utf8.count),
      text.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "/")
      })
    else { return nil }
    self.text = text
  }

  /// The text as it was given.
  public var description: String { text }

  /// In order of the text.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// Decodes the text; throws `DecodingError.dataCorrupted` when it is no code.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let code = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is not a code of 1 to 64 letters, digits and -_./")
    }
    self = code
  }

  /// Encodes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Marks codes of sites.
public enum SiteKind: Sendable {}
/// Marks codes of stations.
public enum StationKind: Sendable {}
/// Marks codes of locations.
public enum LocationKind: Sendable {}

/// A site: the unit that roles, policy and pages of events are scoped by.
public typealias SiteCode = Code<SiteKind>
/// A station: one data folder, one signing key, one chain.
public typealias StationCode = Code<StationKind>
/// A place where assets are kept: room, shelf, bin, cage. Printed on its label as `CUSTODY:LOC:code`.
public typealias LocationCode = Code<LocationKind>
