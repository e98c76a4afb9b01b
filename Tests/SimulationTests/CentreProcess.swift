import Central
import CentralStore
import CentralStoreSQLite
import Custody
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import StationSync
import SyncTestSupport
import TamperEvidence

@testable import Central

/// A running centre: the real store and the real routes, asked in this process.
struct CentreProcess: Sendable {
  let folder: TemporaryFolder
  let store: SQLiteCentralStore
  let server: CentralServer
  private let respond: @Sendable (Request) async throws -> Response

  /// The centre's own key, in every world.
  static func author() throws -> LogAuthor {
    let key = try SigningKey(name: "centre.example/log", seed: [UInt8](repeating: 200, count: 32))
    guard let author = LogAuthor(key) else { throw WorldFault("the centre's key has no name for a log") }
    return author
  }

  /// Starts a centre in a folder.
  init(in folder: TemporaryFolder, clock: MachineClock) async throws {
    self.folder = folder
    let author = try Self.author()
    let quiet = Logger(label: "centre") { _ in SwiftLogNoOpLogHandler() }
    store = try SQLiteCentralStore(folder: folder.path) { _ in author }
    server = try CentralServer(
      CentralConfiguration(
        name: "Centre", version: "1.0.0", dataFolder: folder.path, port: 0, readToken: "read-token-of-the-world"),
      store: store,
      logger: quiet, now: { clock.now() })
    respond = try await Self.responder(of: try await server.application(), quiet)
  }

  private static func responder<App: ApplicationProtocol>(
    of application: App, _ logger: Logger
  ) async throws -> @Sendable (Request) async throws -> Response {
    let responder = try await application.responder
    return { request in
      let source = ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger)
      return try await responder.respond(to: request, context: App.Context(source: source))
    }
  }

  /// An answer as it goes over the wire.
  struct Answer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]
  }

  /// Answers a request. A body that is `cutAfter` so many bytes ends there, with the connection.
  func answer(_ request: CentralRequest, cutAfter cut: Int? = nil) async throws -> Answer {
    var fields = HTTPFields()
    for (name, value) in request.headers {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    if !request.body.isEmpty { fields[.contentLength] = "\(request.body.count)" }
    let body =
      if let cut {
        RequestBody(asyncSequence: BrokenBody(ByteBuffer(bytes: request.body.prefix(cut)), ends: false))
      } else { RequestBody(buffer: ByteBuffer(bytes: request.body)) }
    guard let method = HTTPRequest.Method(rawValue: request.method.rawValue) else {
      throw WorldFault("no method \(request.method)")
    }
    let head = HTTPRequest(
      method: method, scheme: "http", authority: "centre.example", path: request.path, headerFields: fields)
    let response = try await respond(Request(head: head, body: body))
    let writer = BodyWriter()
    try await response.body.write(writer)
    return Answer(
      status: response.status.code,
      headers: response.headers.map { ($0.name.canonicalName, $0.value) },
      body: writer.bytes)
  }
}

/// Something that the simulation itself did not expect.
struct WorldFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A body in one piece, after which the connection is lost unless it `ends`.
struct BrokenBody: AsyncSequence, Sendable {
  struct ConnectionLost: Error {}

  private let piece: ByteBuffer
  private let ends: Bool

  init(_ piece: ByteBuffer, ends: Bool) {
    self.piece = piece
    self.ends = ends
  }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate var piece: ByteBuffer?
    fileprivate let ends: Bool

    mutating func next() async throws -> ByteBuffer? {
      defer { piece = nil }
      if let piece { return piece }
      guard ends else { throw ConnectionLost() }
      return nil
    }
  }

  func makeAsyncIterator() -> Iterator { Iterator(piece: piece, ends: ends) }
}
