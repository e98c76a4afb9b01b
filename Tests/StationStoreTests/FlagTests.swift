import Custody
import CustodyLedger
import GRDB
import SyncTestSupport
import Testing

@testable import StationStore

/// What a station finds out about other stations by what it pulls: chains that fork, clocks that are ahead.
struct FlagTests {
  private func held(
    _ written: ChainWriter.Written, _ writer: ChainWriter, at index: Int64, received: Instant? = nil
  ) throws -> HeldEntry {
    HeldEntry(
      logIndex: index, entry: try #require(written.entry.verify(with: writer.key.verifierKey)), receivedAt: received
    )
  }

  @Test func aForkIsProvedByItsTwoEntriesKeptAndAcknowledgedByAnEventOfItsAsset() async throws {
    try await Desk.run { store in
      var writer = try ChainWriter(7)
      let registered = try writer.register("AT-00001")
      var clone = writer
      // The clone names its events by itself.
      _ = clone.newAssetID()
      let deployed = try writer.deploy(registered.event.asset, to: "Finance")
      let other = try clone.deploy(registered.event.asset, to: "Legal")
      let page = try [
        held(registered, writer, at: 0), held(deployed, writer, at: 1), held(other, clone, at: 2),
      ]
      // The same page again changes nothing.
      for _ in 0..<2 {
        let left = try await store.write { try $0.admit(page, upTo: 2) }
        #expect(left.isEmpty)
      }
      let flagged = try await store.read { try $0.discrepancies(before: .max, openOnly: true, limit: 9) }
      let claims = [deployed.event.eventID, other.event.eventID].sorted()
      #expect(flagged.map(\.discrepancy) == [Discrepancy(.fork, claims: claims)])
      #expect(flagged.map(\.subject) == [.station("HQ/S7")])
      #expect(try await store.read { try $0.events(of: flagged[0]).map(\.eventID).sorted() } == claims)
      #expect(try await store.read { try $0.leftWithCentre().isEmpty })
      // The first one counts.
      #expect(try await store.read { try $0.asset(registered.event.asset)?.custodian } == .team("Finance"))

      let settle = SettleDetails(kind: .fork, claims: claims, reason: "its disk was copied")
      let event = try await store.act(.settle(settle), on: registered.event.asset)
      let ended = try await store.read { try $0.discrepancies(about: .station("HQ/S7")) }
      #expect(ended.map(\.settledBy) == [event.eventID])
      #expect(try await store.read { try $0.openDiscrepancies() } == 0)
      #expect(try await store.read { try $0.asset(registered.event.asset)?.custodian } == .team("Finance"))
    }
  }

  @Test func aClockThatIsMoreThanFiveMinutesAheadOfTheCentreIsFlaggedAndOneThatIsNotIsNot() async throws {
    try await Desk.run { store in
      var writer = try ChainWriter(7)
      let good = try writer.register("AT-00001")
      let early = try writer.register("AT-00002")
      let bound = StationFlags.clockAhead
      let page = try [
        held(good, writer, at: 0, received: good.event.hlc.instant.advanced(byMilliseconds: -bound)),
        held(early, writer, at: 1, received: early.event.hlc.instant.advanced(byMilliseconds: -bound - 1)),
      ]
      _ = try await store.write { try $0.admit(page, upTo: 1) }
      let flagged = try await store.read { try $0.discrepancies(about: .station("HQ/S7")) }
      #expect(flagged.map(\.discrepancy) == [Discrepancy(.skewedClock, claims: [early.event.eventID])])
      // Another station settles it, and this one hears of it.
      var manager = try ChainWriter(8)
      try manager.learn(early)
      let settlement = try manager.write(
        .settle(SettleDetails(kind: .skewedClock, claims: [early.event.eventID], reason: "clock set")),
        early.event.asset, to: early.event.to)
      let next = try [held(settlement, manager, at: 2)]
      _ = try await store.write { try $0.admit(next, upTo: 2) }
      let ended = try await store.read { try $0.discrepancies(about: .station("HQ/S7")) }
      #expect(ended.map(\.settledBy) == [settlement.event.eventID])
    }
  }

  @Test func aProjectionOfOlderRulesIsMadeAnewAtTheNextOpening() async throws {
    let folder = try Desk.folder()
    var (one, two) = (try ChainWriter(1), try ChainWriter(2))
    let registered = try one.register("AT-00001")
    try two.learn(registered)
    let (first, second) = (try one.deploy(registered.event.asset), try two.deploy(registered.event.asset, to: "Legal"))
    var store = try Desk.open(folder.path)
    let page = try [held(registered, one, at: 0), held(first, one, at: 1), held(second, two, at: 2)]
    _ = try await store.write { try $0.admit(page, upTo: 2) }
    let before = try await store.read { try $0.asset(registered.event.asset) }
    #expect(before?.discrepancies?.map(\.kind) == [.contested])
    // As an older program left it: the first that came counts, the other waits, nothing is recorded.
    _ = try await store.write { transaction in
      try transaction.db.execute(
        sql: """
          DELETE FROM asset; DELETE FROM identifier; DELETE FROM discrepancy;
          UPDATE entry SET standpoint = NULL, misfit = NULL;
          DELETE FROM meta WHERE key = 'projectionVersion'
          """)
    }
    try store.close()
    store = try Desk.open(folder.path)
    #expect(try await store.read { try $0.asset(registered.event.asset) } == before)
    let open = try await store.read { try $0.discrepancies(before: .max, openOnly: true, limit: 9) }
    #expect(open.map(\.discrepancy.claims) == [[first.event.eventID, second.event.eventID].sorted()])
    try store.close()
  }
}

extension HybridTime {
  fileprivate var instant: Instant { Instant(milliseconds: milliseconds) }
}
