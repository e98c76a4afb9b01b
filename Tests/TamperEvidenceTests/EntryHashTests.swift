import Testing

@testable import TamperEvidence

@Suite("EntryHash")
struct EntryHashTests {
  @Test(
    "FIPS 180-4 examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func digest(text: String, hex: String) {
    let hash = EntryHash(of: Array(text.utf8))
    #expect(hash.description == hex)
    #expect(EntryHash(hex: hex) == hash)
    #expect(EntryHash(bytes: hash.bytes) == hash)
  }

  @Test("zero is 64 zeros")
  func zero() {
    #expect(EntryHash.zero.description == String(repeating: "0", count: 64))
    #expect(EntryHash(hex: String(repeating: "0", count: 64)) == .zero)
  }

  @Test(
    "other spellings are refused",
    arguments: [
      "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
      String(repeating: "A", count: 64), String(repeating: "g", count: 64), " " + String(repeating: "0", count: 63),
    ])
  func refused(text: String) {
    #expect(EntryHash(hex: text) == nil)
  }

  @Test("31 and 33 bytes are refused")
  func wrongByteCount() {
    #expect(EntryHash(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    #expect(EntryHash(bytes: [UInt8](repeating: 0, count: 33)) == nil)
  }
}
