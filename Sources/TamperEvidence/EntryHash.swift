import Crypto

/// The SHA-256 digest (FIPS 180-4) of one ledger entry's exact bytes: 32 bytes, which name that entry and are
/// carried by the entry after it as `prevHash`.
///
/// Its text is 64 lower-case hexadecimal digits; `EntryHash(hex: hash.description) == hash` holds for every value,
/// and no other spelling is read.
public struct EntryHash: Hashable, Sendable {
  // Four big-endian words rather than an array: hashes are compared and copied per entry, and must not allocate.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// The length of a digest, in bytes.
  public static let byteCount = 32

  /// 32 zero bytes: what stands in `prevHash` of a chain's first entry.
  public static let zero = EntryHash(words: (0, 0, 0, 0))

  private init(words: (UInt64, UInt64, UInt64, UInt64)) {
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
    words = digest.withUnsafeBytes(Self.words)
  }

  /// A digest computed elsewhere; nil unless `bytes` has exactly 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    words = Array(bytes).withUnsafeBytes(Self.words)
  }

  /// Reads 64 lower-case hexadecimal digits; nil for any other text.
  public init?(hex: String) {
    guard let bytes = Hexadecimal.bytes(hex.utf8) else { return nil }
    self.init(bytes: bytes)
  }

  /// The 32 bytes, in digest order.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return bytes
  }

  /// Compares the 32 bytes.
  public static func == (left: EntryHash, right: EntryHash) -> Bool {
    left.words == right.words
  }

  /// Feeds the 32 bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }

  private static func words(_ raw: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    return (word(0), word(1), word(2), word(3))
  }
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
