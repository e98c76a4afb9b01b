import TamperEvidence
import Testing

@testable import CustodyLedger

@Suite("Chain verification")
struct ChainVerifierTests {
  @Test("a good chain verifies, with and without its head, in chunks of any size")
  func goodChain() throws {
    let key = try SampleChain.key()
    let entries = try SampleChain.entries(6, key: key)
    let file = SampleChain.file(entries)
    #expect(SampleChain.verify(file, key: key.verifierKey) == nil)
    #expect(SampleChain.verify(file, key: key.verifierKey, expectedHead: SampleChain.head(entries)) == nil)
    var verifier = ChainFileVerifier(key: key.verifierKey)
    for byte in file { #expect(verifier.consume([byte]) == nil) }
    #expect(verifier.finish() == nil)
    #expect(verifier.count == 6)
    #expect(verifier.head == SampleChain.head(entries))
    #expect(verifier.origin?.station == "station-7")
  }

  /// The entry (from 1) that holds byte `offset` of the file, counting its length prefix.
  static func entry(at offset: Int, of entries: [LedgerEntry]) -> Int {
    var end = 0
    for (index, entry) in entries.enumerated() {
      end += 2 + entry.bytes.count
      if offset < end { return index + 1 }
    }
    return entries.count + 1
  }

  @Test("every flipped byte is found, and in the entry it stands in", arguments: [(4, 1), (2, 8)])
  func flippedBits(count: Int, bits: Int) throws {
    let key = try SampleChain.key()
    let entries = try SampleChain.entries(count, key: key)
    let file = SampleChain.file(entries)
    for offset in file.indices {
      for bit in 0..<bits {
        var altered = file
        altered[offset] ^= 1 << UInt8((offset + bit) % 8)
        let fault = SampleChain.verify(altered, key: key.verifierKey)
        #expect(fault?.entry == Self.entry(at: offset, of: entries), "byte \(offset), bit \(bit)")
      }
    }
  }

  @Test("a chain signed again with another key is found at its first entry, which names the other key")
  func otherKey() throws {
    let entries = try SampleChain.entries(3, key: SampleChain.key(8))
    let fault = try #require(try SampleChain.verify(SampleChain.file(entries), key: SampleChain.key().verifierKey))
    #expect(fault.check == .signature)
    #expect(fault.entry == 1)
    #expect(fault.sentence.contains(try SampleChain.key(8).keyID))
  }

  @Test("one entry signed by another key that claims to be ours is found")
  func oneForgedEntry() throws {
    let key = try SampleChain.key()
    var entries = try SampleChain.entries(3, key: key)
    let event = Array(entries[1].event)
    entries[1] = try VerifiedEntry.seal(eventBytes: event, with: SampleChain.key(9)).entry
    let fault = try #require(SampleChain.verify(SampleChain.file(entries), key: key.verifierKey))
    #expect(fault.check == .signature)
    #expect(fault.entry == 2)
    #expect(fault.seq == 2)
    #expect(fault.eventID == "0190a8b2-7c3d-7e4f-8a5b-000000000002")
    #expect(fault.byteOffset == 2 + entries[0].bytes.count)
  }

  @Test("a tail cut between entries is found against the head, at every length; without the head it is not")
  func cutBetweenEntries() throws {
    let key = try SampleChain.key()
    let entries = try SampleChain.entries(5, key: key)
    let head = SampleChain.head(entries)
    for kept in 1..<5 {
      let file = SampleChain.file(Array(entries.prefix(kept)))
      #expect(SampleChain.verify(file, key: key.verifierKey) == nil)
      let fault = try #require(SampleChain.verify(file, key: key.verifierKey, expectedHead: head))
      #expect(fault.check == .head)
      #expect(fault.entry == kept + 1)
      #expect(fault.byteOffset == file.count)
      #expect(fault.sentence == "The file ends at \(kept), expected 5.")
    }
  }

  @Test("a tail cut inside an entry is found without any head, at every byte")
  func cutInsideEntry() throws {
    let key = try SampleChain.key()
    let entries = try SampleChain.entries(3, key: key)
    let file = SampleChain.file(entries)
    let lastStart = SampleChain.file(Array(entries.prefix(2))).count
    for end in lastStart + 1..<file.count {
      let fault = try #require(SampleChain.verify(Array(file[..<end]), key: key.verifierKey))
      #expect(fault.check == .truncated)
      #expect(fault.entry == 3)
      #expect(fault.byteOffset == lastStart)
    }
  }

  @Test("a head of another history, or of an earlier day, is found")
  func otherHead() throws {
    let key = try SampleChain.key()
    let entries = try SampleChain.entries(3, key: key)
    let file = SampleChain.file(entries)
    let other = ChainHead(seq: 3, hash: entries[0].hash)
    let earlier = ChainHead(seq: 2, hash: entries[1].hash)
    for head in [other, earlier] {
      let fault = try #require(SampleChain.verify(file, key: key.verifierKey, expectedHead: head))
      #expect(fault.check == .head)
      #expect(fault.entry == 3)
    }
  }

  @Test("two entries exchanged, one taken out, one repeated: found where the order breaks")
  func reordered() throws {
    let key = try SampleChain.key()
    let entries = try SampleChain.entries(5, key: key)
    for index in 0..<4 {
      var swapped = entries
      swapped.swapAt(index, index + 1)
      let fault = try #require(SampleChain.verify(SampleChain.file(swapped), key: key.verifierKey))
      #expect(fault.check == .seq)
      #expect(fault.entry == index + 1)
      #expect(fault.seq == index + 2)

      var thinned = entries
      thinned.remove(at: index)
      let gap = try #require(SampleChain.verify(SampleChain.file(thinned), key: key.verifierKey))
      #expect(gap.check == .seq)
      #expect(gap.entry == index + 1)
      #expect(gap.seq == index + 2)
    }
    for index in 0..<5 {
      var repeated = entries
      repeated.insert(entries[index], at: index)
      let fault = try #require(SampleChain.verify(SampleChain.file(repeated), key: key.verifierKey))
      #expect(fault.check == .seq)
      #expect(fault.entry == index + 2)
      #expect(fault.seq == index + 1)
    }
  }

  @Test("an empty file is a fault, unless the head says that the chain is empty")
  func emptyFile() throws {
    let key = try SampleChain.key().verifierKey
    #expect(SampleChain.verify([], key: key)?.check == .empty)
    #expect(SampleChain.verify([], key: key, expectedHead: .empty) == nil)
    #expect(SampleChain.verify([], key: key, expectedHead: ChainHead(seq: 1, hash: .zero))?.check == .head)
  }

  typealias Change = (name: String, value: CanonicalJSON, check: ChainFault.Check)
  static let changes: [Change] = [
    ("v", 2, .version), ("v", "1", .header), ("station", "station-8", .station), ("station", "", .station),
    ("station", 7, .header), ("epoch", 2, .epoch), ("epoch", 0, .epoch), ("epoch", "REMOVE", .header),
    ("seq", 3, .seq), ("seq", 1, .seq), ("seq", -2, .seq),
    ("prevHash", .string(String(repeating: "0", count: 64)), .prevHash), ("prevHash", "00", .header),
    ("keyID", "00000000", .keyID), ("eventID", "", .eventID), ("eventID", "REMOVE", .header),
    ("eventID", "0190a8b2-7c3d-7e4f-8a5b-000000000001", .eventID), ("site", "REMOVE", .header),
    ("type", "REMOVE", .header),
  ]

  @Test("a well-signed entry with a wrong field is found by that field's check", arguments: changes)
  func wrongField(_ change: Change) throws {
    let key = try SampleChain.key()
    var object = CanonicalJSON.Object()
    object[change.name] = change.value
    let entries = try SampleChain.entries(3, key: key, changed: 2, changes: object)
    let fault = try #require(SampleChain.verify(SampleChain.file(entries), key: key.verifierKey))
    #expect(fault.check == change.check)
    #expect(fault.entry == 2)
  }

  @Test("the first entry must have seq 1 and 64 zeros")
  func firstEntry() throws {
    let key = try SampleChain.key()
    let hash = EntryHash(of: [1]).description
    for (changes, check): (CanonicalJSON, ChainFault.Check) in [
      (["seq": 0], .seq), (["seq": 2], .seq), (["prevHash": .string(hash)], .prevHash), (["epoch": 0], .epoch),
    ] {
      guard case .object(let object) = changes else { continue }
      let entries = try SampleChain.entries(1, key: key, changed: 1, changes: object)
      #expect(SampleChain.verify(SampleChain.file(entries), key: key.verifierKey)?.check == check)
    }
  }

  @Test("a well-signed event that is not canonical is found")
  func notCanonical() throws {
    let key = try SampleChain.key()
    let event = try SampleChain.event(seq: 1, prevHash: .zero, keyID: key.keyID) + [0x20]
    let message = PreAuthenticationEncoding.bytes(payloadType: LedgerEntry.payloadType, payload: event)
    let entry = try LedgerEntry(bytes: try key.sign(message) + event)
    #expect(SampleChain.verify(SampleChain.file([entry]), key: key.verifierKey)?.check == .canonicalForm)
  }

  @Test("after a fault, every call answers with that fault")
  func firstFaultStays() throws {
    let key = try SampleChain.key()
    let entries = try SampleChain.entries(3, key: key)
    var verifier = ChainVerifier(key: key.verifierKey)
    #expect(verifier.next(entries[0].bytes) == nil)
    let found = verifier.next(entries[2].bytes)
    let fault = try #require(found)
    #expect(verifier.next(entries[1].bytes) == fault)
    #expect(verifier.finish(expectedHead: nil) == fault)
    #expect(verifier.count == 1)
  }

  @Test("random bytes are a fault, never a crash")
  func noise() throws {
    let key = try SampleChain.key().verifierKey
    var state: UInt64 = 42
    for length in 1..<400 {
      let bytes = (0..<length).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      #expect(SampleChain.verify(bytes, key: key) != nil)
    }
  }
}
