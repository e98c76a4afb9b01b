import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import CustodyLedger
import Foundation
import PostgresTestSupport
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Central
@testable import Station

/// A centre's log that was lost is made again from an exported one and from what stations hold, byte for byte, or not at all.
@Suite(.timeLimit(.minutes(25))) struct RebuildTests {
  /// A station's store as a copy of the log, of which one entry may be missing or changed.
  private struct StationCopy: LogCopy {
    let store: StationStore
    var without: Int64?
    var changed: Int64?
    let name = "a station"

    func heads() async throws -> [[UInt8]] { try await store.read { try $0.keptHeads() } }

    func entries(in range: Range<Int64>) async throws -> [Int64: [UInt8]] {
      var found = try await store.read { try $0.logEntries(in: range) }
      if let without { found[without] = nil }
      if let changed { found[changed]?[70] ^= 1 }
      return found
    }
  }

  /// An empty centre of either kind, with the log's key.
  private func withEmpty(
    _ database: Database, _ body: (any CentralStore) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    let store: any CentralStore
    switch database {
    case .sqlite: store = try SQLiteCentralStore(folder: folder.path) { _ in try CentreUnderTest.author }
    case .postgres:
      let schema = "r_" + UUID().uuidString.replacing("-", with: "").lowercased()
      let address = try PostgresAddress(try await PostgresServer.shared.address(schema: schema))
      store = try await PostgresCentralStore(address) { _ in try CentreUnderTest.author }
    }
    do { try await body(store) } catch {
      try await store.close()
      throw error
    }
    try await store.close()
  }

  private func rebuild(_ store: any CentralStore, from copies: [any LogCopy]) async throws -> RebuiltLog {
    try await CentralRebuild(store: store, copies: copies, progress: { _, _ in }).run()
  }

  /// Everything that a log can hold: two stations that contest a laptop, a rotated key, a fork, a revocation.
  private func fill(_ centre: CentreUnderTest) async throws {
    var one = try ChainWriter(1)
    var two = try ChainWriter(2)
    let laptop = try one.register("AT-1")
    try two.learn(laptop)
    try await centre.push([laptop.entry, try one.deploy(laptop.event.asset).entry], from: one)
    try await centre.push([try two.deploy(laptop.event.asset, to: "Legal").entry], from: two)
    try await centre.push([try one.rotate(to: 101), try one.register("AT-2").entry], from: ChainWriter(1))
    var clone = two
    try await centre.push([try two.register("AT-3").entry], from: two)
    _ = clone.newAssetID()
    try await centre.push([try clone.register("AT-4").entry], from: two)
    let refusal = try await centre.store.revoke(
      "HQ/S2", after: ChainPlace(epoch: 1, seq: 1), reason: "stolen", at: Instant(milliseconds: 1_795_000_600_000))
    #expect(refusal == nil)
  }

  private func statuses(_ store: any CentralStore) async throws -> [String] {
    try await store.entries(after: -1, limit: 1000, bytes: .max).map {
      "\($0.index) \($0.station) \($0.status) \($0.reason?.code ?? "")"
    }
  }

  @Test("a lost log comes back whole from an export and a station", arguments: Database.allCases)
  func whole(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      try await fill(centre)
      let folder = try TemporaryFolder()
      let files = LogFiles(store: centre.store)
      let exported = try await LogExport { try await files.bytes(at: $0) }.run(into: folder.path)
      let export = ExportedLog(folder: folder.path)
      try await centre.station { core, service in
        let recording = try await core.store.write { transaction in
          try transaction.record(
            Intent(
              asset: transaction.newID(),
              details: .register(
                RegisterDetails(
                  facts: AssetFacts(), identifiers: [BoundIdentifier(.tag, "AT-9")], state: .inStock,
                  source: .declared(reason: "was here"))),
              actor: Actor(
                person: PersonID(high: 1 << 16 | 0x7000, low: 1 << 63), roles: Set(Role.allCases),
                authStrength: .badgePINOffline)))
        }
        guard case .recorded = recording else { throw CentreUnderTest.Refused(why: "\(recording)") }
        try await service.pullAll()
        #expect(try await service.pushOnce())
        try await service.pullAll()
        let lost = try await centre.store.head()
        #expect(exported.size < lost.checkpoint.size)
        let assets = try await centre.assets()
        let station = StationCopy(store: core.store)

        for target in Database.allCases {
          // The export alone gives the log as it was then; the station the rest, into the same folder: as of a centre that was put
          // back to an older state.
          try await withEmpty(target) { store in
            let first = try await rebuild(store, from: [export])
            #expect(first.size == exported.size && first.before == 0 && first.newest == exported.size)
            #expect(first.root == exported.root.description)
            let second = try await rebuild(store, from: [station])
            #expect(second.size == lost.checkpoint.size && second.before == exported.size)
            #expect(try await store.head() == lost)
            #expect(
              Dictionary(uniqueKeysWithValues: try await store.assets(AssetQuery(limit: 1000)).map { ($0.id, $0) })
                == assets)
            #expect(try await statuses(store) == (try await statuses(centre.store)))
            // Once more there is nothing to do.
            #expect(try await rebuild(store, from: [export, station]).before == lost.checkpoint.size)
            #expect(try await store.head() == lost)
            // It goes on: a station that was there is let in with its key, and adds to it.
            let name = core.store.identity.keyName
            let held = try await store.stations().first { $0.station.name == name }
            #expect(held?.station.key == core.store.verifierKey)
          }
          // One entry is missing: nothing that is not proved is taken.
          try await withEmpty(target) { store in
            let gap = Int64(exported.size)
            let partly = try await rebuild(store, from: [export, StationCopy(store: core.store, without: gap)])
            #expect(partly.size == exported.size && partly.missing == gap && partly.newest == lost.checkpoint.size)
          }
          // One byte is changed: told, and nothing is taken.
          try await withEmpty(target) { store in
            let changed = StationCopy(store: core.store, changed: 2)
            await #expect(throws: CentralFault.self) { _ = try await rebuild(store, from: [changed]) }
            let index = try await store.headIndex()
            #expect(index == -1)
          }
        }
      }
    }
  }

  @Test("the copy of another log is not taken")
  func foreign() async throws {
    try await CentreUnderTest.run { centre in
      try await fill(centre)
      let folder = try TemporaryFolder()
      let files = LogFiles(store: centre.store)
      _ = try await LogExport { try await files.bytes(at: $0) }.run(into: folder.path)
      let other = try TemporaryFolder()
      let key = try SigningKey(name: "other.example/log", seed: [UInt8](repeating: 201, count: 32))
      let author = try #require(LogAuthor(key))
      let store = try SQLiteCentralStore(folder: other.path) { _ in author }
      await #expect(throws: CentralFault.self) {
        _ = try await rebuild(store, from: [ExportedLog(folder: folder.path)])
      }
      #expect(try await store.headIndex() == -1)
      try await store.close()
    }
  }
}
