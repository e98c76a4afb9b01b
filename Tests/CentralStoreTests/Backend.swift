import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import CustodyLedger
import PostgresTestSupport
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

/// A backend of the centre's store. Every one that stands in `all` must pass `CentralStoreConformance` as it is.
struct Backend: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Opens the store that lives in a folder; the same folder again is the same store.
  let open: @Sendable (_ folder: String) async throws -> any CentralStore

  static let all = [
    Backend(testDescription: "SQLite") { try SQLiteCentralStore(folder: $0) { _ in try .ofTests } },
    Backend(testDescription: "PostgreSQL") { folder in
      try await PostgresCentralStore(try await .ofTests(folder: folder)) { _ in try .ofTests }
    },
  ]

  /// Gives `body` a new store, and closes it afterwards.
  func withStore(_ body: (any CentralStore) async throws -> Void) async throws { try await withHolding(body) }

  /// The same, with what `body` makes of it.
  func withHolding<Value>(_ body: (any CentralStore) async throws -> Value) async throws -> Value {
    let folder = try TemporaryFolder()
    let store = try await open(folder.path)
    let value: Value
    do {
      value = try await body(store)
    } catch {
      try await store.close()
      throw error
    }
    try await store.close()
    return value
  }
}

extension PostgresAddress {
  /// A database of the shared server that stands for a folder: the same folder, the same database.
  static func ofTests(folder: String) async throws -> PostgresAddress {
    try PostgresAddress(try await PostgresServer.shared.address(schema: schemaOfTests(folder: folder)))
  }

  /// What that database is called.
  static func schemaOfTests(folder: String) -> String {
    "t_" + folder.split(separator: "-").suffix(5).joined().lowercased()
  }
}

extension LogAuthor {
  /// The centre of the tests: the same key each time.
  static var ofTests: LogAuthor {
    get throws {
      try #require(LogAuthor(try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32))))
    }
  }
}

extension CentralStore {
  /// Admits entries of a station that is enrolled by this, at a moment that tests do not look at.
  func push(
    _ entries: [UnverifiedEntry], from writer: ChainWriter,
    at moment: Instant = Instant(milliseconds: 1_795_000_500_000)
  ) async throws -> [PushResult] {
    let station = EnrolledStation(key: writer.key.verifierKey, enrolledAt: Instant(milliseconds: 1))
    return try await admit(entries, from: station, at: moment)
  }

  /// Every asset, by id.
  func allAssets() async throws -> [AssetID: Asset] {
    let assets = try await assets(AssetQuery(limit: 10_000))
    return Dictionary(uniqueKeysWithValues: assets.map { ($0.id, $0) })
  }

  /// The whole log.
  func wholeLog() async throws -> [LogEntry] { try await entries(after: -1, limit: 10_000, bytes: .max) }
}

extension [PushResult] {
  var statuses: [PushStatus] { map(\.status) }
  var indexes: [Int64?] { map(\.logIndex) }
  var codes: [String?] { map(\.code) }
}
