import Crypto
import FoundationEssentials

/// The secret by which a station's requests are known: `cst_` and 64 lowercase hexadecimal digits, 256 random bits.
/// `description` never shows it.
public struct StationToken: Hashable, Sendable, CustomStringConvertible {
  /// The secret itself.
  public let secret: String

  /// A new token.
  public init(using random: inout some RandomNumberGenerator) {
    let digits = Array("0123456789abcdef".utf8)
    var text = Array("cst_".utf8)
    for _ in 0..<32 {
      let byte = UInt8.random(in: .min ... .max, using: &random)
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    secret = String(decoding: text, as: UTF8.self)
  }

  /// What the centre keeps of it.
  public var digest: TokenDigest { TokenDigest(of: secret) }

  /// Says what it is, and nothing of the secret.
  public var description: String { "a station's token" }
}

/// SHA-256 of a token: enough to know it again, useless to whoever reads the database. Looking it up in an index gives
/// nothing away by its timing, for a guess at the token says nothing about the digest.
public struct TokenDigest: Hashable, Sendable {
  /// 32 bytes.
  public let bytes: [UInt8]

  /// A digest as it was kept.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The digest of a token as it was presented, whatever text that is.
  public init(of presented: String) {
    bytes = Array(SHA256.hash(data: Data(presented.utf8)))
  }
}
