import Crypto
import FoundationEssentials

/// A personal value and the salt under which the ledger commits to it. The ledger holds `commitment` alone; the opening
/// stands in an erasable table. Who has the opening can show what was committed to; once it is erased, the commitment says
/// nothing, and every proof over the entry still verifies.
///
///     commitment = HMAC-SHA256(key: salt, message: value), RFC 2104, as 64 lower-case hexadecimal digits
public struct CommitmentOpening: Hashable, Sendable {
  /// The length of a salt, in bytes.
  public static let saltLength = 32

  /// 32 bytes of a cryptographically secure random source, new for each value: the same value twice gives two commitments.
  public let salt: [UInt8]
  /// The value's bytes: of a text its UTF-8, of a file its content.
  public let value: [UInt8]

  /// An opening; nil unless the salt has 32 bytes.
  public init?(salt: [UInt8], value: [UInt8]) {
    guard salt.count == Self.saltLength else { return nil }
    self.salt = salt
    self.value = value
  }

  /// What stands in the ledger.
  public var commitment: String { Self.commitment(to: value, salt: salt) }

  /// The commitment to `value` under `salt`.
  public static func commitment(to value: some DataProtocol, salt: [UInt8]) -> String {
    Lowercase.hexadecimal(HMAC<SHA256>.authenticationCode(for: value, using: SymmetricKey(data: salt)))
  }
}

/// Lower-case base 16, the ledger's spelling of digests.
enum Lowercase {
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
