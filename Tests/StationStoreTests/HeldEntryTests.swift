import Custody
import CustodyLedger
import GRDB
import StationStore
import SyncTestSupport
import TamperEvidence
import Testing

/// What the store does for the sync: what is to be sent, what the centre holds, what it hands out of others.
struct HeldEntryTests {
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
      for _ in 0..<2 {  // Told twice is told once.
        try await store.write { try $0.acknowledge([(seq: 1, logIndex: 70), (seq: 2, logIndex: 71)]) }
        #expect(try await store.read { try $0.pendingEntries(limit: 9, maximumBytes: .max).map(\.seq) } == [3, 4])
        #expect(try await store.read { try $0.pendingCount() } == 2)
      }
      let rows = try await store.read { try $0.entries(after: 0, limit: 9) }
      #expect(rows.map(\.logIndex) == [70, 71, nil, nil])
    }
  }

  @Test func ownEntriesThatComeBackAreMarkedAsHeld() async throws {
    try await Desk.run { store in
      _ = try await store.register("AT-1")
      let own = try #require(try await store.read { try $0.pendingEntries(limit: 1, maximumBytes: .max).first })
      let entry = try #require(try UnverifiedEntry(bytes: own.bytes).verify(with: store.verifierKey))
      #expect(try await store.read { try $0.pullCursor() } == nil)
      _ = try await store.write { try $0.admit([HeldEntry(logIndex: 7, entry: entry)], upTo: 9) }
      #expect(try await store.read { try $0.pullCursor() } == 9)
      #expect(try await store.read { try $0.pendingCount() } == 0)
      #expect(try await store.read { try $0.entries(after: 0, limit: 9).map(\.logIndex) } == [7])
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
      let forked = try Self.held(try clone.register("FAR-2"), 1, writer)
      let left = try await store.write { try $0.admit([forked], upTo: 1) }
      #expect(left.count == 1 && left[0].contains("forked"))
      // It stays with the centre, and holds up nothing.
      #expect(try await store.read { try $0.pullCursor() } == 1)
      #expect(try await store.read { try $0.resolve("FAR-2") } == .unknown)
    }
  }
}
