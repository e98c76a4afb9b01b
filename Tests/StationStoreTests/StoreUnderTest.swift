import Custody
import CustodyLedger
import Foundation
import GRDB
import SyncTestSupport
import Synchronization
import TamperEvidence
import Testing

@testable import StationStore

/// A clock that stands where the test puts it, at first at 2026-03-02 09:00:00 UTC.
final class TestClock: StationClock {
  static let start = Instant(milliseconds: 1_772_442_000_000)
  private let moment = Mutex(TestClock.start)

  func now() -> Instant { moment.withLock { $0 } }
  func offsetMinutes(at moment: Instant) -> Int { 60 }
  func isSynchronised() -> Bool { true }
  func set(_ new: Instant) { moment.withLock { $0 = new } }
  func advance(seconds: Int64) { moment.withLock { $0 = $0.advanced(byMilliseconds: seconds * 1000) } }
}

/// Station HQ/DESK-1, and what tests do with it.
enum Desk {
  static func identity(_ site: String = "HQ", _ station: String = "DESK-1") throws -> StationIdentity {
    StationIdentity(site: try #require(SiteCode(site)), station: try #require(StationCode(station)))
  }

  /// Opens the store of a folder. Nothing waits for anything to mend itself.
  static func open(_ path: String, clock: any StationClock = TestClock()) throws -> StationStore {
    try StationStore(
      folder: path, identity: try identity(), clock: clock,
      patience: Patience(busySeconds: 0.05, retryAfter: .seconds(0)))
  }

  /// Runs `body` with a store in a folder of its own.
  static func run(clock: any StationClock = TestClock(), _ body: (StationStore) async throws -> Void) async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      let store = try open(folder.path, clock: clock)
      try await body(store)
      try store.close()
    }
  }

  static func folder() throws -> TemporaryFolder { try TemporaryFolder() }

  static let ann = PersonID(high: 1 << 16 | 0x7000, low: 1 << 63)
  static let bob = PersonID(high: 2 << 16 | 0x7000, low: 1 << 63)
  static let clerk = Actor(person: ann, roles: Set(Role.allCases), authStrength: .badgePINOffline)
  static let manager = Actor(person: bob, roles: Set(Role.allCases), authStrength: .badgePINOffline)

  static func registration(_ tag: String, serial: String? = nil) -> EventDetails {
    var facts = AssetFacts()
    facts.manufacturer = "Lenovo"
    facts.model = "ThinkPad T14 Gen 5"
    facts.category = "laptop"
    var marks = [BoundIdentifier(.tag, tag)]
    if let serial { marks.append(BoundIdentifier(.serial, serial)) }
    return .register(
      RegisterDetails(
        facts: facts, identifiers: marks, state: .inStock, source: .declared(reason: "stock before go-live")))
  }

  static func deployment(to team: String) -> EventDetails { .deploy(DeployDetails(recipient: .team(team))) }
}

/// A refusal where the test expected a record.
struct Refused: Error { let refusal: Refusal }

extension StoreTransaction {
  /// Records, or throws the refusal.
  @discardableResult
  func act(_ details: EventDetails, on asset: AssetID, approver: Actor? = nil) throws -> CustodyEvent {
    let intent = Intent(asset: asset, details: details, actor: Desk.clerk, approver: approver)
    switch try record(intent) {
    case .recorded(let events, _): return try #require(events.last)
    case .refused(let refusal): throw Refused(refusal: refusal)
    }
  }

  /// Registers a new asset under a tag.
  @discardableResult
  func register(_ tag: String, serial: String? = nil) throws -> AssetID {
    let id: AssetID = newID()
    try act(Desk.registration(tag, serial: serial), on: id)
    return id
  }
}

extension StationStore {
  @discardableResult
  func act(_ details: EventDetails, on asset: AssetID, approver: Actor? = nil) async throws -> CustodyEvent {
    try await write { try $0.act(details, on: asset, approver: approver) }
  }

  func register(_ tag: String, serial: String? = nil) async throws -> AssetID {
    try await write { try $0.register(tag, serial: serial) }
  }

  /// Every row and column of a table, in order.
  func rows(of table: String) async throws -> [[DatabaseValue]] {
    try await read { snapshot in
      let columns = try snapshot.db.columns(in: table).map(\.name).joined(separator: ", ")
      return try Row.fetchAll(snapshot.db, sql: "SELECT * FROM \(table) ORDER BY \(columns)").map {
        Array($0.databaseValues)
      }
    }
  }

  func count(_ sql: String) async throws -> Int {
    try await read { try Int.fetchOne($0.db, sql: sql) ?? -1 }
  }

  /// The station's own chain as a file.
  func chainFile() async throws -> [UInt8] {
    let station = identity
    var file: [UInt8] = []
    for entry in try await read({ try $0.chain(of: station, after: 0, limit: .max) }) {
      ChainFile.append(try UnverifiedEntry(bytes: entry.bytes).entry, to: &file)
    }
    return file
  }

  /// Holds ledger, chain, projection and outbox of a station that no centre knows against one another.
  func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    var verifier = ChainFileVerifier(key: verifierKey)
    var fault = verifier.consume(try await chainFile())
    if fault == nil, head.seq > 0 {
      fault = verifier.finish(expectedHead: ChainHead(seq: head.seq, hash: head.hash))
    }
    #expect(fault == nil, sourceLocation: sourceLocation)
    let entries = try await count("SELECT count(*) FROM entry")
    #expect(entries == head.seq, sourceLocation: sourceLocation)
    // The outbox names every entry, once.
    #expect(try await count("SELECT count(*) FROM outbox") == entries, sourceLocation: sourceLocation)
    let unsent = try await count("SELECT count(*) FROM entry WHERE seq NOT IN (SELECT seq FROM outbox)")
    #expect(unsent == 0, sourceLocation: sourceLocation)
    // Each asset stands at its newest entry, and counts as many as there are.
    let apart = try await count(
      """
      SELECT count(*) FROM asset WHERE json_extract(CAST(doc AS TEXT), '$.version')
        <> (SELECT count(*) FROM entry WHERE entry.asset = asset.id)
      """)
    #expect(apart == 0, sourceLocation: sourceLocation)
    let before = (try await rows(of: "asset"), try await rows(of: "identifier"))
    try await write { try $0.rebuildProjection() }
    let after = (try await rows(of: "asset"), try await rows(of: "identifier"))
    #expect(before == after, "rebuilt projection", sourceLocation: sourceLocation)
  }
}
