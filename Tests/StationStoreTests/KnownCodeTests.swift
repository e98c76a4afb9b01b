import Custody
import CustodyLedger
import GRDB
import SyncTestSupport
import Testing

@testable import StationStore

/// Codes that nobody knew, once an asset carries them.
struct KnownCodeTests {
  /// Keeps a code that nobody knows, with what is to be looked into because of it; gives back the reading.
  private static func keep(unknown text: String, marks: [String] = [], _ store: StationStore) async throws -> Int64 {
    try await store.write { transaction in
      let raw = Array(text.utf8)
      let reading = try transaction.keep(
        KeptReading(
          at: transaction.now, raw: raw, symbologyIdentifier: nil, device: nil, session: nil, person: Desk.ann,
          outcome: .unknown, words: "Unknown code"), marks: marks)
      var followUp = FollowUp(kind: "unknown", at: transaction.now, words: "No asset carries \(text).")
      (followUp.reading, followUp.raw) = (reading, raw)
      try transaction.keep(followUp)
      return reading
    }
  }

  /// How many codes wait on the page of unknown codes and among the follow-ups.
  private static func waiting(_ store: StationStore) async throws -> [Int] {
    try await store.read { snapshot in
      [
        try snapshot.unknownReadings(limit: 99).count, try snapshot.unknownCount(), try snapshot.openFollowUps(),
      ]
    }
  }

  @Test func `a code is known by its text or by any mark that it may stand for, and what it was stays`() async throws {
    try await Desk.run { store in
      let plain = try await Self.keep(unknown: "SN-1", store)
      let coded = try await Self.keep(unknown: "S SN-2", marks: ["SN-2"], store)
      _ = try await Self.keep(unknown: "SN-3", store)
      #expect(try await Self.waiting(store) == [3, 3, 3])
      let first = try await store.register("AT-1", serial: "SN-1")
      let second = try await store.register("AT-2")
      try await store.act(.bind(BindDetails(identifier: BoundIdentifier(.serial, "SN-2"), reason: nil)), on: second)
      #expect(try await Self.waiting(store) == [1, 1, 1])
      for (reading, asset) in [(plain, first), (coded, second)] {
        let kept = try await store.read { try $0.reading(reading) }
        #expect(kept?.outcome == .unknown && kept?.asset == nil && kept?.knownAs == asset)
      }
      let settled = try await store.read { try $0.followUps(openOnly: false, limit: 9) }.filter { $0.settledAt != nil }
      #expect(settled.map(\.settlement) == ["Known as AT-2.", "Known as AT-1."])
      #expect(settled.map(\.asset) == [second, first])
      #expect(settled.allSatisfy { $0.settledBy == nil })
    }
  }

  @Test func `a code that another station's asset carries is known as its entry comes in`() async throws {
    try await Desk.run { store in
      _ = try await Self.keep(unknown: "FAR-1", store)
      var writer = try ChainWriter(9)
      let registered = try writer.register("FAR-1")
      let entry = HeldEntry(logIndex: 0, entry: try #require(registered.entry.verify(with: writer.key.verifierKey)))
      _ = try await store.write { try $0.admit([entry], upTo: 0) }
      #expect(try await Self.waiting(store) == [0, 0, 0])
      #expect(
        try await store.read { try $0.followUps(openOnly: false, limit: 9) }.map(\.asset) == [registered.event.asset])
      // Made anew, the projection says the same.
      try await store.write { try $0.rebuildProjection() }
      #expect(try await Self.waiting(store) == [0, 0, 0])
    }
  }

  @Test func `taken back, it waits again; what a person has settled stays settled`() async throws {
    try await Desk.run { store in
      _ = try await Self.keep(unknown: "SN-1", store)
      _ = try await Self.keep(unknown: "SN-2", store)
      let thrown = try #require(try await store.read { try $0.followUps(limit: 1) }.first)
      #expect(try await store.write { try $0.settleFollowUp(thrown.id, by: Desk.bob, "Thrown away.") })
      for serial in ["SN-1", "SN-2"] {
        let asset = try await store.register("AT-\(serial)", serial: serial)
        let event = try #require(try await store.read { try $0.entries(of: asset).first?.event })
        let correction = CorrectDetails(event: event.eventID, reason: "no such thing", approver: Desk.bob)
        try await store.act(.correct(correction), on: asset, approver: Desk.manager)
      }
      #expect(try await Self.waiting(store) == [2, 2, 1])
      let settlement = try await store.read { try $0.followUp(thrown.id)?.settlement }
      #expect(settlement == "Thrown away.")
    }
  }

  @Test func `a mark that is taken off its asset again makes its code wait again`() async throws {
    try await Desk.run { store in
      let reading = try await Self.keep(unknown: "SN-1", store)
      let asset = try await store.register("AT-1")
      let mark = BindDetails(identifier: BoundIdentifier(.thirdParty, "SN-1"), reason: "wrong label")
      try await store.act(.bind(mark), on: asset)
      #expect(try await Self.waiting(store) == [0, 0, 0])
      try await store.act(.unbind(mark), on: asset)
      #expect(try await Self.waiting(store) == [1, 1, 1])
      #expect(try await store.read { try $0.reading(reading)?.knownAs } == nil)
    }
  }

  @Test func `a carton's code that is set aside is known at once where an asset carries it`() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1", serial: "SN-1")
      let reading = try await store.write { transaction -> Int64 in
        let reading = try transaction.keep(
          KeptReading(
            at: transaction.now, raw: Array("S SN-1".utf8), symbologyIdentifier: nil, device: nil, session: nil,
            person: Desk.ann, outcome: .context, words: "On a carton"))
        try transaction.markUnknown(reading, marks: ["SN-1"])
        return reading
      }
      #expect(try await store.read { try $0.reading(reading)?.knownAs } == asset)
      #expect(try await store.read { try $0.unknownCount() } == 0)
    }
  }

  @Test func `a store of an older program learns which of its unknown codes are known by now`() throws {
    let queue = try DatabaseQueue()
    try Schema.migrator.migrate(queue, upTo: "24 tally")
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO asset(id, tag, serial, state, changed_at, doc)
            VALUES (x'0198f0a1b2c37d4e8f5061728394a5b6', 'AT-1', 'SN-1', 'inStock', 0, x'7b7d');
          INSERT INTO identifier(value, kind, asset) VALUES ('SN-1', 'serial', x'0198f0a1b2c37d4e8f5061728394a5b6');
          INSERT INTO reading(id, at, raw, outcome, words)
            VALUES (1, 0, CAST('SN-1' AS BLOB), 'unknown', ''), (2, 0, CAST('SN-2' AS BLOB), 'unknown', '');
          INSERT INTO follow_up(id, kind, at, reading, raw, words)
            VALUES (1, 'unknown', 0, 1, CAST('SN-1' AS BLOB), ''), (2, 'unknown', 0, 2, CAST('SN-2' AS BLOB), '');
          """)
    }
    try Schema.migrator.migrate(queue)
    try queue.read { db in
      let snapshot = StoreSnapshot(db: db)
      #expect(try snapshot.unknownReadings(limit: 9).map(\.id) == [2])
      #expect(try snapshot.followUps(limit: 9).map(\.id) == [2])
      let settled = try snapshot.followUp(1)
      #expect(settled?.settlement == "Known as AT-1." && settled?.asset != nil)
    }
  }
}
