import Crypto
import FoundationEssentials

/// An Ed25519 public key (RFC 8032) with the name of who signs by it, as a C2SP signed-note "vkey":
///
///     NAME "+" HASH "+" BASE64(0x01 ‖ 32-byte public key)
///
/// `HASH` is 8 hexadecimal digits. `VerifierKey(text).description == text` for every text that is accepted.
public struct VerifierKey: Sendable {
  /// Who signs, such as `example.com/station-7`: not empty; no plus sign, space or control character.
  public let name: String
  /// The 32 bytes of the public key.
  public let publicKey: [UInt8]
  /// The key's id: 8 lower-case hexadecimal digits, the first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key).
  public let keyID: String

  let idBytes: [UInt8]
  private let curve: Curve25519.Signing.PublicKey

  /// The length of an Ed25519 signature, in bytes.
  public static let signatureLength = 64

  /// A key of `publicKey`'s 32 bytes under `name`.
  public init(name: String, publicKey: [UInt8]) throws(KeyError) {
    guard KeyText.isValidName(name) else { throw .invalidName }
    guard publicKey.count == 32 else { throw .wrongLength(bytes: publicKey.count) }
    do {
      curve = try Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
    } catch {
      throw .unusable
    }
    self.name = name
    self.publicKey = publicKey
    idBytes = KeyText.hash(name: name, publicKey: publicKey)
    keyID = Hexadecimal.text(idBytes)
  }

  /// Reads a vkey's text; nothing may stand before or after it.
  public init(_ text: String) throws(KeyError) {
    if text.hasPrefix("PRIVATE+KEY+") { throw .privateKeyGiven }
    let parts = try KeyText(text.utf8)
    try self.init(name: parts.name, publicKey: parts.key)
    guard parts.hash == idBytes else { throw .hashMismatch(computed: keyID) }
  }

  /// Whether `signature` (64 bytes) is this key's signature of exactly `message` (RFC 8032 §5.1.7). Any other length
  /// of signature is not.
  public func isValidSignature(_ signature: ArraySlice<UInt8>, for message: [UInt8]) -> Bool {
    guard signature.count == Self.signatureLength else { return false }
    return curve.isValidSignature(signature, for: message)
  }

  /// Whether `signature` (64 bytes) is this key's signature of exactly `message`.
  public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    isValidSignature(signature[...], for: message)
  }
}

extension VerifierKey: Hashable {
  /// Two keys are one when name and public key agree byte by byte; the id covers both.
  public static func == (left: VerifierKey, right: VerifierKey) -> Bool {
    left.publicKey == right.publicKey && left.name.utf8.elementsEqual(right.name.utf8)
  }

  /// Feeds the public key and the id, which covers the name.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(publicKey)
    hasher.combine(idBytes)
  }
}

extension VerifierKey: CustomStringConvertible {
  /// The vkey's text.
  public var description: String { KeyText.text(name: name, hash: keyID, key: publicKey) }
}

extension VerifierKey: Codable {
  /// Reads the vkey's text; throws `DecodingError.dataCorrupted` with the reason for any other.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the vkey's text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
