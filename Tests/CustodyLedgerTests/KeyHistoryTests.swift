import Custody
import CustodyLedger
import SyncTestSupport
import TamperEvidence
import Testing

@Suite("Which key was good for which entry")
struct KeyHistoryTests {
  private var centre: ChainWriter
  private var station: ChainWriter
  private let firstKey: VerifierKey

  init() throws {
    centre = try ChainWriter(200, site: "centre.example", station: "log")
    station = try ChainWriter(7)
    firstKey = station.key.verifierKey
  }

  private func history(_ statements: [UnverifiedEntry]) -> KeyHistory {
    KeyHistory(authority: centre.key.verifierKey, statements: statements)
  }

  private mutating func enrol(_ key: VerifierKey, epoch: Int = 1) throws -> UnverifiedEntry {
    try centre.state(.enrol(KeyEnrolment(key: key, epoch: epoch)))
  }

  @Test("an enrolled key is good from its epoch on; nobody else's is")
  mutating func enrolment() throws {
    let history = history([try enrol(firstKey, epoch: 2)])
    #expect(history.faults == [])
    #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 1, seq: 9)) == .unknown)
    #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 2, seq: 1)) == .key(firstKey))
    #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 9, seq: 1)) == .key(firstKey))
    #expect(history.judgement(of: "HQ/S8", at: ChainPlace(epoch: 2, seq: 1)) == .unknown)
    #expect(
      history.judgement(of: "centre.example/log", at: ChainPlace(epoch: 1, seq: 1)) == .key(centre.key.verifierKey))
  }

  @Test("rotations hand over at their place, whatever order the statements come in")
  mutating func rotations() throws {
    var statements = [try enrol(firstKey)]
    _ = try station.register("AT-1")
    statements.append(try station.rotate(to: 70))
    let second = station.key.verifierKey
    _ = try station.register("AT-2")
    statements.append(try station.rotate(to: 71))
    let third = station.key.verifierKey
    for order in [statements, statements.reversed(), [statements[1], statements[2], statements[0]]] {
      let history = history(order)
      #expect(history.faults == [])
      for (seq, key) in [(1, firstKey), (2, firstKey), (3, second), (4, second), (5, third), (900, third)] {
        #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 1, seq: seq)) == .key(key), "\(seq)")
      }
      #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 2, seq: 1)) == .key(third))
    }
  }

  @Test("a revoked station counts no further than its last good entry, until it is enrolled again")
  mutating func revocation() throws {
    let revoke = KeyRevocation(subject: "HQ/S7", epoch: 1, lastGoodSeq: 4, reason: "stolen")
    let again = try ChainWriter(8).key
    let second = try SigningKey(name: "HQ/S7", seed: again.seed).verifierKey
    var statements = [try enrol(firstKey), try centre.state(.revoke(revoke))]
    let lost = history(statements)
    #expect(lost.judgement(of: "HQ/S7", at: ChainPlace(epoch: 1, seq: 4)) == .key(firstKey))
    for place in [ChainPlace(epoch: 1, seq: 5), ChainPlace(epoch: 2, seq: 1)] {
      #expect(lost.judgement(of: "HQ/S7", at: place) == .revoked(firstKey, lastGood: revoke.lastGood))
    }
    statements.append(try enrol(second, epoch: 2))
    let found = history(statements)
    #expect(
      found.judgement(of: "HQ/S7", at: ChainPlace(epoch: 1, seq: 5)) == .revoked(firstKey, lastGood: revoke.lastGood))
    #expect(found.judgement(of: "HQ/S7", at: ChainPlace(epoch: 2, seq: 1)) == .key(second))
    // What the thief signs afterwards hands nothing over.
    for _ in 0..<5 { _ = try station.register("AT-9") }
    let stolen = history(statements + [try station.rotate(to: 70)])
    #expect(stolen.faults.map(\.reason) == [.signature])
    #expect(stolen.judgement(of: "HQ/S7", at: ChainPlace(epoch: 2, seq: 1)) == .key(second))
  }

  @Test("an epoch that was opened leaves what the old one has beyond the named entry")
  mutating func openedEpoch() throws {
    for tag in ["AT-1", "AT-2", "AT-3"] { _ = try station.register(tag) }
    let opening = try station.openEpoch(seed: 70)
    let second = station.key.verifierKey
    let history = history([try enrol(firstKey), try enrol(second, epoch: 2), opening])
    #expect(history.faults == [])
    #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 1, seq: 3)) == .key(firstKey))
    #expect(
      history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 1, seq: 4))
        == .closed(firstKey, last: ChainPlace(epoch: 1, seq: 3)))
    #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 2, seq: 1)) == .key(second))
  }

  @Test("statements by anybody but those who may make them are named, and have no part")
  mutating func faults() throws {
    let enrolment = try enrol(firstKey)
    // A station enrols, another centre enrols, bytes are changed, one key twice, an event, a foreign key handed over to.
    let byStation = try station.state(.enrol(KeyEnrolment(key: try ChainWriter(9).key.verifierKey, epoch: 1)))
    var impostor = try ChainWriter(201, site: "centre.example", station: "log")
    let byImpostor = try impostor.state(.revoke(KeyRevocation(subject: "HQ/S7", epoch: 1, lastGoodSeq: 0, reason: "")))
    let changed = try enrolment.flipping(byte: 3)
    let other = try SigningKey(name: "HQ/S7", seed: [UInt8](repeating: 99, count: 32)).verifierKey
    let second = try enrol(other)
    let event = try station.register("AT-1").entry
    let foreign = try station.state(.rotate(KeyRotation(key: try ChainWriter(9).key.verifierKey, reason: "")))
    let unsigned = try ChainWriter(6).key.verifierKey
    var stranger = try ChainWriter(6)
    let byStranger = try stranger.rotate(to: 60)
    let history = history([enrolment, byStation, byImpostor, changed, second, event, foreign, byStranger, enrolment])
    #expect(history.faults.map(\.index) == [1, 2, 3, 4, 5, 6, 7])
    #expect(
      history.faults.map(\.reason) == [.signature, .signature, .signature, .conflict, .form, .conflict, .signature])
    #expect(history.judgement(of: "HQ/S7", at: ChainPlace(epoch: 1, seq: 99)) == .key(firstKey))
    #expect(history.judgement(of: unsigned.name, at: ChainPlace(epoch: 1, seq: 1)) == .unknown)
  }

  @Test("every kind of statement is read back as it was written, and none has the name of a verb")
  mutating func roundTrip() throws {
    let person = PersonID(high: 7 << 16 | 0x7000, low: 1 << 63)
    var withConsumables = CorpusAuthor.closing(of: .category("laptop"))
    withConsumables.consumables = ConsumableTally(within: 3, short: 1, over: 2, notCounted: 4)
    let all: [StationStatement.Details] = [
      .enrol(KeyEnrolment(key: firstKey, epoch: 1)), .rotate(KeyRotation(key: firstKey, reason: "yearly")),
      .revoke(KeyRevocation(subject: "HQ/S7", epoch: 1, lastGoodSeq: 0, reason: "stolen")),
      .openEpoch(EpochOpening(previousEpoch: 1, lastSeq: 3, lastHash: .zero, reason: "restored")),
      .erase(ErasureRecord(person: person, reason: "asked for it")),
      .closeCount(CorpusAuthor.closing(of: .category("laptop"))),
      .closeCount(CorpusAuthor.closing(of: .custodian(.person(person)))), .closeCount(withConsumables),
      .closeSession(CorpusAuthor.sessionClosing), .disposalOrder(CorpusAuthor.disposal),
    ]
    #expect(Set(all.map(\.kind)).count == StationStatement.Kind.allCases.count)
    for details in all {
      let entry = try station.state(details).entry
      let read = try CanonicalDecoder().decode(StationStatement.self, from: entry.event)
      #expect(read.details == details)
      #expect(try CanonicalEncoder().encode(read) == Array(entry.event))
      #expect(Verb(rawValue: details.kind.rawValue) == nil)
      #expect(throws: CanonicalCodingError.self) { try CanonicalDecoder().decode(CustodyEvent.self, from: entry.event) }
    }
  }
}

