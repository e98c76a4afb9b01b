import Crypto
import Foundation
import Testing

@testable import Central

/// RFC 6238, appendix B, with the secrets of its errata 2866; RFC 4648, section 10.
struct TOTPTests {
  private static func secret(_ length: Int) -> Data {
    Data((0..<length).map { UInt8(ascii: "0") + UInt8(($0 + 1) % 10) })
  }

  @Test(arguments: [
    (59, "94287082", "46119246", "90693936"), (1_111_111_109, "07081804", "68084774", "25091201"),
    (1_111_111_111, "14050471", "67062674", "99943326"), (1_234_567_890, "89005924", "91819424", "93441116"),
    (2_000_000_000, "69279037", "90698825", "38618901"), (20_000_000_000, "65353130", "77737706", "47863826"),
  ])
  func codesOfTheStandard(seconds: Int64, sha1: String, sha256: String, sha512: String) {
    #expect(TOTP.code(Self.secret(20), step: seconds / 30, digits: 8) == sha1)
    #expect(TOTP.code(Self.secret(32), step: seconds / 30, digits: 8, using: SHA256.self) == sha256)
    #expect(TOTP.code(Self.secret(64), step: seconds / 30, digits: 8, using: SHA512.self) == sha512)
    // Six digits are the last six of eight.
    #expect(TOTP.code(Self.secret(20), step: seconds / 30) == sha1.suffix(6))
  }

  @Test func oneStepBeforeAndAfterIsTakenAndNoneTwice() {
    let secret = Self.secret(20)
    func step(_ typed: String, _ seconds: Int64, after last: Int64 = 0) -> Int64? {
      TOTP.step(of: typed, secret, at: seconds, after: last)
    }
    // 1111111109 is in step 37037036, 1111111111 in the next.
    #expect(step("081804", 1_111_111_109) == 37_037_036)
    #expect(step("081 804", 1_111_111_111) == 37_037_036)
    #expect(step("050471", 1_111_111_109) == 37_037_037)
    #expect(step("081804", 1_111_111_109 + 60) == nil)
    #expect(step("081804", 1_111_111_109 - 60) == nil)
    #expect(step("081804", 1_111_111_109, after: 37_037_036) == nil)
    #expect(step("81804", 1_111_111_109) == nil && step("", 0) == nil && step("07081804", 1_111_111_109) == nil)
  }

  @Test(arguments: [
    ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
    ("foobar", "MZXW6YTBOI"),
  ])
  func base32OfTheStandard(text: String, code: String) { #expect(TOTP.base32(Data(text.utf8)) == code) }
}

struct PasswordTests {
  @Test(arguments: [
    "short", "elevenchars", "Password1234", "PASSWORDPASSWORD", "123456789012", "987654321098", "aaaaaaaaaaaaaa",
    "ababababababab", "qwertyuiop123", "custody12345", "administrator!!", "ada.lovelace", "ada.lovelace1",
    "correct horse battery staple", String(repeating: "long and dull ", count: 30),
  ])
  func passwordsThatAreTriedFirstAreNotTaken(_ password: String) {
    #expect(Password.fault(of: password, name: "ada.lovelace") != nil)
  }

  @Test(arguments: ["twelve chars", "ünïcödé wörds", "yellow kettle 9 rivers", "fZ8#kq2!Lm0v", "4917 2836 5501"])
  func othersAreTaken(_ password: String) { #expect(Password.fault(of: password, name: "ada.lovelace") == nil) }

  @Test func onlyTheSamePasswordGivesTheSameHash() async throws {
    let salt = Data(repeating: 7, count: 16)
    let hash = try await Password.hash("yellow kettle 9 rivers", salt: salt)
    #expect(hash.count == 32)
    #expect(Password.isEqual(hash, try await Password.hash("yellow kettle 9 rivers", salt: salt)))
    #expect(try await !Password.isEqual(hash, Password.hash("yellow kettle 9 river", salt: salt)))
    #expect(
      try await !Password.isEqual(hash, Password.hash("yellow kettle 9 rivers", salt: Data(repeating: 8, count: 16))))
  }
}
