import Custody
import Foundation
import StationStore
import SyncTestSupport
import Testing

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
}
