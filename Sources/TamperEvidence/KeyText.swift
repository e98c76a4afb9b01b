import Crypto
import FoundationEssentials

/// The parts that a verifier key's and a signing key's text share (C2SP signed-note, "Verifier keys"):
/// `NAME+HASH+BASE64(type ‖ 32 bytes)`.
///
/// Read as UTF-8 bytes, never as characters: a combining mark after a plus sign would hide it from `Character`.
struct KeyText {
  static let ed25519: UInt8 = 0x01

  let name: String
  let hash: [UInt8]
  let key: [UInt8]

  init(_ text: some Collection<UInt8>) throws(KeyError) {
    let parts = text.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformed }
    let name = String(decoding: parts[0], as: UTF8.self)
    guard name.utf8.elementsEqual(parts[0]), KeyText.isValidName(name) else { throw .invalidName }
    guard parts[1].count == 8, let hash = Hexadecimal.bytes(parts[1]) else { throw .invalidHash }
    let base64 = String(decoding: parts[2], as: UTF8.self)
    // Encoding again must give the same text: that refuses line breaks, missing padding and stray trailing bits.
    guard let data = Data(base64Encoded: base64), !data.isEmpty, data.base64EncodedString() == base64 else {
      throw .invalidBase64
    }
    guard data[data.startIndex] == KeyText.ed25519 else { throw .unknownAlgorithm(data[data.startIndex]) }
    guard data.count == 33 else { throw .wrongLength(bytes: data.count - 1) }
    self.name = name
    self.hash = hash
    key = Array(data.dropFirst())
  }

  /// `NAME+HASH+BASE64`, the inverse of `init`.
  static func text(name: String, hash: String, key: [UInt8]) -> String {
    "\(name)+\(hash)+\(Data([ed25519] + key).base64EncodedString())"
  }

  /// The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key).
  static func hash(name: String, publicKey: [UInt8]) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(data: Array(name.utf8) + [0x0A, ed25519] + publicKey)
    return Array(hasher.finalize().prefix(4))
  }

  /// A name is not empty and holds no plus sign, no Unicode space, and no control character (a signed note may not
  /// contain one, so such a key could never sign).
  static func isValidName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy { $0 != "+" && $0.value >= 0x20 && !$0.properties.isWhitespace }
  }
}
