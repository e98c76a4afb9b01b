import Custody
import CustodyLedger
import GRDB
import StationStore
import SyncTestSupport
import TamperEvidence
import Testing

/// What the store does for the sync: what is to be sent, what the centre holds, what it hands out of others.
struct HeldEntryTests {
  private static var log: SigningKey {
    get throws { try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32)) }
  }

  /// A tree head of so many entries; of which, the store does not ask.
  private static func head(_ size: UInt64) throws -> KeptHead {
    let checkpoint = try Checkpoint(origin: try log.name, size: size, root: .leaf([UInt8(size)]))
    return KeptHead(checkpoint: checkpoint, note: try checkpoint.signed(with: [try log]).bytes)
  }

  private static func held(_ written: ChainWriter.Written, _ index: Int64, _ writer: ChainWriter) throws -> HeldEntry {
    HeldEntry(logIndex: index, entry: try #require(written.entry.verify(with: writer.key.verifierKey)))
  }

  @Test func pendingEntriesComeOldestFirstWithinTheirLimits() async throws {
    try await Desk.run { store in
      for number in 1...5 { _ = try await store.register("AT-\(number)") }
      let all = try await store.read { try $0.pendingEntries(limit: 100, maximumBytes: .max) }
      #expect(all.map(\.seq) == [1, 2, 3, 4, 5])
      let sizes = all.map(\.bytes.count)
      #expect(try await store.read { try $0.pendingEntries(limit: 2, maximumBytes: .max).map(\.seq) } == [1, 2])
      let two = sizes[0] + sizes[1]
      #expect(try await store.read { try $0.pendingEntries(limit: 100, maximumBytes: two).map(\.seq) } == [1, 2])
      #expect(try await store.read { try $0.pendingEntries(limit: 100, maximumBytes: two - 1).map(\.seq) } == [1])
      // One that is larger than the limit still goes, or nothing ever would.
      #expect(try await store.read { try $0.pendingEntries(limit: 100, maximumBytes: 1).map(\.seq) } == [1])
    }
  }

  @Test func whatTheCentreHoldsIsSentNoMore() async throws {
    try await Desk.run { store in
      for number in 1...4 { _ = try await store.register("AT-\(number)") }
      let head = try Self.head(72)
      let proved = [70, 71].map {
        ProvedEntry(
          seq: $0 - 69, proof: InclusionProof(leafIndex: UInt64($0), treeSize: 72, hashes: [.empty, .leaf([1])]))
      }
      for _ in 0..<2 {  // Told twice is told once.
        try await store.write { try $0.acknowledge(proved, under: head) }
        #expect(try await store.read { try $0.pendingEntries(limit: 9, maximumBytes: .max).map(\.seq) } == [3, 4])
        #expect(try await store.read { try $0.pendingCount() } == 2)
      }
      let rows = try await store.read { try $0.entries(after: 0, limit: 9) }
      #expect(rows.map(\.logIndex) == [70, 71, nil, nil])
      #expect(rows.map(\.isProved) == [true, true, false, false])
    }
  }

  @Test func aProofIsKeptWithItsTreeHead() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1")
      let next = try await store.register("AT-2")
      let events = try await store.read { try $0.entries(after: 0, limit: 2).map(\.event) }
      let head = try Self.head(72)
      let proof = InclusionProof(leafIndex: 70, treeSize: 72, hashes: [.empty, .leaf([1])])
      let key = try Self.log.verifierKey
      try await store.write { transaction in
        _ = try transaction.trustLog(key)
        try transaction.acknowledge([ProvedEntry(seq: 1, proof: proof)], under: head)
      }
      let kept = try #require(try await store.read { try $0.proof(of: events[0].eventID, about: asset) })
      #expect(kept.inclusion == proof)
      #expect(kept.root == head.checkpoint.root)
      #expect(Array(kept.checkpoint.utf8) == head.note)
      #expect(kept.logKey == key)
      let bytes = try await store.read { try $0.chain(of: store.identity, after: 0, limit: 1) }
      #expect(kept.leaf == .leaf(bytes[0].bytes))
      // One that the centre has not proved has no proof.
      #expect(try await store.read { try $0.proof(of: events[1].eventID, about: next) } == nil)
    }
  }

  @Test func whatIsSealedNextSaysWhichTreeHeadWasSeen() async throws {
    try await Desk.run { store in
      func seen(after tag: String) async throws -> SeenCheckpoint? {
        let asset = try await store.register(tag)
        return try await store.read { try $0.entries(of: asset).first?.event.seenCheckpoint }
      }
      #expect(try await seen(after: "AT-1") == nil)
      let head = try Self.head(72)
      try await store.write { try $0.acknowledge([], under: head) }
      let wanted = SeenCheckpoint(size: 72, root: head.checkpoint.root.description)
      #expect(try await seen(after: "AT-2") == wanted)
      // What is undone was not seen.
      struct Undone: Error {}
      await #expect(throws: Undone.self) {
        let later = try Self.head(80)
        try await store.write { transaction in
          try transaction.acknowledge([], under: later)
          throw Undone()
        }
      }
      #expect(try await seen(after: "AT-3") == wanted)
    }
  }

  @Test func anAlarmStandsUntilTheLogIsVerifiedAgain() async throws {
    try await Desk.run { store in
      let first = LogAlarm(at: Instant(milliseconds: 5), code: "log.forked", sentence: "Two logs.", remedy: "Tell.")
      let again = LogAlarm(at: Instant(milliseconds: 9), code: "log.forked", sentence: "Two logs.", remedy: "Tell.")
      try await store.write { try $0.raise(first, shown: [1, 2]) }
      try await store.write { try $0.raise(again, shown: [1, 2]) }
      #expect(try await store.read { try $0.logAlarm() } == first)
      let head = try Self.head(72)
      try await store.write { try $0.acknowledge([], under: head) }
      #expect(try await store.read { try $0.logAlarm() } == nil)
      #expect(try await store.count("SELECT count(*) FROM log_alarm WHERE note IS NOT NULL") == 1)
    }
  }

  @Test func theFirstKeyOfALogIsTrustedForGood() async throws {
    try await Desk.run { store in
      let other = try SigningKey(name: "other/log", seed: [UInt8](repeating: 8, count: 32)).verifierKey
      let first = try Self.log.verifierKey
      #expect(try await store.write { try $0.trustLog(first) } == first)
      #expect(try await store.write { try $0.trustLog(other) } == first)
    }
  }

  @Test func statementsOfTheLogAreKeptAsEvidence() async throws {
    try await Desk.run { store in
      var centre = try ChainWriter(200, site: "centre.example", station: "log")
      let key = try ChainWriter(3).key.verifierKey
      let stated = try centre.state(.enrol(KeyEnrolment(key: key, epoch: 1)))
      let entry = HeldEntry(logIndex: 4, entry: try #require(stated.verify(with: centre.key.verifierKey)))
      #expect(try await store.write { try $0.admit([entry], upTo: 4) }.isEmpty)
      let kept = try await store.read { try $0.statements() }
      #expect(kept.map(\.logIndex) == [4])
      #expect(kept.map(\.bytes) == [stated.entry.bytes])
      #expect(try await store.read { try $0.leftWithCentre() }.isEmpty)
    }
  }

  @Test func ownEntriesThatComeBackGoOnWaitingForTheirProof() async throws {
    try await Desk.run { store in
      _ = try await store.register("AT-1")
      let own = try #require(try await store.read { try $0.pendingEntries(limit: 1, maximumBytes: .max).first })
      let entry = try #require(try UnverifiedEntry(bytes: own.bytes).verify(with: store.verifierKey))
      #expect(try await store.read { try $0.pullCursor() } == nil)
      _ = try await store.write { try $0.admit([HeldEntry(logIndex: 7, entry: entry)], upTo: 9) }
      #expect(try await store.read { try $0.pullCursor() } == 9)
      #expect(try await store.read { try $0.pendingCount() } == 1)
      #expect(try await store.read { try $0.entries(after: 0, limit: 9).map(\.logIndex) } == [nil])
      #expect(try await store.count("SELECT count(*) FROM entry") == 1)
    }
  }

  @Test func othersEntriesThatFitAreAppliedOnce() async throws {
    try await Desk.run { store in
      var writer = try ChainWriter(9)
      let registered = try writer.register("FAR-1")
      let deployed = try writer.deploy(registered.event.asset)
      let page = [try Self.held(registered, 0, writer), try Self.held(deployed, 1, writer)]
      for _ in 0..<2 { _ = try await store.write { try $0.admit(page, upTo: 1) } }
      #expect(try await store.read { try $0.asset(registered.event.asset) } == writer.assets[registered.event.asset])
      #expect(try await store.read { try $0.resolve("FAR-1") } == .asset(registered.event.asset))
      #expect(try await store.count("SELECT count(*) FROM entry") == 2)
      // They are not ours to send, and no part of our chain.
      #expect(try await store.read { try $0.pendingCount() } == 0)
      #expect(store.head.seq == 0)
      // Ours continues theirs.
      let event = try await store.act(.return(ReturnDetails(condition: "B")), on: registered.event.asset)
      #expect(event.seq == 1 && event.prior?.head == deployed.event.eventID && event.prior?.version == 2)
    }
  }

  @Test func oneThatDoesNotFitIsKeptAndAppliedOnceItDoes() async throws {
    try await Desk.run { store in
      var writer = try ChainWriter(9)
      let registered = try writer.register("FAR-1")
      let asset = registered.event.asset
      let deployed = try writer.deploy(asset)
      let returned = try writer.takeBack(asset)
      let other = try writer.register("FAR-2")
      // The first comes last; what stands between is another asset's and goes in.
      let page = [
        try Self.held(returned, 2, writer), try Self.held(deployed, 1, writer), try Self.held(other, 3, writer),
      ]
      _ = try await store.write { try $0.admit(page, upTo: 3) }
      #expect(try await store.read { try $0.asset(asset) } == nil)
      #expect(try await store.read { try $0.resolve("FAR-2") } == .asset(other.event.asset))
      let waiting = try await store.read { try $0.entries(of: asset) }
      #expect(waiting.map { $0.misfit?.contains("which is not here yet") } == [true, true])

      let first = try Self.held(registered, 0, writer)
      _ = try await store.write { try $0.admit([first], upTo: 4) }
      #expect(try await store.read { try $0.asset(asset) } == writer.assets[asset])
      let applied = try await store.read { try $0.entries(of: asset) }
      #expect(applied.map(\.event.verb) == [.register, .deploy, .return])
      #expect(applied.allSatisfy { $0.misfit == nil })
      #expect(try await store.read { try $0.history(of: asset).map(\.verb) } == [.register, .deploy, .return])
      // The order in which they were applied is the order of the rebuild.
      let before = (try await store.rows(of: "asset"), try await store.rows(of: "identifier"))
      try await store.write { try $0.rebuildProjection() }
      #expect(try await store.rows(of: "asset") == before.0)
      #expect(try await store.rows(of: "identifier") == before.1)
    }
  }

  @Test func whatThisProgramDoesNotKnowStopsNothing() async throws {
    try await Desk.run { store in
      var writer = try ChainWriter(9)
      let strange = try writer.write(
        writer.someDetails, writer.newAssetID(), to: nil, changing: { $0["type"] = .string("teleport") })
      let registered = try writer.register("FAR-1")
      let entry = try #require(strange.verify(with: writer.key.verifierKey))
      let page = [HeldEntry(logIndex: 0, entry: entry), try Self.held(registered, 1, writer)]
      _ = try await store.write { try $0.admit(page, upTo: 1) }
      #expect(try await store.read { try $0.resolve("FAR-1") } == .asset(registered.event.asset))
      #expect(try await store.read { try $0.pullCursor() } == 1)
      #expect(try await store.read { try $0.leftWithCentre().map(\.logIndex) } == [0])
    }
  }

  @Test func whatWasLeftIsTakenInLaterAndWhatWaitedForItFollows() async throws {
    try await Desk.run { store in
      var writer = try ChainWriter(9)
      let registered = try writer.register("FAR-1")
      let deployed = try writer.deploy(registered.event.asset)
      try await store.write { try $0.leave(0, because: "not known yet") }
      _ = try await store.write { [entry = try Self.held(deployed, 1, writer)] in try $0.admit([entry], upTo: 1) }
      #expect(try await store.read { try $0.resolve("FAR-1") } == .unknown)
      // The program was replaced by a newer one, which asks for it again.
      let left = try await store.write { [entry = try Self.held(registered, 0, writer)] in try $0.admit(entry) }
      #expect(left == nil)
      #expect(try await store.read { try $0.leftWithCentre().isEmpty })
      #expect(try await store.read { try $0.pullCursor() } == 1)
      #expect(
        try await store.read { try $0.history(of: registered.event.asset).map(\.verb) } == [.register, .deploy])
    }
  }

  @Test func otherBytesInOnePlaceOfAChainAreAFork() async throws {
    try await Desk.run { store in
      var writer = try ChainWriter(9)
      var clone = writer
      let registered = try writer.register("FAR-1")
      let first = try Self.held(registered, 0, writer)
      _ = try await store.write { try $0.admit([first], upTo: 0) }
      let name = writer.key.name
      let forked = try Self.held(try clone.register("FAR-2"), 1, writer)
      let left = try await store.write { try $0.admit([forked], upTo: 1) }
      // It is kept as proof and flagged, counts for nothing, and holds up nothing.
      #expect(left.isEmpty)
      let flagged = try await store.read { try $0.discrepancies(about: .station(name)) }
      #expect(flagged.map(\.discrepancy.kind) == [.fork])
      #expect(try await store.read { try $0.pullCursor() } == 1)
      #expect(try await store.read { try $0.resolve("FAR-2") } == .unknown)
    }
  }
}
