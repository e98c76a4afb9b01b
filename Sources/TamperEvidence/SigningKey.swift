import Crypto
import FoundationEssentials

/// An Ed25519 private key (RFC 8032) with the name of who signs by it.
///
/// Its secret text is golang.org/x/mod/sumdb/note's, `PRIVATE+KEY+NAME+HASH+BASE64(0x01 ‖ 32-byte seed)`, where `HASH`
/// is that of the public key. `description` never shows the secret, so that a key in a log line does no harm.
public struct SigningKey: Sendable {
  /// The public half, which others verify by.
  public let verifierKey: VerifierKey

  private let curve: Curve25519.Signing.PrivateKey

  /// The length of a seed, in bytes.
  public static let seedLength = 32

  /// The key of a 32-byte `seed` (RFC 8032 §5.1.5). A new key is made by passing 32 bytes of a cryptographically
  /// secure random source: this room has none of its own.
  public init(name: String, seed: [UInt8]) throws(KeyError) {
    guard seed.count == Self.seedLength else { throw .wrongLength(bytes: seed.count) }
    do {
      curve = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    } catch {
      throw .unusable
    }
    verifierKey = try VerifierKey(name: name, publicKey: Array(curve.publicKey.rawRepresentation))
  }

  /// Reads the secret text; nothing may stand before or after it.
  public init(secretText text: String) throws(KeyError) {
    let prefix = "PRIVATE+KEY+".utf8
    guard text.utf8.starts(with: prefix) else { throw .malformed }
    let parts = try KeyText(text.utf8.dropFirst(prefix.count))
    try self.init(name: parts.name, seed: parts.key)
    guard parts.hash == verifierKey.idBytes else { throw .hashMismatch(computed: verifierKey.keyID) }
  }

  /// Who signs.
  public var name: String { verifierKey.name }

  /// The id of the key, as `VerifierKey.keyID`.
  public var keyID: String { verifierKey.keyID }

  /// The 32-byte seed. Secret.
  public var seed: [UInt8] { Array(curve.rawRepresentation) }

  /// The inverse of `init(secretText:)`. Secret.
  public var secretText: String { "PRIVATE+KEY+" + KeyText.text(name: name, hash: keyID, key: seed) }

  /// The 64-byte signature of exactly `message`, pure Ed25519 (RFC 8032 §5.1.6): the same message always gives the
  /// same signature. Throws `KeyError.unusable` if the library fails.
  public func sign(_ message: [UInt8]) throws(KeyError) -> [UInt8] {
    do {
      return Array(try curve.signature(for: message))
    } catch {
      throw .unusable
    }
  }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The name and id; never the secret.
  public var description: String { "signing key \(name)+\(keyID)" }

  /// The name and id; never the secret.
  public var debugDescription: String { description }

  /// Shows the public half only.
  public var customMirror: Mirror { Mirror(self, children: ["verifierKey": verifierKey]) }
}
