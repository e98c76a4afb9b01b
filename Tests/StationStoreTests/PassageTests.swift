import Custody
import Foundation
import GRDB
import SyncTestSupport
import Testing

@testable import StationStore

/// Passages through doors: kept over a restart, for a while, and so many at most.
struct PassageTests {
  private static let epc: [UInt8] = [0x30, 0x74, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, 0x1A, 0x85]

  private static func passage(
    _ at: Instant, door: String = "gate", _ direction: DoorDirection? = .inwards
  ) -> KeptPassage {
    KeptPassage(at: at, doorway: door, direction: direction, epc: epc)
  }

  @Test func passagesAreThereAfterARestartNewestFirst() async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      let first = try Desk.open(folder.path)
      try await first.write { transaction in
        try transaction.keep(Self.passage(transaction.now))
        try transaction.keep(Self.passage(transaction.now, door: "yard", .outwards))
        try transaction.keep(Self.passage(transaction.now, .outwards))
      }
      try first.close()
      let store = try Desk.open(folder.path)
      let all = try await store.read { try $0.passages(limit: 10) }
      #expect(all.map(\.id) == [3, 2, 1])
      #expect(all.map(\.direction) == [.outwards, .outwards, .inwards])
      #expect(all.map(\.doorway) == ["gate", "yard", "gate"])
      #expect(all.allSatisfy { $0.at == TestClock.start && $0.epc == Self.epc && $0.asset == nil })
      #expect(try await store.read { try $0.passages(doorway: "gate", limit: 10).map(\.id) } == [3, 1])
      #expect(try await store.read { try $0.passages(before: 3, limit: 1).map(\.id) } == [2])
      #expect(try await store.read { try $0.passages(epc: [0x30], limit: 10).isEmpty })
      try store.close()
    }
  }

  @Test func whatIsOldOrTooManyIsTakenAwayAndItsIDIsNotUsedAgain() async throws {
    let clock = TestClock()
    try await Desk.run(clock: clock) { store in
      try await store.write { transaction in for _ in 0..<5 { try transaction.keep(Self.passage(transaction.now)) } }
      #expect(try await store.write { try $0.prunePassages() } == 0)
      // The three newest stay.
      #expect(try await store.write { try $0.prunePassages(mostKept: 3) } == 2)
      #expect(try await store.read { try $0.passages(limit: 9).map(\.id) } == [5, 4, 3])
      // No more at a time than asked for.
      #expect(try await store.write { try $0.prunePassages(limit: 1, mostKept: 1) } == 1)
      #expect(try await store.read { try $0.passages(limit: 9).map(\.id) } == [5, 4])
      // 90 days, to the second.
      clock.advance(seconds: 90 * 86_400)
      #expect(try await store.write { try $0.prunePassages() } == 0)
      clock.advance(seconds: 1)
      #expect(try await store.write { try $0.prunePassages() } == 2)
      #expect(try await store.write { try $0.keep(Self.passage($0.now)) } == 6)
    }
  }

  @Test func `what was made of a passage, and the follow-up of its door, stand after a restart`() async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      let asset = AssetID(high: 7 << 16 | 0x7000, low: 1 << 63)
      let judgement = DoorJudgement(
        verdict: .notExpected, code: "door.out.inStock", sentence: "AT-1 should not.", remedy: "Bring it back.")
      @Sendable func followUp(at door: String) -> FollowUp {
        var one = FollowUp(kind: "door", at: TestClock.start, words: "AT-1 should not.")
        one.asset = asset
        one.doorway = door
        return one
      }
      let first = try Desk.open(folder.path)
      let kept = try await first.write { transaction in
        try transaction.keep(
          KeptPassage(
            at: transaction.now, doorway: "gate", direction: .outwards, epc: Self.epc, asset: asset,
            judgement: judgement, state: .inStock, custodian: .team("Finance")))
        try transaction.keep(Self.passage(transaction.now, nil))
        return try transaction.keepOnce(followUp(at: "gate"))
      }
      try first.close()
      let store = try Desk.open(folder.path)
      let all = try await store.read { try $0.passages(limit: 9) }
      #expect(all.map(\.direction) == [nil, .outwards])
      #expect(all.last?.judgement == judgement)
      #expect(all.last?.state == .inStock)
      #expect(all.last?.custodian == .team("Finance"))
      #expect(all.first?.judgement == nil)
      // One of an asset and a door, until it is settled.
      let again = try await store.write { transaction in
        [try transaction.keepOnce(followUp(at: "gate")), try transaction.keepOnce(followUp(at: "yard"))]
      }
      #expect(kept != nil && again[0] == nil && again[1] != nil)
      let gate = try #require(kept)
      #expect(try await store.write { try $0.settleFollowUp(gate, by: Desk.ann, "brought back") })
      #expect(try await store.write { try $0.keepOnce(followUp(at: "gate")) } != nil)
      #expect(try await store.read { try $0.followUps(limit: 9).map(\.doorway) } == ["gate", "yard"])
      try store.close()
    }
  }

  @Test func `passages that were kept before they were judged stay, and no id is given twice`() throws {
    let database = try DatabaseQueue()
    try Schema.migrator.migrate(database, upTo: "24 tally")
    try database.write { db in
      try db.execute(
        sql: """
          INSERT INTO passage(at, doorway, inside, epc) VALUES (1, 'gate', 1, x'AA'), (2, 'gate', 0, x'AB'), (3, 'gate', 0, x'AC');
          DELETE FROM passage WHERE id = 3;
          """)
    }
    try Schema.migrator.migrate(database)
    try database.write { db in
      try db.execute(sql: "INSERT INTO passage(at, doorway, inside, epc) VALUES (4, 'gate', NULL, x'AD')")
    }
    let store = try database.read { db in try StoreSnapshot(db: db).passages(limit: 9) }
    #expect(store.map(\.id) == [4, 2, 1])
    #expect(store.map(\.direction) == [nil, .outwards, .inwards])
    #expect(store.allSatisfy { $0.judgement == nil && DoorFinding(of: $0) == .noVerdict })
    #expect(store.map(\.epc) == [[0xAD], [0xAB], [0xAA]])
  }

  @Test func `a door's numbers, and what left and was not seen, are read by indexes`() async throws {
    try await Desk.run { store in
      let day = TestClock.start.advanced(byMilliseconds: -1_000)..<TestClock.start.advanced(byMilliseconds: 1_000)
      // Found by its time alone; a plan that cannot use the index is refused by SQLite (INDEXED BY).
      for door in [nil, "gate"] as [String?] {
        #expect(try await store.read { try $0.unseenDepartures(doorway: door, during: day, limit: 9).isEmpty })
        #expect(
          try await store.read { try $0.unseenCount(doorway: door, during: day) }
            == UnseenCount(count: 0, isAll: true, untagged: 0))
        #expect(try await store.read { try $0.doorFindings(doorway: door, during: day) } == [:])
      }
      let plan = try await store.read { snapshot in
        try Row.fetchAll(
          snapshot.db,
          sql: """
            EXPLAIN QUERY PLAN SELECT verdict, inside, count(*) FROM passage WHERE at >= 1 AND at < 2 AND doorway = 'gate'
            GROUP BY verdict, inside
            """
        ).map { row -> String in row["detail"] }.joined(separator: "; ")
      }
      #expect(plan.contains("COVERING INDEX passage_compared"), "\(plan)")
    }
  }
}
