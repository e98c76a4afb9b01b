import Custody
import Foundation
import GRDB
import StationStore
import Testing

/// A disk that is full, a database that is locked: said, not swallowed; nothing acknowledged lost; mended by itself.
struct StorageFaultTests {
  @Test func aFullDatabaseIsReadOnlyUntilThereIsRoom() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1")
      try await store.setPageLimit(1)  // SQLite takes the present size instead: not a page more.
      var fault: StoreFault?
      var acknowledged = 1
      while fault == nil, acknowledged < 2_000 {
        do {
          _ = try await store.register("FULL-\(acknowledged)")
          acknowledged += 1
        } catch let refused as StoreFault {
          fault = refused
        }
      }
      #expect(fault?.code == "store.readOnly")
      #expect(fault?.remedy.contains("resumes by itself") == true)
      #expect(store.readOnlyReason?.contains("full") == true)
      // Reading goes on, and what was acknowledged is there.
      #expect(try await store.read { try $0.resolve("AT-1") } == .asset(asset))
      #expect(store.head.seq == acknowledged)
      #expect(try await store.count("SELECT count(*) FROM entry") == acknowledged)

      try await store.setPageLimit(1 << 20)
      _ = try await store.register("AGAIN")
      #expect(store.readOnlyReason == nil)
      #expect(store.head.seq == acknowledged + 1)
      try await store.expectWhole()
    }
  }

  @Test func aDatabaseThatAnotherProgramLocksIsAFaultAndNoHang() async throws {
    try await Desk.run { store in
      let asset = try await store.register("AT-1")
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true  // One that lasts from call to call.
      let other = try DatabaseQueue(path: store.folder.database, configuration: configuration)
      try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
      let fault = await #expect(throws: StoreFault.self) { try await store.register("AT-2") }
      #expect(fault?.code == "store.readOnly")
      #expect(fault?.description.contains("locked") == true)
      #expect(fault?.remedy.contains("other program") == true)
      #expect(try await store.read { try $0.resolve("AT-1") } == .asset(asset))
      try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
      try other.close()
      _ = try await store.register("AT-2")
      #expect(store.readOnlyReason == nil)
      try await store.expectWhole()
    }
  }
}

extension StationStore {
  /// How many pages the database may have: a disk that is full, for SQLite.
  fileprivate func setPageLimit(_ pages: Int) async throws {
    try await write { _ = try Int.fetchOne($0.db, sql: "PRAGMA max_page_count = \(pages)") }
  }
}
