import Custody
import GRDB
import StationStore
import Testing

/// The projection is what the ledger says and nothing else.
struct RebuildTests {
  @Test func aRebuiltProjectionIsTheSameInEveryColumn() async throws {
    let clock = TestClock()
    try await Desk.run(clock: clock) { store in
      let laptop = try await store.register("AT-1", serial: "PF3X")
      let other = try await store.register("AT-2")
      let drive = try await store.register("AT-3", serial: "DRIVE")
      let mistaken = try await store.register("AT-4")
      clock.advance(seconds: 60)
      var facts = AssetFacts()
      facts.costCentre = "4711"
      facts.custom = ["Rack": "A7"]
      try await store.act(.amend(AmendDetails(set: facts, reason: "inventory")), on: laptop)
      try await store.act(.bind(BindDetails(identifier: BoundIdentifier(.tag, "NEW-1"))), on: laptop)
      let wrong = try await store.act(Desk.deployment(to: "Finance"), on: laptop)
      try await store.act(Desk.deployment(to: "Legal"), on: other)
      try await store.act(.attach(AttachDetails(parent: other, slot: "bay 1")), on: drive)
      clock.advance(seconds: 60)
      // A correction in the middle of other work, and one that leaves no asset.
      try await store.act(
        .correct(CorrectDetails(event: wrong.eventID, reason: "wrong box", approver: Desk.bob)), on: laptop,
        approver: Desk.manager)
      let first = try #require(try await store.read { try $0.firstEvent(of: mistaken) })
      try await store.act(
        .correct(CorrectDetails(event: first.eventID, reason: "no such thing", approver: Desk.bob)), on: mistaken,
        approver: Desk.manager)
      try await store.act(Desk.deployment(to: "Sales"), on: laptop)

      #expect(try await store.read { try $0.asset(laptop)?.custodian } == .team("Sales"))
      #expect(try await store.read { try $0.asset(mistaken) } == nil)
      #expect(try await store.read { try $0.resolve("AT-4") } == .unknown)
      #expect(try await store.count("SELECT count(*) FROM asset") == 3)
      try await store.expectWhole()
    }
  }

  /// Columns that no event could have made are gone after the rebuild: it starts from nothing.
  @Test func aRebuildMendsAProjectionThatWasMeddledWith() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1", serial: "PF3X")
      let before = (try await store.rows(of: "asset"), try await store.rows(of: "identifier"))
      try await store.write { transaction in
        try transaction.db.execute(
          sql: """
            UPDATE asset SET tag = 'AT-666', state = 'disposed';
            INSERT INTO identifier VALUES ('AT-666', 'tag', x'00000000000000000000000000000000');
            DELETE FROM identifier WHERE value = 'PF3X'
            """)
      }
      try await store.write { try $0.rebuildProjection() }
      #expect(try await store.rows(of: "asset") == before.0)
      #expect(try await store.rows(of: "identifier") == before.1)
      #expect(try await store.read { try $0.resolve("PF3X") } == .asset(asset))
    }
  }
}
