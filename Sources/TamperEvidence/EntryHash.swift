import Crypto

/// The SHA-256 digest (FIPS 180-4) of one ledger entry's exact bytes: 32 bytes, which name that entry and are
/// carried by the entry after it as `prevHash`.
///
/// Its text is 64 lower-case hexadecimal digits; `EntryHash(hex: hash.description) == hash` holds for every value,
/// and no other spelling is read.
public struct EntryHash: Hashable, Sendable {
  private let words: DigestWords

  /// The length of a digest, in bytes.
  public static let byteCount = DigestWords.byteCount

  /// 32 zero bytes: what stands in `prevHash` of a chain's first entry.
  public static let zero = EntryHash(words: .zero)

  private init(words: DigestWords) {
    self.words = words
  }

  /// Digests `bytes`.
  public init(of bytes: [UInt8]) {
    self.init(of: bytes[...])
  }

  /// Digests `bytes`.
  public init(of bytes: ArraySlice<UInt8>) {
    let digest = bytes.withUnsafeBytes { raw in
      var hasher = SHA256()
      hasher.update(bufferPointer: raw)
      return hasher.finalize()
    }
    words = digest.withUnsafeBytes(DigestWords.init)
  }

  /// A digest computed elsewhere; nil unless `bytes` has exactly 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard let words = DigestWords(bytes: bytes) else { return nil }
    self.words = words
  }

  /// Reads 64 lower-case hexadecimal digits; nil for any other text.
  public init?(hex: String) {
    guard let bytes = Hexadecimal.bytes(hex.utf8) else { return nil }
    self.init(bytes: bytes)
  }

  /// The 32 bytes, in digest order.
  public var bytes: [UInt8] { words.bytes }
}

extension EntryHash: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String { Hexadecimal.text(bytes) }
}

extension EntryHash: Codable {
  /// Reads the hexadecimal text; throws `DecodingError.dataCorrupted` for any other string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let hash = EntryHash(hex: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a hash is 64 lower-case hexadecimal digits")
    }
    self = hash
  }

  /// Writes the hexadecimal text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
