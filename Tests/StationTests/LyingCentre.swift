import CustodyLedger
import Foundation
import HTTPTypes
import Hummingbird
import StationSync
import SyncProtocol
import SyncTestSupport
import TamperEvidence

/// A centre that takes what a station pushes into a log, and can be told to lie about it.
actor LyingCentre {
  enum Lie: String, CaseIterable, Sendable {
    /// The log's past was rewritten.
    case rewritten
    /// Entries that were acknowledged are gone.
    case rolledBack
    /// Another key signs.
    case otherKey
    /// The index that it names holds another entry.
    case wrongIndex
    /// It says that it took entries which it did not log.
    case notLogged
    /// It keeps tiles back.
    case withheld
    /// It shows no tree head.
    case silent

    /// How a station calls it.
    var code: String {
      switch self {
      case .rewritten: "log.notExtended"
      case .rolledBack: "log.rolledBack"
      case .otherKey: "log.checkpoint"
      case .wrongIndex, .notLogged: "log.notIncluded"
      case .withheld: "log.withheld"
      case .silent: "log.none"
      }
    }
  }

  private var lie: Lie?
  private var log: SampleLog
  /// The log with another first entry, of the same centre.
  private var other: SampleLog
  private let stranger: SampleLog
  private var taken: [EntryHash: Int] = [:]

  init() throws {
    log = try SampleLog()
    other = try SampleLog()
    stranger = try SampleLog(201)
    try log.enrol(try ChainWriter(1))
    try other.enrol(try ChainWriter(2))
  }

  /// The key of its log.
  var key: VerifierKey { log.key }

  func lies(_ lie: Lie?) { self.lie = lie }

  nonisolated func router() -> Router<BasicRequestContext> {
    let router = Router()
    router.get("/sync/v1/hello") { _, _ in try await self.hello() }
    router.post("/sync/v1/push") { request, _ in
      let body = try await request.body.collect(upTo: SyncLimits.pushBytes)
      return try await self.push(try EntryBundle(bytes: Array(body.readableBytesView)))
    }
    router.get("/log/**") { request, _ in await self.file(String(request.uri.path.dropFirst(5))) }
    return router
  }

  private func hello() throws -> Response {
    try answer(
      Hello(name: "Liar", version: "1", protocols: [1], headIndex: -1, held: nil, keys: [], log: log.key.description))
  }

  private func push(_ bundle: EntryBundle) throws -> Response {
    var results: [PushResult] = []
    let before = (log: log, taken: taken)
    for entry in bundle.entries {
      if taken[entry.entry.hash] == nil {
        taken[entry.entry.hash] = log.append(entry)
        other.append(entry)
      }
      results.append(
        PushResult(seq: nil, epoch: nil, status: .applied, logIndex: Int64(taken[entry.entry.hash] ?? -1)))
    }
    var shown = lie == .rewritten ? other : log
    if lie == .notLogged || lie == .rolledBack { (log, taken) = before }
    if lie == .notLogged { shown = log }
    if lie == .wrongIndex { for index in results.indices { results[index].logIndex = 0 } }
    var head = try shown.checkpoint
    if lie == .rolledBack { head = try SampleLog().checkpoint }
    let signer = lie == .otherKey ? stranger.centre.key : log.centre.key
    if lie == .otherKey { head = try Checkpoint(origin: stranger.key.name, size: head.size, root: head.root) }
    let note = String(decoding: try head.signed(with: [signer]).bytes, as: UTF8.self)
    return try answer(PushAnswer(results: results, checkpoint: lie == .silent ? nil : note))
  }

  private func file(_ path: String) -> Response {
    guard lie != .withheld, case .tile(let tile)? = LogPath(path) else { return Response(status: .notFound) }
    let hashes = (lie == .rewritten ? other : log).read(tile)
    guard hashes.count >= tile.width else { return Response(status: .notFound) }
    return Response(
      status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: Tile.bytes(of: hashes.prefix(tile.width)))))
  }

  private func answer(_ value: some Encodable) throws -> Response {
    var response = Response(
      status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(data: try JSONEncoder().encode(value))))
    if let name = HTTPField.Name(SyncHeader.protocolVersion) { response.headers[name] = "1" }
    return response
  }
}
