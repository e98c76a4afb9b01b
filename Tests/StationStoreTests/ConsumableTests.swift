import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting
import Testing

@testable import StationStore

/// Consumables in the store: what is on record, what was counted of it, and that the closing covers it.
@Suite("Consumables in the store") struct ConsumableStoreTests {
  private struct Unexpected: Error {}

  private static func place(_ text: String) throws -> LocationCode { try #require(LocationCode(text)) }

  /// A room with a shelf, and 40 cables on that, ± 2.
  private func furnish(_ store: StationStore) async throws -> Consumable {
    let (room, shelf) = (try Self.place("STORE"), try Self.place("STORE-A"))
    let site = try #require(SiteCode("HQ"))
    let cable = Consumable(
      code: try #require(ConsumableCode("CAT6-2M")), location: shelf, name: "Patch cable", unit: "piece",
      value: .init(minorUnits: 333, currency: "EUR"), tolerance: .quantity(2), quantity: 40)
    try await store.write { transaction in
      try transaction.save(Site(code: site, name: "Head office"))
      try transaction.save(Location(code: room, site: site, name: "Store"))
      try transaction.save(Location(code: shelf, site: site, name: "Shelf", parent: room))
      try transaction.save(cable, by: Desk.ann, because: "Imported from consumables.csv")
    }
    return cable
  }

  private func said(
    _ quantity: Int, _ number: UInt64, of code: ConsumableCode, by counter: CounterID, undoes: ObservationID? = nil
  ) throws -> Observation {
    Observation(
      id: ObservationID(high: 0x7000, low: 1 << 63 | number), counter: counter, at: TestClock.start,
      place: try Self.place("STORE-A"), means: .keyed, text: code.text, mark: code.text,
      meaning: .consumable(ConsumableSighting(code: code, quantity: quantity, undoes: undoes)))
  }

  @Test func `what is counted is in the signed closing, and once accepted on record with who, when and why`()
    async throws
  {
    try await Desk.run { store in
      let cable = try await furnish(store)
      let room = try Self.place("STORE")
      let count = try await store.write { try $0.openCount(.location(room), blind: false, by: Desk.ann).get() }
      let phone = StockCount.Counter(
        id: CounterID(high: 0x7000, low: 1 << 63 | 1), person: Desk.ann, device: "phone", held: 0)
      let observations = [
        try said(30, 1, of: cable.code, by: phone.id), try said(5, 2, of: cable.code, by: phone.id),
        try said(2, 3, of: cable.code, by: phone.id),
        try said(0, 4, of: cable.code, by: phone.id, undoes: ObservationID(high: 0x7000, low: 1 << 63 | 3)),
      ]
      _ = try await store.write { transaction in
        _ = try transaction.report(phone, in: count)
        return try transaction.take(observations, by: Desk.ann, in: count)
      }
      // 30 + 5: what was said of two more is taken back.
      let lines = try await store.read { try $0.consumableLines(of: count.id) }
      #expect(lines.map(\.line.counted) == [35])
      #expect(lines.map(\.line.result) == [.short])
      #expect(
        try await store.read { try $0.lastWord(of: phone.id, on: cable.code, at: nil, in: count.id) }
          == ObservationID(high: 0x7000, low: 1 << 63 | 2))
      guard case .closed(let closed)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: false) else {
        throw Unexpected()
      }
      #expect(closed.ending?.observations == 4)
      let bytes = try await store.read { snapshot in
        try Data.fetchAll(snapshot.db, sql: "SELECT bytes FROM own_statement ORDER BY epoch, seq")
      }
      let statement = String(decoding: try #require(bytes.last), as: UTF8.self)
      #expect(statement.contains(#""consumables":{"notCounted":0,"over":0,"short":1,"within":0}"#), "\(statement)")

      let shelf = cable.location
      guard
        case .recorded(let now)? = try await store.write({
          try $0.acceptConsumable(cable.code, at: shelf, of: closed, by: Desk.clerk, because: "boxes opened")
        })
      else { throw Unexpected() }
      #expect(now.quantity == 35)
      let changes = try await store.read { try $0.changes(of: cable.code, at: shelf, limit: 10) }
      #expect(changes.map(\.after) == [35, 40])
      #expect(changes.map(\.before) == [40, nil])
      #expect(changes.first?.by == Desk.clerk.person)
      #expect(changes.first?.reason == "Counted in stock count \(count.id): boxes opened")
      let again = try await store.write {
        try $0.acceptConsumable(cable.code, at: shelf, of: closed, by: Desk.clerk, because: nil)
      }
      guard case .refused(let already)? = again else { throw Unexpected() }
      #expect(already.code == "count.accept.already")
    }
  }

