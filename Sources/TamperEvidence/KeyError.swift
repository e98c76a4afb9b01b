/// Why a key, or a text that should hold one, is refused. The text of a private key is never repeated in a message.
public enum KeyError: Error, Hashable, Sendable {
  /// The text is not `NAME+HASH+BASE64` (or `PRIVATE+KEY+NAME+HASH+BASE64`).
  case malformed
  /// The text of a private key stands where a verifier key is asked for.
  case privateKeyGiven
  /// The name is empty, or holds a plus sign, a Unicode space or a control character.
  case invalidName
  /// The hash is not 8 lower-case hexadecimal digits.
  case invalidHash
  /// The key data is not standard base64 (RFC 4648 §4).
  case invalidBase64
  /// The signature type is not 0x01 (Ed25519).
  case unknownAlgorithm(UInt8)
  /// The key has `bytes` bytes instead of 32.
  case wrongLength(bytes: Int)
  /// The hash written in the text is not the hash of its name and key.
  case hashMismatch(computed: String)
  /// The cryptographic library could not use the key, or could not sign.
  case unusable
}

extension KeyError: CustomStringConvertible {
  /// One sentence that says what is wrong and what is expected.
  public var description: String {
    switch self {
    case .malformed:
      "the key is not of the form NAME+HASH+KEY, such as example.com/foo+530d903a+Aekye…; copy the whole line"
    case .privateKeyGiven:
      "this is a private key, which must stay on its station; give the verifier key (NAME+HASH+KEY) instead"
    case .invalidName:
      "the key's name is empty or holds a plus sign, a space or a control character"
    case .invalidHash:
      "the key's hash is not 8 lower-case hexadecimal digits"
    case .invalidBase64:
      "the key's last part is not base64; copy the whole line"
    case .unknownAlgorithm(let byte):
      "the key has signature type \(byte); only type 1 (Ed25519) is known"
    case .wrongLength(let bytes):
      "an Ed25519 key has 32 bytes; this one has \(bytes)"
    case .hashMismatch(let computed):
      "the key's hash does not match its name and key data, which give \(computed): the text was altered"
    case .unusable:
      "the key cannot be used for Ed25519"
    }
  }
}
