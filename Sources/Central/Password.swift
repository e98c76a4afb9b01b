import Crypto
import CryptoExtras
import Dispatch
import Foundation

/// Passwords of those who read the centre: kept as scrypt (RFC 7914; N = 2^15, r = 8, p = 3, as OWASP's password storage
/// advises for 32 MiB).
enum Password {
  static let shortest = 12
  /// Longer ones are refused, so that nobody makes the centre hash a book.
  static let longest = 256

  /// Why a password cannot be taken; nil for one that can. Nothing is asked of its characters but that they are not the ones
  /// that are tried first (NIST SP 800-63B, section 5.1.1.2).
  static func fault(of password: String, name: String) -> String? {
    guard password.count >= shortest else { return "It has fewer than \(shortest) characters." }
    guard password.utf8.count <= longest else { return "It has more than \(longest) bytes." }
    let folded = password.lowercased()
    let letters = folded.filter { $0.isLetter || $0.isNumber }
    if common.contains(folded) || common.contains(letters) { return "It is one of the passwords that are tried first." }
    if Set(folded).count < 5 { return "It repeats a few characters." }
    if letters.count >= 4, folded.replacing(name.lowercased(), with: "").count < 8 { return "It is made of the name." }
    for word in ["custody", "password", "passwort", "welcome", "administrator", "qwerty", "qwertz", "letmein"]
    where folded.contains(word) && folded.replacing(word, with: "").count < 6 {
      return "It is a word that is tried first, and little else."
    }
    let digits = folded.compactMap(\.wholeNumberValue)
    if digits.count == folded.count, Set(zip(digits, digits.dropFirst()).map { ($1 - $0 + 10) % 10 }).count == 1 {
      return "Its digits follow one another."
    }
    return nil
  }

  /// The most used of 12 characters and more in public lists, lowercase.
  private static let common: Set<String> = [
    "123456789012", "1234567890123", "12345678901234", "123456789123", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u8i",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv", "abcdefghijkl", "abcd1234abcd", "adminadminadmin", "administrator", "administrator1",
    "changemechangeme", "changeme1234", "correcthorsebatterystaple", "iloveyou1234", "iloveyouforever",
    "letmeinletmein",
    "letmein12345", "manchesterunited", "passwordpassword", "password1234", "password12345", "password123456",
    "passw0rd1234",
    "p@ssw0rd1234", "p@ssword1234", "passwortpasswort", "passwort1234", "q1w2e3r4t5y6", "qazwsxedcrfv", "qazwsxedc123",
    "qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf", "qwertyuiopasdfghjkl", "qwertzuiop12", "qwerty123456",
    "qwerty1234567",
    "secretsecret", "superman1234", "trustno1trustno1", "welcome12345", "welcome123456", "welcomewelcome",
    "zaq12wsxcde3",
    "zxcvbnm12345", "zxcvbnmasdfghjkl", "summer2024summer", "winter2025winter", "sunshine1234", "football1234",
    "baseball1234", "princess1234", "dragon123456", "monkey123456", "starwars1234", "michaeljordan", "thisismypassword",
    "mypasswordis", "ihatepasswords", "nopassword123", "testtesttest", "test12345678", "guest1234567", "admin1234567",
    "admin12345678", "admin123456789", "root12345678", "toor12345678", "asdfghjkl123", "asdfasdfasdf", "asdf12345678",
    "aaaaaaaaaaaa", "abc123abc123", "abc123456789", "a1b2c3d4e5f6", "00000000000000", "987654321098", "0987654321098",
  ]

  private static let queue = DispatchQueue(label: "custody.central.passwords", qos: .userInitiated)

  static func salt() -> Data {
    var random = SystemRandomNumberGenerator()
    return Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
  }

  /// The hash, after about 0.3 s on a queue of its own: guessing is paced for all guessers together.
  static func hash(_ password: String, salt: Data) async throws -> Data {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: Result {
            let key = try KDF.Scrypt.deriveKey(
              from: Data(password.utf8.prefix(longest)), salt: salt, outputByteCount: 32, rounds: 1 << 15, blockSize: 8,
              parallelism: 3)
            return key.withUnsafeBytes { Data($0) }
          })
      }
    }
  }

  /// Compares in constant time.
  static func isEqual(_ one: Data, _ other: Data) -> Bool {
    one.count == other.count && zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
