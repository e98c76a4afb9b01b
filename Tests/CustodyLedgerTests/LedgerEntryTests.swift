import TamperEvidence
import Testing

@testable import CustodyLedger

@Suite("Ledger entries")
struct LedgerEntryTests {
  @Test("a sealed event keeps its exact bytes, verifies with its key, and with no other")
  func sealAndVerify() throws {
    let key = try SampleChain.key()
    let event = Array(#"{"a":1}"#.utf8)
    let sealed = try VerifiedEntry.seal(eventBytes: event, with: key)
    #expect(Array(sealed.entry.event) == event)
    #expect(sealed.entry.bytes.count == 64 + event.count)
    #expect(sealed.entry.hash == EntryHash(of: sealed.entry.bytes))
    let received = try UnverifiedEntry(bytes: sealed.entry.bytes)
    #expect(received.verify(with: key.verifierKey) == sealed)
    #expect(received.verify(with: try SampleChain.key(8).verifierKey) == nil)
  }

  @Test("the signature is plain Ed25519 over DSSE's encoding, so that any DSSE tool can verify it")
  func signatureIsOverPAE() throws {
    let key = try SampleChain.key()
    let sealed = try VerifiedEntry.seal(eventBytes: Array("{}".utf8), with: key)
    let message = Array("DSSEv1 37 application/vnd.custody.event.v1+json 2 {}".utf8)
    #expect(key.verifierKey.isValidSignature(sealed.entry.signature, for: message))
  }

  @Test("an event that is not canonical, or too long, is not sealed")
  func refusedEvents() throws {
    let key = try SampleChain.key()
    #expect(throws: LedgerEntryError.notCanonical(.init(offset: 1, reason: .whitespace))) {
      try VerifiedEntry.seal(eventBytes: Array("{ }".utf8), with: key)
    }
    let long = try CanonicalJSON.string(String(repeating: "x", count: 59_999)).bytes(limit: 60_001)
    #expect(throws: LedgerEntryError.self) { try VerifiedEntry.seal(eventBytes: long, with: key) }
    #expect(try VerifiedEntry.seal(eventBytes: [0x22] + long[2...], with: key).entry.bytes.count == 60_064)
  }

  @Test("64 and 60,065 bytes are no entry", arguments: [0, 64, 60_065])
  func wrongLengths(count: Int) {
    #expect(throws: LedgerEntryError.wrongLength(bytes: count)) {
      try UnverifiedEntry(bytes: [UInt8](repeating: 0, count: count))
    }
  }

  @Test("a head's text is read back, and other texts are refused")
  func headText() {
    let zeros = String(repeating: "0", count: 64)
    let head = ChainHead(seq: 45, hash: EntryHash(of: Array("abc".utf8)))
    #expect(head.description == "45:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(ChainHead(head.description) == head)
    #expect(ChainHead("0:\(zeros)") == .empty)
    for text in [
      "", "45", ":", "45:", ":\(zeros)", "-1:\(zeros)", "+1:\(zeros)", "01:\(zeros)", "1:\(zeros)0",
      " 1:\(zeros)", "1:\(zeros) ", "9007199254740992:\(zeros)", "1:1:\(zeros)", "٤:\(zeros)",
    ] {
      #expect(ChainHead(text) == nil, "\(text)")
    }
  }
}
