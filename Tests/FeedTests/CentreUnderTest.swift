import CentralStore
import CentralStorePostgres
import CentralStoreSQLite
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import PostgresTestSupport
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

@testable import Central
@testable import Station

/// Which database a centre has.
enum Database: CaseIterable, Sendable {
  case sqlite, postgres
}

/// A centre that listens, with its store of either kind.
struct CentreUnderTest: Sendable {
  let server: CentralServer
  let base: String

  var store: any CentralStore { server.store }

  static var author: LogAuthor {
    get throws {
      try #require(LogAuthor(try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32))))
    }
  }

  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Runs `body` against a centre of its own.
  static func run(
    _ database: Database = .sqlite, change: (inout CentralConfiguration) -> Void = { _ in },
    now: @escaping @Sendable () -> Instant = { Instant(milliseconds: 1_795_000_000_000) },
    _ body: @escaping @Sendable (CentreUnderTest) async throws -> Void
  ) async throws {
    try await Turns.stores.take {
      let folder = try TemporaryFolder()
      let store: any CentralStore
      switch database {
      case .sqlite: store = try SQLiteCentralStore(folder: folder.path) { _ in try author }
      case .postgres:
        let schema = "f_" + UUID().uuidString.replacing("-", with: "").lowercased()
        let address = try PostgresAddress(try await PostgresServer.shared.address(schema: schema))
        store = try await PostgresCentralStore(address) { _ in try author }
      }
      do {
        var configuration = CentralConfiguration(name: "Northgate", version: "1", dataFolder: folder.path, port: 0)
        change(&configuration)
        let server = try CentralServer(configuration, store: store, logger: quiet, now: now)
        try await server.application().test(.live) { client in
          try await body(CentreUnderTest(server: server, base: "http://127.0.0.1:\(try #require(client.port))"))
        }
      } catch {
        try await store.close()
        throw error
      }
      try await store.close()
    }
  }

  /// The token of a station that may push.
  func enrol(_ key: VerifierKey) async throws -> String {
    guard case .enrolled(_, let token) = try await server.enrol(verifierKey: key) else { throw Refused() }
    return token.secret
  }

  struct Refused: Error {
    var why: String?
  }

  /// Pushes entries of a hand-written station, which is enrolled by this.
  @discardableResult
  func push(_ entries: [UnverifiedEntry], from writer: ChainWriter) async throws -> [PushResult] {
    _ = try await enrol(writer.key.verifierKey)
    let station = EnrolledStation(key: writer.key.verifierKey, enrolledAt: Instant(milliseconds: 1))
    return try await store.admit(entries, from: station, at: Instant(milliseconds: 1_795_000_500_000))
  }

  /// Every asset, by id.
  func assets() async throws -> [AssetID: Asset] {
    Dictionary(uniqueKeysWithValues: try await store.assets(AssetQuery(limit: 10_000)).map { ($0.id, $0) })
  }

  /// A client that asks as a station.
  func client(_ number: UInt8 = 99) async throws -> CentralClient {
    try CentralClient(base: base, token: try await enrol(try ChainWriter(number).key.verifierKey))
  }

  /// Runs `body` against a station that is set up for this centre, or another address; nothing of it runs by itself.
  func station(
    _ code: String = "DESK-9", at address: String? = nil, folder: TemporaryFolder? = nil,
    _ body: @escaping @Sendable (StationCore, SyncService) async throws -> Void
  ) async throws {
    let folder = try folder ?? TemporaryFolder()
    let identity = StationIdentity(site: try #require(SiteCode("HQ")), station: try #require(StationCode(code)))
    let store = try StationStore(folder: folder.path + "/station", identity: identity)
    let token = try await enrol(store.verifierKey)
    var options = StationOptions(usb: false)
    options.centre = address ?? base
    options.centreToken = token
    let core = try await StationCore(store: store, options: options, demo: nil, logger: Self.quiet)
    do {
      try await body(core, SyncService(core: core, client: try CentralClient(base: address ?? base, token: token)))
    } catch {
      try store.close()
      throw error
    }
    try store.close()
  }
}

extension SyncService {
  /// Takes turns of the pull, without the snapshot, until there is nothing more.
  func pullAll() async throws {
    var state = PullState()
    state.hasBegun = true
    var random = SystemRandomNumberGenerator()
    let head = try await client.hello().headIndex
    while try await core.store.read({ try $0.pullCursor() }) ?? -1 < head {
      if case .time = try await pullTurn(&state, using: &random) {
        throw CentreUnderTest.Refused(why: core.sync.snapshot.reason ?? core.sync.snapshot.alarm?.sentence)
      }
    }
  }
}

extension StationCore {
  /// Every asset, by id.
  func assets() async throws -> [AssetID: Asset] {
    Dictionary(uniqueKeysWithValues: try await store.read { try $0.assets(limit: 10_000) }.map { ($0.id, $0) })
  }
}
