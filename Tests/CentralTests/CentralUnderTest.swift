import CentralStore
import CentralStoreSQLite
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import SyncProtocol
import SyncTestSupport
import Synchronization
import TamperEvidence
import Testing

@testable import Central

/// A centre with a store of its own, a clock that stands still until it is moved, and one enrolled station.
struct CentralUnderTest: Sendable {
  let server: CentralServer
  let folder: TemporaryFolder
  /// The token of `ChainWriter(1)`.
  let token: String
  let clock: StoppedClock

  init(readToken: String? = nil, name: String = "Northgate <centre>") async throws {
    folder = try TemporaryFolder()
    let clock = StoppedClock()
    self.clock = clock
    server = try CentralServer(
      CentralConfiguration(name: name, version: "1.2.3", dataFolder: folder.path, port: 0, readToken: readToken),
      store: SQLiteCentralStore(folder: folder.path) { _ in try Self.author },
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      now: { clock.now })
    guard case .enrolled(_, let token) = try await server.enrol(verifierKey: try ChainWriter(1).key.verifierKey) else {
      throw Refused()
    }
    self.token = token.secret
  }

  /// The centre's own key.
  static var author: LogAuthor {
    get throws {
      try #require(LogAuthor(try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32))))
    }
  }

  struct Refused: Error {}

  /// Gives `body` a client that calls the router, and closes the store afterwards.
  func test(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
    do {
      try await server.application().test(.router, body)
    } catch {
      try await server.store.close()
      throw error
    }
    try await server.store.close()
  }

  /// Header fields of a station's request.
  func headers(token: String? = nil, version: String? = "1") -> HTTPFields {
    var headers: HTTPFields = [.authorization: "Bearer \(token ?? self.token)"]
    headers[named: SyncHeader.protocolVersion] = version
    return headers
  }

  func push(
    _ entries: [UnverifiedEntry], by client: any TestClientProtocol, token: String? = nil
  ) async throws -> TestResponse {
    let bundle = try #require(EntryBundle(prefixOf: entries))
    return try await client.execute(
      uri: SyncRoute.push, method: .post, headers: headers(token: token), body: ByteBuffer(bytes: bundle.bytes))
  }
}

/// A clock that a test moves.
final class StoppedClock: Sendable {
  private let milliseconds = Mutex<Int64>(1_795_000_000_000)
  var now: Instant { Instant(milliseconds: milliseconds.withLock { $0 }) }
  func advance(milliseconds: Int64) { self.milliseconds.withLock { $0 += milliseconds } }
}

extension TestResponse {
  func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(body.readableBytesView))
  }

  var text: String { String(buffer: body) }

  /// The problem in the answer, checked to be one.
  func problem() throws -> Problem {
    #expect(headers[.contentType] == Problem.mediaType)
    let problem: Problem = try json()
    #expect(problem.status == status.code)
    #expect(problem.type == "urn:custody:problem:\(problem.code)")
    #expect(!problem.remedy.isEmpty)
    return problem
  }
}
