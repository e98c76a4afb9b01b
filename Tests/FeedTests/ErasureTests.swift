import Custody
import CustodyLedger
import Foundation
import GRDB
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Central
@testable import Station
@testable import StationStore
@testable import custody

/// A person is erased at one station: gone there, at the centre and at the other stations, and every proof still holds.
@Suite(.timeLimit(.minutes(25))) struct ErasureTests {
  private static let people = """
    name,email,badge,pin,roles
    Kim Novák,kim@example.com,B-1,730194,technician
    Lee O'Hara,lee@example.com,B-2,519402,manager
    """

  private func importPeople(at centre: CentreUnderTest) async throws {
    let site = try #require(SiteCode("HQ"))
    let whole = try await centre.server.wholeReference()
    let (outcome, changes, _) = try await ReferenceWorkshop.with(whole, at: site) { store in
      let report = try await CatalogueImport(.people, into: store).run(
        ImportFile(name: "people.csv", bytes: Array(Self.people.utf8)))
      return (try ImportOutcome(report), 0)
    }
    #expect(outcome.good, "\(outcome.words)")
    _ = try await centre.store.changeReference(changes)
  }

  /// What a station's database still says of a name or an address, in whatever table.
  private func tables(of store: StationStore, naming words: [String]) async throws -> [String] {
    try await store.read { snapshot in
      let names = try String.fetchAll(snapshot.db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
      return try names.filter { table in
        try Row.fetchAll(snapshot.db, sql: "SELECT * FROM \"\(table)\"").contains { row in
          row.databaseValues.contains { value in
            let text =
              String.fromDatabaseValue(value)
              ?? Data.fromDatabaseValue(value).map { String(decoding: $0, as: UTF8.self) }
            return words.contains { text?.contains($0) == true }
          }
        }
      }.sorted()
    }
  }

  @Test("who is erased at one station is gone at all, and every proof still holds", arguments: Database.allCases)
  func everywhere(_ database: Database) async throws {
    try await CentreUnderTest.run(database) { centre in
      try await importPeople(at: centre)
      try await centre.station("DESK-8") { other, otherService in
        try await centre.station { core, service in
          for sync in [service, otherService] { _ = try await sync.takeReference() }
          let kim = try #require(try await core.store.badge("B-1"))
          let commitment = try await core.store.write { transaction in
            try transaction.db.execute(
              sql: "INSERT INTO reading(at, raw, outcome, words) VALUES (0, x'00', 'context', 'Recipient: Kim Novák')")
            return try transaction.commit(to: kim)
          }
          let naming = try await tables(of: core.store, naming: ["Kim Novák", "kim@example.com", commitment])
          #expect(naming == ["person", "personal", "reading"])

          let erased = try await core.store.erase("kim@example.com", reason: "asked for it")
          #expect(erased == Erased(person: kim.holder.id, values: 1))
          #expect(try await core.store.erase("kim@example.com", reason: "again") == nil)
          #expect(try await core.store.badge("B-1") == nil)
          let left = ["Kim Novák", "kim@example.com", commitment]
          #expect(try await tables(of: core.store, naming: left) == [])
          #expect(
            try await core.store.read { try String.fetchOne($0.db, sql: "SELECT words FROM reading") }
              == "Recipient: (erased)")

          // The other station knows nothing of it before the centre does.
          #expect(try await other.store.badge("B-1") != nil)
          #expect(try await service.pushOnce())
          let items = try await centre.server.wholeReference().items
          #expect(
            items.filter { $0.value?.contains("Kim") == true || $0.value?.contains("\(kim.holder.id)") == true } == [])
          #expect(items.contains { $0.value?.contains("lee@example.com") == true })
          try await otherService.pullAll()
          #expect(try await tables(of: other.store, naming: left) == [])
          #expect(try await other.store.badge("B-1") == nil)
          // What the centre distributes from now on does not bring the person back.
          for (sync, station) in [(service, core), (otherService, other)] {
            _ = try await sync.takeReference()
            try await sync.pullAll()
            #expect(try await tables(of: station.store, naming: left) == [])
            #expect(try await station.store.badge("B-2") != nil)
          }

          // The log says who was erased and why, by the opaque reference, and passes an audit.
          let log = try await centre.store.entries(after: -1, limit: 100, bytes: .max)
          let said = try log.filter { LogAudit.statement(in: $0.bytes[...]) != nil }.map {
            try StationStatement(entry: Data($0.bytes))
          }
          #expect(
            said.contains { $0.details == .erase(ErasureRecord(person: kim.holder.id, reason: "asked for it")) })
          var audit = LogAudit(
            checkpoint: try await centre.store.head().checkpoint, key: centre.store.logKey,
            statements: log.compactMap { LogAudit.statement(in: $0.bytes[...]) })
          for entry in log { audit.next(entry.bytes[...]) }
          audit.finish()
          #expect(audit.failures.isEmpty)
        }
      }
    }
  }
}
