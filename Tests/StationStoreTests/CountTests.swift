import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting
import TamperEvidence
import Testing

@testable import StationStore

/// Counts in the store: what was taken outlives the program, and a closing is signed.
@Suite("Counts in the store") struct CountTests {
  private static let room = "STORE"
  private static let shelf = "STORE-A"
  private static let other = "STORE-B"

  /// A room with two shelves, and laptops on the first.
  private func furnish(_ store: StationStore, _ tags: [String]) async throws -> [AssetID] {
    try await store.write { transaction in
      let site = try #require(SiteCode("HQ"))
      try transaction.save(Site(code: site, name: "Head office"))
      for (code, parent) in [(Self.room, nil), (Self.shelf, Self.room), (Self.other, Self.room), ("CAGE", nil)]
        as [(String, String?)]
      {
        try transaction.save(
          Location(
            code: try #require(LocationCode(code)), site: site, name: code, parent: parent.flatMap(LocationCode.init)))
      }
      return try tags.map { tag in
        let id: AssetID = transaction.newID()
        guard case .register(var details) = Desk.registration(tag) else { throw Unexpected() }
        details.location = LocationCode(Self.shelf)
        guard case .recorded = try transaction.record(Intent(asset: id, details: .register(details), actor: Desk.clerk))
        else { throw Unexpected() }
        return id
      }
    }
  }

  private struct Unexpected: Error {}

  private func open(_ store: StationStore, blind: Bool = false) async throws -> StoredCount {
    let room = try #require(LocationCode(Self.room))
    return try await store.write { transaction in
      try transaction.openCount(.location(room), blind: blind, by: Desk.ann).get()
    }
  }

  private func counter(_ number: UInt64, held: Int?, of person: PersonID = Desk.ann) -> StockCount.Counter {
    StockCount.Counter(
      id: CounterID(high: 0x7000, low: 1 << 63 | number), person: person, device: "phone \(number)", held: held)
  }

  private func observation(
    _ number: UInt64, of asset: AssetID, by counter: CounterID, at place: String = CountTests.shelf
  ) -> Observation {
    Observation(
      id: ObservationID(high: 0x7000, low: 1 << 63 | number), counter: counter, at: TestClock.start,
      place: LocationCode(place), means: .barcode, text: "AT-\(number)", mark: "AT-\(number)", meaning: .asset(asset))
  }

  @Test("a room expects what stands on its shelves, and nothing else")
  func expects() async throws {
    try await Desk.run { store in
      let ids = try await furnish(store, ["AT-00001", "AT-00002"])
      let cage = try #require(LocationCode("CAGE"))
      // One is handed out: it is with somebody, and on no shelf.
      _ = try await store.write { transaction in
        try transaction.record(
          Intent(
            asset: ids[1],
            details: .deploy(DeployDetails(recipient: .team("Finance"))), actor: Desk.clerk))
      }
      let count = try await open(store)
      #expect(count.expected == 1)
      let lines = try await store.read { try $0.countLines(of: count.id, limit: 10) }
      #expect(lines.map(\.line.subject) == [.asset(ids[0])])
      #expect(lines.map(\.line.result) == [.missing])
      let empty = try await store.write { try $0.openCount(.location(cage), blind: false, by: Desk.ann).get() }
      #expect(empty.expected == 0)
      let team = try await store.write {
        try $0.openCount(.custodian(.team("Finance")), blind: false, by: Desk.ann).get()
      }
      #expect(team.expected == 1)
      let laptops = try await store.write { try $0.openCount(.category("laptop"), blind: false, by: Desk.ann).get() }
      #expect(laptops.expected == 2)
      let none = try await store.write { try $0.openCount(.category("spaceship"), blind: false, by: Desk.ann) }
      guard case .failure(let refusal) = none else { throw Unexpected() }
      #expect(refusal.code == "count.scope.empty")
    }
  }

  @Test("what was taken is there after the store is opened again, and counts once however often it comes")
  func durable() async throws {
    let folder = try Desk.folder()
    let phone = counter(1, held: 2)
    var store = try Desk.open(folder.path)
    let ids = try await furnish(store, ["AT-00001", "AT-00002", "AT-00003"])
    let count = try await open(store)
    let batch = [
      observation(1, of: ids[0], by: phone.id), observation(2, of: ids[1], by: phone.id, at: Self.other),
      observation(1, of: ids[0], by: phone.id),
    ]
    let first = try await store.write { transaction in
      #expect(try transaction.report(phone, in: count) == nil)
      return try transaction.take(batch, by: Desk.ann, in: count)
    }
    #expect(first == [.count, .count, .again])
    try store.close()

    store = try Desk.open(folder.path)
    let again = try await store.write { transaction in
      try transaction.take(batch, by: Desk.ann, in: try #require(try transaction.stockCount(count.id)))
    }
    #expect(again == [.again, .again, .again])
    let lines = try await store.read { try $0.countLines(of: count.id, limit: 10) }
    #expect(lines.map(\.line.result) == [.otherShelf, .missing, .found])
    #expect(lines.map(\.line.observations) == [1, 0, 1])
    #expect(try await store.read { try $0.tally(of: count.id) } == CountTally(found: 1, otherShelf: 1, missing: 1))
    // The phone holds two still, also after the restart.
    guard case .refused(let refusal)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: false) else {
      throw Unexpected()
    }
    #expect(refusal.code == "count.close.out")
    try store.close()
  }

  @Test("a closing is one signed entry with the hash of the file that is kept, and moves nothing")
  func closing() async throws {
    try await Desk.run { store in
      let ids = try await furnish(store, ["AT-00001", "AT-00002"])
      let count = try await open(store)
      let phone = counter(1, held: 0)
      _ = try await store.write { transaction in
        _ = try transaction.report(phone, in: count)
        return try transaction.take([observation(1, of: ids[0], by: phone.id, at: Self.other)], by: Desk.ann, in: count)
      }
      let (before, seq) = (try await store.read { store in try ids.map { try store.asset($0) } }, store.head.seq)
      guard case .closed(let closed)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: false) else {
        throw Unexpected()
      }
      let ending = try #require(closed.ending)
      #expect(ending.by == Desk.ann)
      #expect(ending.tally == CountTally(otherShelf: 1, missing: 1))
      #expect(store.head.seq == seq + 1)
      #expect(store.head.hash == ending.entry)
      let bytes = try await store.read { snapshot in
        try #require(
          try Data.fetchOne(snapshot.db, sql: "SELECT bytes FROM own_statement ORDER BY epoch DESC, seq DESC LIMIT 1"))
      }
      let entry = try UnverifiedEntry(bytes: Array(bytes))
      #expect(entry.verify(with: store.verifierKey) != nil)
      let statement = try StationStatement(entry: bytes)
      #expect(statement.operator == Desk.ann)
      #expect(statement.authStrength == .badgePINOffline)
      #expect(
        statement.details
          == .closeCount(
            CountClosing(
              count: count.id, scope: count.scope, blind: false, openedAt: count.openedAt, file: ending.file,
              observations: 1, tally: ending.tally)))
      let file = try #require(try await store.blob(ending.file))
      #expect(EntryHash(of: Array(file.bytes)).description == ending.file, "SHA-256 of the file")
      #expect(file.mediaType == "application/x-ndjson")
      #expect(try await store.read { store in try ids.map { try store.asset($0) } } == before)
      // Another person, at the same time.
      guard case .refused(let refusal)? = try await store.closeCount(count.id, by: Desk.manager, anyway: true) else {
        throw Unexpected()
      }
      #expect(refusal.code == "count.closed")
      #expect(refusal.previousBy == Desk.ann)
      #expect(store.head.seq == seq + 1)
      #expect(try await StoreCheck.run(store).findings.isEmpty)
    }
  }

  @Test("what comes after the closing is kept, counts for nothing, and is told")
  func late() async throws {
    try await Desk.run { store in
      let ids = try await furnish(store, ["AT-00001"])
      let count = try await open(store)
      let phone = counter(1, held: 1)
      _ = try await store.write { try $0.report(phone, in: count) }
      guard case .closed(let closed)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: true) else {
        throw Unexpected()
      }
      #expect(closed.ending?.outstanding == 1)
      let late = observation(1, of: ids[0], by: phone.id)
      let taking = try await store.write { try $0.take([late], by: Desk.ann, in: closed) }
      guard case .keepLate(let refusal) = taking.first else { throw Unexpected() }
      #expect(refusal.code == "count.closed")
      let (kept, lines, number) = try await store.read { snapshot in
        (
          try snapshot.observation(late.id, of: count.id), try snapshot.countLines(of: count.id, limit: 10),
          try snapshot.lateObservations(of: count.id)
        )
      }
      #expect(kept?.observation == late)
      #expect(kept?.isLate == true)
      #expect(lines.map(\.line.result) == [.missing])
      #expect(number == 1)
      #expect(try await store.write { try $0.take([late], by: Desk.ann, in: closed) } == [.again])
    }
  }

  @Test("what came late keeps its asset from being declared missing, and no other")
  func lateAndAccepted() async throws {
    try await Desk.run { store in
      let ids = try await furnish(store, ["AT-00001", "AT-00002"])
      let count = try await open(store)
      let phone = counter(1, held: 1)
      _ = try await store.write { try $0.report(phone, in: count) }
      guard case .closed(let closed)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: true) else {
        throw Unexpected()
      }
      let late = observation(1, of: ids[0], by: phone.id)
      _ = try await store.write { try $0.take([late], by: Desk.ann, in: closed) }
      let outcomes = try await store.write { transaction in
        try ids.map { try transaction.acceptLine(.asset($0), of: closed, by: Desk.manager) }
      }
      guard case .refused(let refusal)? = outcomes[0], case .recorded? = outcomes[1] else { throw Unexpected() }
      #expect(refusal.code == "count.accept.seenLate")
      #expect(refusal.previousAt == late.at)
      #expect(refusal.previousBy == Desk.ann)
      #expect(try await store.read { store in try ids.map { try store.asset($0)?.state } } == [.inStock, .missing])
    }
  }

  @Test("what is accepted becomes an event of the asset, with the count as its reference, once")
  func accepted() async throws {
    try await Desk.run { store in
      let ids = try await furnish(store, ["AT-00001", "AT-00002", "AT-00003"])
      let count = try await open(store)
      let phone = counter(1, held: 0)
      _ = try await store.write { transaction in
        _ = try transaction.report(phone, in: count)
        return try transaction.take(
          [observation(1, of: ids[0], by: phone.id, at: Self.other), observation(3, of: ids[2], by: phone.id)],
          by: Desk.ann, in: count)
      }
      let early = try await store.write { try $0.acceptLine(.asset(ids[1]), of: count, by: Desk.manager) }
      guard case .refused(let open)? = early else { throw Unexpected() }
      #expect(open.code == "count.accept.open")
      guard case .closed(let closed)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: false) else {
        throw Unexpected()
      }
      let outcomes = try await store.write { transaction in
        try ids.map { try transaction.acceptLine(.asset($0), of: closed, by: Desk.manager) }
      }
      guard case .recorded(let moved)? = outcomes[0], case .recorded(let missing)? = outcomes[1],
        case .refused(let agrees)? = outcomes[2]
      else { throw Unexpected() }
      #expect(agrees.code == "count.accept.nothing")
      #expect(moved.operator == Desk.bob)
      #expect(moved.to == Standing(state: .inStock, location: LocationCode(Self.other)))
      #expect(
        missing.details
          == .declareMissing(
            MissingDetails(reason: "Not seen in stock count \(count.id)", incident: "stock count \(count.id)")))
      #expect(try await store.read { try $0.asset(ids[1])?.state } == .missing)
      let again = try await store.write { try $0.acceptLine(.asset(ids[1]), of: closed, by: Desk.manager) }
      guard case .refused(let already)? = again else { throw Unexpected() }
      #expect(already.code == "count.accept.already")

      // The recount finds it.
      let recount = try await store.write { transaction in
        try transaction.openCount(closed.scope, blind: false, recountOf: closed.id, by: Desk.ann).get()
      }
      #expect(recount.expected == 2)
      _ = try await store.write { transaction in
        _ = try transaction.report(phone, in: recount)
        return try transaction.take([observation(9, of: ids[1], by: phone.id)], by: Desk.ann, in: recount)
      }
      guard case .closed(let ended)? = try await store.closeCount(recount.id, by: Desk.clerk, anyway: false) else {
        throw Unexpected()
      }
      #expect(ended.recountOf == closed.id)
      let found = try await store.write { try $0.acceptLine(.asset(ids[1]), of: ended, by: Desk.manager) }
      guard case .recorded(let event)? = found else { throw Unexpected() }
      #expect(event.verb == .found)
      #expect(event.to?.location == LocationCode(Self.shelf))
      #expect(event.readings.count == 1)
    }
  }

  @Test("who may not do the act may not accept it")
  func role() async throws {
    try await Desk.run { store in
      let ids = try await furnish(store, ["AT-00001"])
      let count = try await open(store)
      guard case .closed(let closed)? = try await store.closeCount(count.id, by: Desk.clerk, anyway: false) else {
        throw Unexpected()
      }
      let counter = Actor(person: Desk.bob, roles: [.counter], authStrength: .badgePINOffline)
      let outcome = try await store.write { try $0.acceptLine(.asset(ids[0]), of: closed, by: counter) }
      guard case .refused(let refusal)? = outcome else { throw Unexpected() }
      #expect(refusal.code == "custody.declareMissing.role")
      #expect(try await store.read { try $0.asset(ids[0])?.state } == .inStock)
    }
  }

  @Test("how right the records were is told of each closed count, newest first")
  func accuracy() async throws {
    let clock = TestClock()
    try await Desk.run(clock: clock) { store in
      let ids = try await furnish(store, ["AT-00001", "AT-00002", "AT-00003"])
      for seen in [1, 3] {
        clock.advance(seconds: 60)
        let count = try await open(store)
        let phone = counter(UInt64(seen), held: 0)
        _ = try await store.write { transaction in
          _ = try transaction.report(phone, in: count)
          return try transaction.take(
            ids.prefix(seen).enumerated().map { observation(UInt64($0.offset), of: $0.element, by: phone.id) },
            by: Desk.ann, in: count)
        }
        _ = try await store.closeCount(count.id, by: Desk.clerk, anyway: false)
      }
      _ = try await open(store)
      let accuracies = try await store.read { try $0.countAccuracies(limit: 10) }
      #expect(accuracies.map(\.thousandths) == [1000, 333])
      #expect(accuracies.map(\.expected) == [3, 3])
    }
  }

  @Test func `a closing says of each place what was found in it, until the next one does`() async throws {
    try await Desk.run { store in
      let ids = try await furnish(store, ["AT-00001", "AT-00002"])
      let (room, shelf) = (try #require(LocationCode(Self.room)), try #require(LocationCode(Self.shelf)))
      let (other, cage) = (try #require(LocationCode(Self.other)), try #require(LocationCode("CAGE")))
      for (number, scope) in [room, shelf].enumerated() {
        let count = try await store.write { try $0.openCount(.location(scope), blind: false, by: Desk.ann).get() }
        let phone = counter(UInt64(number), held: 0)
        _ = try await store.write { transaction in
          _ = try transaction.report(phone, in: count)
          return try transaction.take(
            ids.prefix(number + 1).enumerated().map { observation(UInt64($0.offset), of: $0.element, by: phone.id) },
            by: Desk.ann, in: count)
        }
        guard case .closed? = try await store.closeCount(count.id, by: Desk.clerk, anyway: false) else {
          throw Unexpected()
        }
        let places = try await store.read { try $0.countedPlaces() }
        #expect(places[room]?.thousandths == 500)
        #expect(places[room]?.isWhole == true)
        #expect(places[shelf]?.thousandths == (number == 0 ? 500 : 1000))
        #expect(places[shelf]?.isWhole == (number == 1))
        // Nothing stands there: it was counted, and there is nothing to be right about.
        #expect(places[other]?.numbers == CountedPlace.Numbers(expected: 0, found: 0))
        #expect(places[other]?.thousandths == nil)
        #expect(places[cage] == nil)
      }
    }
  }
}
