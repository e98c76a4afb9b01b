import Crypto
import Foundation
import SyncProtocol
import TamperEvidence
import Testing

@Suite struct EnrolmentCodeTests {
  @Test("sixty bits in Crockford's base 32; a pin behind them")
  func form() throws {
    // 00000 00001 00010 00011 00100 00101 00110 00111 01000 01001 01010 01011 are the digits 0 to 9, A, B.
    let code = EnrolmentCode(random: [0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB0])
    #expect(code.description == "0123-4567-89AB")
    #expect(code.presented == code.description)
    #expect(EnrolmentCode(code.description) == code)
    // The first 100 bits of SHA-256 of "abc" (FIPS 180-2, B.1), in base 32 by Python's integers.
    let pinned = EnrolmentCode(
      random: [0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB0], pin: EnrolmentCode.Pin(certificate: Array("abc".utf8)))
    #expect(pinned.description == "0123-4567-89AB-Q9W1-DFWF-077Y-MGA1-83F5")
    #expect(pinned.presented == "0123-4567-89AB")
    let read = try #require(EnrolmentCode(pinned.description))
    #expect(read == pinned)
    #expect(read.pin?.matches(certificate: Array("abc".utf8)) == true)
    #expect(read.pin?.matches(certificate: Array("abd".utf8)) == false)
  }

  @Test("it is read as people type it; what is none is not read")
  func typed() {
    let code = EnrolmentCode("1ABC-0DEF-GHJK")
    #expect(code != nil)
    for typed in ["iabc odef ghjk", "1abc0defghjk", " LABC-ODEF-GHJK ", "1-A-B-C-0DEFGHJK"] {
      #expect(EnrolmentCode(typed) == code, "\(typed)")
    }
    for bad in [
      "", "1ABC-0DEF-GHJ", "1ABC-0DEF-GHJKM", "UABC-0DEF-GHJK", "1ABC-0DEF-GHJK-MNPQ", "1ABC-0DEF-GHJ\u{212A}",
      "1ABC_0DEF_GHJK", String(repeating: "1", count: 33), String(repeating: "-1", count: 1_000_000),
    ] {
      #expect(EnrolmentCode(bad) == nil, "\(bad.prefix(40))")
    }
  }

  @Test("a request is proved by both keys, for its code and its keys alone")
  func proof() throws {
    func key(_ seed: UInt8, _ name: String = "HQ/S1") throws -> SigningKey {
      try SigningKey(name: name, seed: [UInt8](repeating: seed, count: 32))
    }
    let code = try #require(EnrolmentCode("1ABC-0DEF-GHJK"))
    let good = try EnrolmentRequest(code: code, key: try key(1), requestKey: try key(2))
    #expect(good.isProved)
    #expect(try JSONDecoder().decode(EnrolmentRequest.self, from: try JSONEncoder().encode(good)) == good)
    var changed = good
    changed.code = "2ABC-0DEF-GHJK"
    #expect(!changed.isProved)
    changed = good
    changed.requestKey = try key(3).verifierKey
    #expect(!changed.isProved)
    changed = good
    changed.key = try key(3).verifierKey
    #expect(!changed.isProved)
    changed = good
    swap(&changed.keyProof, &changed.requestKeyProof)
    #expect(!changed.isProved)
    #expect(try !EnrolmentRequest(code: code, key: try key(1), requestKey: try key(1)).isProved)
    #expect(try !EnrolmentRequest(code: code, key: try key(1), requestKey: try key(2, "HQ/S2")).isProved)
    // What people compare: SHA-256 over both vkeys, five groups.
    let digest = SHA256.hash(data: Data("\(good.key)\n\(good.requestKey)\n".utf8))
    let digits = digest.prefix(10).map { String(format: "%02x", $0) }.joined()
    #expect(good.fingerprint.description.replacing(" ", with: "") == digits)
    #expect(good.fingerprint.description.count == 24)
  }
}
