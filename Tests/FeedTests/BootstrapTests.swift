import Custody
import CustodyLedger
import Foundation
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Central
@testable import Station

/// A new station begins with the centre's snapshot.
@Suite(.timeLimit(.minutes(25))) struct BootstrapTests {
  /// Forty assets: some deployed, two taken back, one claimed by two stations at once.
  private func fill(_ centre: CentreUnderTest) async throws -> (one: ChainWriter, two: ChainWriter, ids: [AssetID]) {
    var one = try ChainWriter(1)
    var two = try ChainWriter(2)
    var written = try (0..<40).map { try one.register("AT-\(10_000 + $0)") }
    let ids = written.map(\.event.asset)
    for event in written { try two.learn(event) }
    for id in ids.prefix(10) { written.append(try one.deploy(id)) }
    for id in ids.prefix(2) { written.append(try one.takeBack(id)) }
    try await centre.push(written.map(\.entry), from: one)
    try await centre.push([try two.deploy(ids[5], to: "Legal").entry], from: two)
    return (one, two, ids)
  }

  @Test("it has what the centre has, and goes on from there", arguments: Database.allCases)
  func begins(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      let filled = try await fill(centre)
      var one = filled.one
      let ids = filled.ids
      let made = try await centre.server.makeSnapshot()
      let size = try await centre.store.head().checkpoint.size
      #expect(made.size == size)
      // What comes behind the snapshot.
      try await centre.push([try one.deploy(ids[20]).entry, try one.register("AT-90000").entry], from: one)

      try await centre.station { core, service in
        #expect(try await service.bootstrap() == nil)
        let (begins, cursor, entries) = try await core.store.read {
          (try $0.ledgerBegins(), try $0.pullCursor(), try $0.entries(after: .min, limit: 10))
        }
        #expect(begins == Int64(size))
        #expect(cursor == Int64(size) - 1)
        #expect(entries.isEmpty, "no event is here")
        try await service.pullAll()
        let here = try await core.assets()
        #expect(here == (try await centre.assets()))
        #expect(here[ids[5]]?.discrepancies?.count == 1)
        #expect(try await core.store.read { try $0.openDiscrepancies() } == 1)
        // Marks lead to assets as they do elsewhere.
        #expect(try await core.store.read { try $0.resolve("AT-10007") } == .asset(ids[7]))
        // Nothing of what was fetched is left lying about.
        #expect(!FileManager.default.fileExists(atPath: core.store.snapshotFolder))
        // Another start is no beginning.
        #expect(try await service.bootstrap() == nil)
        #expect(try await core.assets() == here)
      }
    }
  }

  @Test("it records on assets whose events are at the centre, and the centre takes it", arguments: Database.allCases)
  func records(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      let (_, _, ids) = try await fill(centre)
      _ = try await centre.server.makeSnapshot()
      try await centre.station { core, service in
        _ = try await service.bootstrap()
        let actor = Actor(
          person: PersonID(high: 7 << 16 | 0x7000, low: 1 << 63), roles: [.technician, .manager],
          authStrength: .badgePINOffline)
        let recording = try await core.store.write { transaction in
          try transaction.record(
            Intent(asset: ids[30], details: .deploy(DeployDetails(recipient: .team("Design"))), actor: actor))
        }
        guard case .recorded(let events, _) = recording else {
          Issue.record("\(recording)")
          return
        }
        #expect(events.first?.prior?.version == 1)
        #expect(try await service.pushOnce())
        #expect(try await core.store.read { try $0.pendingCount() } == 0)
        #expect(try await centre.store.asset(ids[30])?.custodian == .team("Design"))
      }
    }
  }

  @Test(
    "a claim against an asset whose events are at the centre has them fetched, proved, and folded",
    arguments: Database.allCases)
  func folds(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      let filled = try await fill(centre)
      var (one, two) = (filled.one, filled.two)
      let ids = filled.ids
      _ = try await centre.server.makeSnapshot()
      try await centre.station { core, service in
        _ = try await service.bootstrap()
        let contested = ids[8]
        #expect(try await core.store.read { try $0.isWhole(contested) } == false)
        // What rests on the events says plainly that they are not here.
        await #expect(throws: StoreFault.historyAtCentre(contested)) {
          try await core.store.read { try $0.events(about: contested) }
        }
      }
      // Station 2 never knew that station 1 had deployed it.
      try await centre.push([try two.deploy(ids[8], to: "Legal").entry], from: two)
      try await centre.push([try one.register("AT-90001").entry], from: one)
      try await centre.station("DESK-8") { core, service in
        _ = try await service.bootstrap()
        try await service.pullAll()
        #expect(try await core.assets() == (try await centre.assets()))
        let (isWhole, entries) = try await core.store.read {
          (try $0.isWhole(ids[8]), try $0.entries(of: ids[8]))
        }
        #expect(isWhole)
        // Register and deployment of station 1 from the time before, in the log's order, then the claim.
        #expect(entries.map(\.event.verb) == [.register, .deploy, .deploy])
        #expect(entries.map { $0.logIndex ?? -1 } == entries.compactMap(\.logIndex).sorted())
        #expect(entries.map { $0.arrival < 0 } == [true, true, false])
        #expect(try await core.store.read { try $0.openDiscrepancies() } == 2)
        // A rebuild leaves what rests on events elsewhere.
        let before = try await core.assets()
        try await core.store.write { try $0.rebuildProjection() }
        #expect(try await core.assets() == before)
      }
    }
  }

  @Test("a dossier of an asset whose events are at the centre is whole")
  func dossier() async throws {
    try await CentreUnderTest.run { centre in
      let (_, _, ids) = try await fill(centre)
      _ = try await centre.server.makeSnapshot()
      try await centre.station { core, service in
        _ = try await service.bootstrap()
        let made = try await StationDossier(
          store: core.store, centre: core.options.centre, token: core.options.centreToken
        ).make(try EvidenceQuery(asset: "AT-10001"))
        let report = Dossier.verify(bytes: made.bytes, key: centre.store.logKey)
        #expect(report.failures.isEmpty)
        #expect(made.pending == 0)
        #expect(
          try await core.store.read { try $0.entries(of: ids[1]) }.map(\.event.verb) == [.register, .deploy, .return])
      }
    }
  }

  @Test("what an asset was corrected away to, and what waits for an event before it, is as at the centre")
  func unprojected() async throws {
    try await CentreUnderTest.run { centre in
      var one = try ChainWriter(1)
      var two = try ChainWriter(2)
      let registered = try one.register("AT-1")
      try two.learn(registered)
      // The deployment is here before the registration: it waits, and there is no asset.
      try await centre.push([try two.deploy(registered.event.asset).entry], from: two)
      _ = try await centre.server.makeSnapshot()
      #expect(try await centre.assets().isEmpty)
      try await centre.push([registered.entry], from: one)
      try await centre.station { core, service in
        _ = try await service.bootstrap()
        try await service.pullAll()
        #expect(try await core.assets() == (try await centre.assets()))
        #expect(try await core.assets()[registered.event.asset]?.state == .deployed)
      }
    }
  }

  @Test("a centre without a snapshot is read from the log's first entry on")
  func none() async throws {
    try await CentreUnderTest.run { centre in
      _ = try await fill(centre)
      try await centre.station { core, service in
        #expect(try await service.bootstrap() == nil)
        #expect(try await core.assets().isEmpty)
        try await service.pullAll()
        #expect(try await core.assets() == (try await centre.assets()))
        #expect(try await core.store.read { try $0.ledgerBegins() } == nil)
      }
    }
  }

  @Test("a snapshot is made when the log has grown enough, and found again after a restart")
  func due() async throws {
    try await CentreUnderTest.run { centre in
      let shelf = centre.server.snapshots
      let service = SnapshotService(shelf: shelf, store: centre.store, growth: 30, logger: CentreUnderTest.quiet)
      try await service.makeIfDue()
      #expect(shelf.newest == nil)
      var one = try await fill(centre).one
      try await service.makeIfDue()
      let first = try #require(shelf.newest)
      try await service.makeIfDue()
      #expect(shelf.newest?.manifest == first.manifest)
      let again = try SnapshotShelf(folder: centre.server.configuration.dataFolder, store: centre.store)
      #expect(again.newest?.manifest == first.manifest)
      try await centre.push(try (0..<30).map { try one.register("AT-\(20_000 + $0)").entry }, from: one)
      try await service.makeIfDue()
      let second = try #require(shelf.newest)
      #expect(second.manifest.size > first.manifest.size)
      #expect(!FileManager.default.fileExists(atPath: first.path), "the older one is gone")
      // A file that is cut short is as if it were not there.
      truncate(second.path, 100)
      #expect(try SnapshotShelf(folder: centre.server.configuration.dataFolder, store: centre.store).newest == nil)
    }
  }

  @Test("what a killed process left half made is taken away, but not from under one that makes a snapshot")
  func swept() async throws {
    try await CentreUnderTest.run { centre in
      _ = try await fill(centre)
      let made = try #require(try await centre.server.snapshots.make())
      let data = centre.server.configuration.dataFolder
      let folder = data + "/snapshot"
      let kept = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      let left = ["A.making", "A.making.gz", "B.making-journal"]
      for name in left { try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      let other = open(folder + "/lock", O_RDWR | O_CLOEXEC)
      #expect(other >= 0 && flock(other, LOCK_SH | LOCK_NB) == 0)
      _ = try SnapshotShelf(folder: data, store: centre.store)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == (kept + left).sorted())
      close(other)
      let again = try SnapshotShelf(folder: data, store: centre.store)
      #expect(again.newest?.manifest == made.manifest)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == kept)
    }
  }
}
