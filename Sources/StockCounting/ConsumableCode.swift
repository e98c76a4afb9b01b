/// What a consumable is known by: a code of the house's own, a GTIN, or a part number.
///
/// 1 to 64 printable ASCII characters without a space at either end. Two codes are the same when they say the same: a GTIN in each of
/// its lengths (8, 12, 13 or 14 digits with their check digit), anything else whatever its case.
public struct ConsumableCode: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The text as it was given.
  public let text: String
  /// What codes are compared by: a GTIN filled up to 14 digits, else the text in capitals.
  public let key: String

  /// A code, or nil for what is none.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard (1...64).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) }), bytes.first != 0x20,
      bytes.last != 0x20
    else { return nil }
    self.text = text
    key = Self.isGTIN(bytes) ? String(repeating: "0", count: 14 - bytes.count) + text : text.uppercased()
  }

  /// Whether these are the digits of a GTIN: the last one is the check digit of GS1 General Specifications §7.9.1.
  private static func isGTIN(_ bytes: [UInt8]) -> Bool {
    guard [8, 12, 13, 14].contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    var sum = 0
    for (place, byte) in bytes.reversed().enumerated() { sum += Int(byte - 0x30) * (place.isMultiple(of: 2) ? 1 : 3) }
    return sum.isMultiple(of: 10)
  }

  /// The text as it was given.
  public var description: String { text }

  /// Whether both say the same.
  public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  /// Feeds what `==` compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }

  /// In order of what is compared.
  public static func < (left: Self, right: Self) -> Bool {
    left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
  }

  /// Decodes the text; throws `DecodingError.dataCorrupted` when it is no code.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let code = Self(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no code of a consumable")
    }
    self = code
  }

  /// Encodes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
