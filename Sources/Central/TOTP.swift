import Crypto
import Foundation

/// Time-based one-time codes (RFC 6238 over RFC 4226): HMAC-SHA-1, 6 digits, 30 seconds, as every authenticator takes them.
enum TOTP {
  static let step: Int64 = 30
  /// Bytes of a secret (RFC 4226, section 4, R6: 160 bits are recommended).
  static let secretLength = 20

  /// The code of a time step.
  static func code<Hash: HashFunction>(
    _ secret: Data, step: Int64, digits: Int = 6, using: Hash.Type = Insecure.SHA1.self
  ) -> String {
    let message = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Data($0) }
    let code = Array(HMAC<Hash>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
    // RFC 4226, section 5.3: dynamic truncation.
    let offset = Int(code[code.count - 1] & 0x0F)
    let number =
      UInt32(code[offset] & 0x7F) << 24 | UInt32(code[offset + 1]) << 16 | UInt32(code[offset + 2]) << 8
      | UInt32(code[offset + 3])
    var modulus: UInt32 = 1
    for _ in 0..<digits { modulus *= 10 }
    let text = String(number % modulus)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// The time step whose code was typed, one before or after the present one; nil for none that is later than `last`.
  static func step(of typed: String, _ secret: Data, at seconds: Int64, after last: Int64) -> Int64? {
    let digits = typed.filter { $0 != " " }
    let present = seconds / step
    // All three are computed, whichever is right.
    let right = [present - 1, present, present + 1].filter { isEqual(code(secret, step: $0), digits) }
    return right.first { $0 > last }
  }

  private static func isEqual(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// What an authenticator scans or is told (RFC 4648 base 32 without padding).
  static func address(_ secret: Data, name: String, issuer: String) -> String {
    func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
    return "otpauth://totp/\(escaped(issuer)):\(escaped(name))?secret=\(base32(secret))&issuer=\(escaped(issuer))"
      + "&algorithm=SHA1&digits=6&period=30"
  }

  static func base32(_ bytes: Data) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var (text, bits, held) = ("", 0, UInt32(0))
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        text.append(alphabet[Int(held >> UInt32(bits - 5)) & 31])
        bits -= 5
      }
      held &= (1 << UInt32(bits)) - 1
    }
    if bits > 0 { text.append(alphabet[Int(held << UInt32(5 - bits)) & 31]) }
    return text
  }
}
