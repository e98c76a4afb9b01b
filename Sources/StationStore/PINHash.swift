import Crypto
import CryptoExtras
import Foundation

/// A PIN as it is kept: scrypt (RFC 7914; N = 2^15, r = 8, p = 1: 32 MiB, about 0.1 s) over PIN and pepper.
struct PINHash: Hashable, Sendable {
  /// A PIN has 6 to 12 decimal digits.
  static func isWellFormed(_ pin: String) -> Bool {
    (6...12).contains(pin.utf8.count) && pin.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Failures that are free of delay, and the delay after that: doubling from 30 s to an hour.
  static let freeFailures = 5
  static func delayMilliseconds(failures: Int) -> Int64 {
    failures < freeFailures ? 0 : min(3_600_000, 30_000 << Int64(min(failures - freeFailures, 7)))
  }

  /// What no PIN gives: for the work of looking at one where there is none.
  static let nobodys = PINHash(salt: Array(repeating: 0, count: 16), hash: Array(repeating: 0, count: 32))

  let salt: [UInt8]
  let hash: [UInt8]

  init(salt: [UInt8], hash: [UInt8]) {
    self.salt = salt
    self.hash = hash
  }

  init(pin: String, salt: [UInt8], pepper: [UInt8]) throws {
    let key = try KDF.Scrypt.deriveKey(
      from: Data(pin.utf8) + Data(pepper), salt: Data(salt), outputByteCount: 32, rounds: 1 << 15, blockSize: 8,
      parallelism: 1)
    self.salt = salt
    hash = key.withUnsafeBytes { Array($0) }
  }

  /// Compares in constant time.
  func matches(_ pin: String, pepper: [UInt8]) throws -> Bool {
    let other = try PINHash(pin: pin, salt: salt, pepper: pepper)
    return zip(hash, other.hash).reduce(UInt8(hash.count == other.hash.count ? 0 : 1)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
