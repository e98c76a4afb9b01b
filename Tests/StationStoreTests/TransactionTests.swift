import Custody
import CustodyLedger
import Foundation
import GRDB
import StationStore
import Testing

/// Resolve, decide, seal, store, project, outbox: one transaction, all of it or nothing.
struct TransactionTests {
  private struct Stop: Error {}

  @Test func aRecordIsEntryProjectionAndOutboxTogether() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1", serial: "PF3X")
      let event = try await store.act(Desk.deployment(to: "Finance"), on: asset)
      #expect(event.seq == 2 && event.prior?.version == 1)
      #expect(try await store.read { try $0.resolve("AT-1") } == .asset(asset))
      #expect(try await store.read { try $0.asset(asset)?.state } == .deployed)
      #expect(try await store.read { try $0.pendingEntries(limit: 10, maximumBytes: .max).map(\.seq) } == [1, 2])
      try await store.expectWhole()
    }
  }

  @Test func aBodyThatThrowsLeavesNothing() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1")
      let (head, tables) = (store.head, try await Self.tables(store))
      await #expect(throws: Stop.self) {
        try await store.write { transaction in
          try transaction.act(Desk.deployment(to: "Finance"), on: asset)
          try transaction.register("AT-2")
          try transaction.keep(
            KeptReading(
              at: transaction.now, raw: [1], symbologyIdentifier: nil, device: nil, session: nil, person: nil,
              outcome: .accepted, words: "x"))
          throw Stop()
        }
      }
      #expect(store.head == head)
      #expect(try await Self.tables(store) == tables)
      // The next event follows the last that is there.
      let next = try await store.act(Desk.deployment(to: "Legal"), on: asset)
      #expect(next.seq == 2 && next.prevHash == head.hash.description)
      try await store.expectWhole()
    }
  }

  @Test func partsAreFoundAtEveryDepthOnce() async throws {
    try await Desk.run { store in
      let server = try await store.register("SV-1")
      let tray = try await store.register("TR-1")
      let card = try await store.register("CA-1")
      let other = try await store.register("CA-2")
      try await store.act(.attach(AttachDetails(parent: tray)), on: card)
      try await store.act(.attach(AttachDetails(parent: server)), on: tray)
      #expect(try await store.read { try $0.parts(of: server).map(\.id) } == [tray, card].sorted())
      #expect(try await store.read { try $0.parts(of: tray).map(\.id) } == [card])
      #expect(try await store.read { try $0.parts(of: other) } == [])
      // The server cannot go into what is two levels down in it.
      await #expect(throws: Refused.self) { try await store.act(.attach(AttachDetails(parent: card)), on: server) }
      // Two stations may have done so apart from one another: the search ends all the same.
      try await store.write { transaction in
        try transaction.db.execute(sql: "UPDATE asset SET parent = ? WHERE id = ?", arguments: [card, server])
      }
      #expect(try await store.read { try $0.parts(of: server).map(\.id) } == [tray, card].sorted())
    }
  }

  @Test func aRefusalRecordsNothing() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1")
      let tables = try await Self.tables(store)
      let intent = Intent(asset: asset, details: .return(ReturnDetails(condition: "A")), actor: Desk.clerk)
      let recording = try await store.write { try $0.record(intent) }
      guard case .refused = recording else {
        Issue.record("an asset in stock was returned: \(recording)")
        return
      }
      #expect(try await Self.tables(store) == tables)
    }
  }

  /// Two hundred callers at once: every third throws after it recorded. The others' work stands, without gaps.
  @Test func whatOneCallerThrowsUndoesNobodyElsesWork() async throws {
    try await Desk.run { store in
      let recorded = try await withThrowingTaskGroup(of: String?.self) { group in
        for number in 0..<200 {
          group.addTask {
            do {
              try await store.write { transaction in
                try transaction.register("AT-\(number)")
                if number.isMultiple(of: 3) { throw Stop() }
              }
              return "AT-\(number)"
            } catch is Stop {
              return nil
            }
          }
        }
        var tags: Set<String> = []
        for try await tag in group { if let tag { tags.insert(tag) } }
        return tags
      }
      #expect(recorded.count == 133)
      #expect(store.head.seq == 133)
      let tags = try await store.read { try Set(String.fetchAll($0.db, sql: "SELECT tag FROM asset")) }
      #expect(tags == recorded)
      try await store.expectWhole()
    }
  }

  /// Two scans of one asset at the same moment: one deploys it, the other sees that it is deployed.
  @Test func twoScansCannotDeployOneAsset() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1")
      let recordings = try await withThrowingTaskGroup(of: Bool.self) { group in
        for team in 0..<20 {
          group.addTask {
            let intent = Intent(asset: asset, details: Desk.deployment(to: "Team \(team)"), actor: Desk.clerk)
            if case .recorded = try await store.write({ try $0.record(intent) }) { return true }
            return false
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(recordings == 1)
      #expect(store.head.seq == 2)
    }
  }

  @Test func theChainGoesOnAfterReopening() async throws {
    let folder = try Desk.folder()
    let first = try Desk.open(folder.path)
    _ = try await first.register("AT-1")
    let head = first.head
    try first.close()
    let second = try Desk.open(folder.path)
    #expect(second.head == head)
    let asset = try await second.register("AT-2")
    let event = try #require(try await second.read { try $0.firstEvent(of: asset) })
    #expect(event.seq == 2 && event.prevHash == head.hash.description)
    try await second.expectWhole()
    try second.close()
  }

  private static func tables(_ store: StationStore) async throws -> [[[DatabaseValue]]] {
    var tables: [[[DatabaseValue]]] = []
    for table in ["entry", "outbox", "asset", "identifier", "reading"] {
      tables.append(try await store.rows(of: table))
    }
    return tables
  }
}