  @Test func `a quantity that was changed since the count looked is not overruled by it`() async throws {
    try await Desk.run { store in
      var cable = try await furnish(store)
      let room = try Self.place("STORE")
      let count = try await store.write { try $0.openCount(.location(room), blind: false, by: Desk.ann).get() }
      let phone = StockCount.Counter(
        id: CounterID(high: 0x7000, low: 1 << 63 | 1), person: Desk.ann, device: "phone", held: 0)
      let one = try said(10, 1, of: cable.code, by: phone.id)
      _ = try await store.write { transaction in
        _ = try transaction.report(phone, in: count)
        return try transaction.take([one], by: Desk.ann, in: count)
      }
      guard case .closed(let closed)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: false) else {
        throw Unexpected()
      }
      cable.quantity = 60
      let delivered = cable
      try await store.write { try $0.save(delivered, by: Desk.ann, because: "Imported from delivery.csv") }
      let outcome = try await store.write {
        try $0.acceptConsumable(delivered.code, at: delivered.location, of: closed, by: Desk.clerk, because: nil)
      }
      guard case .refused(let refusal)? = outcome else { throw Unexpected() }
      #expect(refusal.code == "count.consumable.changed")
      #expect(try await store.read { try $0.consumable(delivered.code, at: delivered.location)?.quantity } == 60)
    }
  }

  @Test func `what was said at the wrong place and is taken back is in the count no more`() async throws {
    try await Desk.run { store in
      let cable = try await furnish(store)
      let (room, other) = (try Self.place("STORE"), try Self.place("STORE-B"))
      try await store.write { transaction in
        try transaction.save(
          Location(code: other, site: try #require(SiteCode("HQ")), name: "Shelf", parent: try Self.place("STORE")))
      }
      let count = try await store.write { try $0.openCount(.location(room), blind: false, by: Desk.ann).get() }
      let phone = StockCount.Counter(
        id: CounterID(high: 0x7000, low: 1 << 63 | 1), person: Desk.ann, device: "phone", held: 0)
      var wrong = try said(3, 1, of: cable.code, by: phone.id)
      wrong = Observation(
        id: wrong.id, counter: wrong.counter, at: wrong.at, place: other, means: wrong.means, text: wrong.text,
        mark: wrong.mark, meaning: wrong.meaning)
      let (observation, id) = (wrong, wrong.id)
      _ = try await store.write { transaction in
        _ = try transaction.report(phone, in: count)
        return try transaction.take([observation], by: Desk.ann, in: count)
      }
      #expect(try await store.read { try $0.consumableTally(of: count.id) } == ConsumableTally(over: 1, notCounted: 1))
      _ = try await store.write { transaction in
        try transaction.takeBack(
          id, as: ObservationUndoID(high: 0x7000, low: 1 << 63 | 9), at: TestClock.start, by: Desk.ann, in: count)
      }
      #expect(try await store.read { try $0.consumableTally(of: count.id) } == ConsumableTally(notCounted: 1))
    }
  }

  @Test func `the history of a quantity is neither changed nor deleted`() async throws {
    try await Desk.run { store in
      _ = try await furnish(store)
      for sql in ["UPDATE consumable_change SET after = 1", "DELETE FROM consumable_change"] {
        await #expect(throws: (any Error).self) { try await store.write { try $0.db.execute(sql: sql) } }
      }
    }
  }
}
