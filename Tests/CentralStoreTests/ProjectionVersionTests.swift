import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import Foundation
import PostgresTestSupport
import SyncTestSupport
import Testing

/// A projection that another version of the rules had made is made anew when the store is opened.
@Suite struct ProjectionVersionTests {
  /// What an older program left: an asset that stands wrongly, and nothing recorded of what disagrees.
  private static let older = [
    "UPDATE projection SET version = 1", "DELETE FROM asset", "DELETE FROM identifier", "DELETE FROM discrepancy",
    "UPDATE log SET status = 'applied', code = NULL, reason = NULL WHERE event_id IS NOT NULL",
  ]

  @Test(
    "old data is folded anew at once, and what disagrees is recorded; a second opening leaves it alone",
    arguments: Backend.all)
  func foldedAnew(_ backend: Backend) async throws {
    var one = try ChainWriter(1)
    var two = try ChainWriter(2)
    let registered = try one.register("AT-00001")
    try two.learn(registered)
    let (first, second) = (try one.deploy(registered.event.asset), try two.deploy(registered.event.asset, to: "Legal"))
    let folder = try TemporaryFolder()
    var store = try await backend.open(folder.path)
    _ = try await store.push([registered.entry, first.entry], from: one)
    _ = try await store.push([second.entry], from: two)
    let (assets, log) = (try await store.allAssets(), try await store.wholeLog().map(\.status))
    try await store.close()
    try await meddle(Self.older, backend, folder.path)

    store = try await backend.open(folder.path)
    #expect(try await store.allAssets() == assets)
    #expect(try await store.wholeLog().map(\.status) == log)
    let open = try await store.discrepancies(before: .max, openOnly: true, limit: 10)
    #expect(open.map(\.discrepancy.kind) == [.contested])
    #expect(open.map(\.discrepancy.claims) == [[first.event.eventID, second.event.eventID].sorted()])
    try await store.close()
    try await meddle(["DELETE FROM asset"], backend, folder.path)
    store = try await backend.open(folder.path)
    #expect(try await store.allAssets().isEmpty)
    try await store.close()
  }

  private func meddle(_ statements: [String], _ backend: Backend, _ folder: String) async throws {
    guard backend.testDescription == "PostgreSQL" else {
      // The program of Debian's python3 is a test's package already; its sqlite3 is all that is needed.
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/python3")
      process.arguments = [
        "-c", "import sqlite3,sys; d = sqlite3.connect(sys.argv[1]); d.executescript(sys.argv[2]); d.close()",
        folder + "/central.db", statements.joined(separator: ";"),
      ]
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
      return
    }
    let schema = PostgresAddress.schemaOfTests(folder: folder)
    for statement in statements {
      let answer = try await PostgresServer.shared.sql("SET search_path = \(schema); \(statement)")
      #expect(!answer.contains("ERROR"), "\(answer)")
    }
  }
}
