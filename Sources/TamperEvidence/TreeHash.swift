import Crypto
import FoundationEssentials

/// A node of an RFC 6962 Merkle tree with SHA-256 (§2.1): the hash of a leaf, of an inner node, or of a whole tree.
///
///     leaf = SHA-256(0x00 ‖ entry)      node = SHA-256(0x01 ‖ left ‖ right)      empty tree = SHA-256()
///
/// The prefixes keep leaves and inner nodes apart, so that no entry can be passed off as a subtree.
///
/// Two texts exist: 64 lower-case hexadecimal digits (`description`), as events and manifests carry it, and standard
/// base64 (`base64`), as checkpoints carry it. Each is read back by its own initialiser and no other spelling is.
public struct TreeHash: Hashable, Sendable {
  /// The length of a hash, in bytes.
  public static let byteCount = DigestWords.byteCount
  /// The root of the tree without leaves.
  public static let empty = TreeHash { _ in }

  private let words: DigestWords

  private init(_ feed: (inout SHA256) -> Void) {
    var hasher = SHA256()
    feed(&hasher)
    words = hasher.finalize().withUnsafeBytes(DigestWords.init)
  }

  /// The hash of the leaf that holds `entry`.
  public static func leaf(_ entry: some Collection<UInt8>) -> TreeHash {
    TreeHash { hasher in
      hasher.update(data: [0x00] as [UInt8])
      let fed: Void? = entry.withContiguousStorageIfAvailable {
        hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
      }
      if fed == nil { hasher.update(data: Array(entry)) }
    }
  }

  /// The hash of the inner node over `left` and `right`.
  public static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
    TreeHash { hasher in
      withUnsafeTemporaryAllocation(byteCount: 1 + 2 * byteCount, alignment: 1) { buffer in
        buffer[0] = 0x01
        left.words.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[1...]))
        right.words.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[(1 + byteCount)...]))
        hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      }
    }
  }

  /// A hash computed elsewhere; nil unless `bytes` has exactly 32 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard let words = DigestWords(bytes: bytes) else { return nil }
    self.words = words
  }

  /// Reads 64 lower-case hexadecimal digits; nil for any other text.
  public init?(hex: String) {
    guard let bytes = Hexadecimal.bytes(hex.utf8) else { return nil }
    self.init(bytes: bytes)
  }

  /// Reads the standard base64 (RFC 4648 §4) of 32 bytes, 44 characters; nil for any other text.
  public init?(base64 text: String) {
    guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
    self.init(bytes: data)
  }

  /// The 32 bytes, in digest order.
  public var bytes: [UInt8] { words.bytes }

  /// Standard base64, 44 characters.
  public var base64: String { Data(bytes).base64EncodedString() }
}

extension TreeHash: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String { Hexadecimal.text(bytes) }
}

extension TreeHash: Codable {
  /// Reads the hexadecimal text; throws `DecodingError.dataCorrupted` for any other string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let hash = TreeHash(hex: try container.decode(String.self)) else {
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
