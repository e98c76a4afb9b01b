/// The number of a disposal order, as people read it, as events carry it and as its page is addressed: 1 to 40 capital
/// letters, digits, hyphens, dots and underscores, the first a letter or digit.
public struct DisposalNumber: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Most characters of one.
  public static let longest = 40

  public let text: String

  /// Reads a number; small letters are written large, blanks around it left away. Nil for what is none.
  public init?(_ given: String) {
    let trimmed = given.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
    let text = String(trimmed).uppercased()
    let isPlain = { (byte: UInt8) in
      (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }
    let others = Array("-._".utf8)
    guard (1...Self.longest).contains(text.utf8.count), let first = text.utf8.first, isPlain(first),
      text.utf8.allSatisfy({ isPlain($0) || others.contains($0) })
    else { return nil }
    self.text = text
  }

  /// Decodes it from its text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let number = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no number of a disposal order")
    }
    self = number
  }

  /// Encodes it as its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  public var description: String { text }
}