@Suite("Commitments")
struct CommitmentTests {
  @Test("RFC 4231's second case; its key is filled up with zeros, as HMAC itself does")
  func published() throws {
    let salt = Array("Jefe".utf8) + [UInt8](repeating: 0, count: 28)
    let opening = try #require(CommitmentOpening(salt: salt, value: Array("what do ya want for nothing?".utf8)))
    #expect(opening.commitment == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(CommitmentOpening(salt: Array("Jefe".utf8), value: []) == nil)
  }
}

@Suite("Chains over keys and epochs")
struct ChainOverKeysTests {
  private func verify(_ entries: [UnverifiedEntry], key: VerifierKey, head: ChainHead? = nil) -> ChainFault? {
    var verifier = ChainVerifier(key: key)
    for entry in entries { if let fault = verifier.next(entry.entry.bytes) { return fault } }
    return verifier.finish(expectedHead: head)
  }

  @Test("a rotation hands over: the old key signs it, the new one what follows")
  func rotation() throws {
    var station = try ChainWriter(7)
    let key = station.key.verifierKey
    let first = try station.register("AT-1").entry
    let rotation = try station.rotate(to: 70)
    let after = try station.register("AT-2").entry
    #expect(verify([first, rotation, after], key: key) == nil)
    var again = try ChainWriter(7)
    let others = [try again.register("AT-1").entry, try again.register("AT-2").entry, try again.register("AT-3").entry]
    // Without the rotation the new key's entry is nobody's; after it the old key's is not.
    #expect(verify([first, after], key: key)?.check == .signature)
    #expect(verify([first, rotation, others[2]], key: key)?.check == .signature)
    #expect(verify([first, rotation, after], key: station.key.verifierKey)?.check == .signature)
  }

  @Test("a rotation to another station's key is found at its place")
  func foreignRotation() throws {
    var station = try ChainWriter(7)
    let foreign = try ChainWriter(8).key.verifierKey
    let entry = try station.state(.rotate(KeyRotation(key: foreign, reason: "")))
    let fault = verify([entry], key: station.key.verifierKey)
    #expect(fault?.check == .statement && fault?.entry == 1)
  }

  @Test("an epoch is opened after the entry before it, and can also be verified by itself")
  func epochs() throws {
    var station = try ChainWriter(7)
    let key = station.key.verifierKey
    var entries = [try station.register("AT-1").entry, try station.register("AT-2").entry]
    entries.append(try station.openEpoch())
    entries.append(try station.register("AT-3").entry)
    let head = ChainHead(seq: 2, hash: entries[3].entry.hash)
    #expect(verify(entries, key: key, head: head) == nil)
    #expect(verify(Array(entries[2...]), key: key, head: head) == nil)
    // An entry cut off the end of the old epoch, or added there.
    #expect(verify([entries[0], entries[2], entries[3]], key: key)?.check == .prevHash)
    var clone = try ChainWriter(7)
    let copies = [try clone.register("AT-1").entry, try clone.register("AT-2").entry, try clone.register("AT-4").entry]
    #expect(verify(copies + entries[2...], key: key)?.check == .prevHash)
    // An epoch does not begin without its opening.
    #expect(verify([entries[0], entries[1], entries[3]], key: key)?.check == .epoch)
  }
}
