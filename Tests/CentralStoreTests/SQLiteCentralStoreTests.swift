import CentralStore
import CentralStoreSQLite
import SyncTestSupport
import Testing

/// What only the SQLite backend promises.
@Suite struct SQLiteCentralStoreTests {
  @Test("a folder that another store holds is refused, naming its owner")
  func lock() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteCentralStore(folder: folder.path) { _ in try .ofTests }
    let fault = #expect(throws: CentralFault.self) { try SQLiteCentralStore(folder: folder.path) { _ in try .ofTests } }
    guard case .inUse(_, let owner) = fault else {
      Issue.record("the second store said \(String(describing: fault))")
      return
    }
    #expect(owner.hasPrefix("process "))
    try await store.close()
  }
}
