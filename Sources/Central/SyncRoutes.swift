import CentralStore
import Custody
import Foundation
import Hummingbird
import ServiceLifecycle
import SyncProtocol

/// What stations ask: see ``SyncRoute``.
struct SyncRoutes: Sendable {
  /// So many pushes are taken at once: with 1 MiB each, a bound on memory.
  private static let placesForPushes = 32

  let configuration: CentralConfiguration
  let store: any CentralStore
  let signal: LogSignal
  let now: @Sendable () -> Instant
  private let gate = PushGate(places: placesForPushes)

  init(
    configuration: CentralConfiguration, store: any CentralStore, signal: LogSignal,
    now: @escaping @Sendable () -> Instant
  ) {
    self.configuration = configuration
    self.store = store
    self.signal = signal
    self.now = now
  }

  func add(to router: Router<BasicRequestContext>) {
    router.get(RouterPath(SyncRoute.hello)) { request, _ in try await hello(request) }
    router.post(RouterPath(SyncRoute.push)) { request, _ in try await push(request) }
    router.get(RouterPath(SyncRoute.entries)) { request, _ in try await entries(request) }
    router.post(RouterPath(SyncRoute.tagNumbers)) { request, _ in try await tagNumbers(request) }
  }

  private func hello(_ request: Request) async throws -> Response {
    let station = try await station(of: request)
    return try answer(
      Hello(
        name: configuration.name, version: configuration.version, protocols: [SyncLimits.protocolVersion],
        headIndex: try await store.headIndex(), held: try await store.chain(of: station),
        keys: try await store.stations().map(\.station.key.description), log: store.logKey.description))
  }

  private func push(_ request: Request) async throws -> Response {
    let station = try await station(of: request)
    try requireVersion(request)
    if let length = request.headers[.contentLength].flatMap(Int.init), length > SyncLimits.pushBytes {
      throw EntryBundleError.tooLong(bytes: length)
    }
    let results = try await gate.enter {
      let body = try await request.body.collect(upTo: SyncLimits.pushBytes)
      let bundle = try EntryBundle(bytes: Array(body.readableBytesView))
      return try await store.admit(bundle.entries, from: station, at: now())
    }
    guard let results else { throw Problem.busy }
    if let head = results.compactMap(\.logIndex).max() { signal.advance(to: head) }
    // Read after the commit, so that it covers what was taken.
    let checkpoint = String(decoding: try await store.head().note, as: UTF8.self)
    return try answer(PushAnswer(results: results, checkpoint: checkpoint))
  }

  private func entries(_ request: Request) async throws -> Response {
    _ = try await station(of: request)
    try requireVersion(request)
    let after = try request.number("after", in: -1...Int64.max - 1, otherwise: -1)
    let limit = try request.number("limit", in: 1...SyncLimits.pullEntries, otherwise: SyncLimits.pullEntries)
    let wait = try request.number("wait", in: 0...SyncLimits.pullWait, otherwise: 0)
    var page = try await store.entries(after: after, limit: limit, bytes: SyncLimits.pullBytes)
    if page.isEmpty, wait > 0 {
      // A centre that shuts down answers its long polls at once, with nothing.
      await cancelWhenGracefulShutdown { await signal.wait(past: after, atMost: .seconds(wait)) }
      page = try await store.entries(after: after, limit: limit, bytes: SyncLimits.pullBytes)
    }
    var body = Data()
    for entry in page {
      body += try JSONAnswer.data(
        PulledEntry(
          logIndex: entry.index, receivedAt: entry.receivedAt, station: entry.station, entry: entry.bytes))
      body.append(UInt8(ascii: "\n"))
    }
    var response = Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody(byteBuffer: ByteBuffer(data: body)))
    response.headers[named: SyncHeader.protocolVersion] = "\(SyncLimits.protocolVersion)"
    return response
  }

  private func tagNumbers(_ request: Request) async throws -> Response {
    let station = try await station(of: request)
    try requireVersion(request)
    let body = try await request.body.collect(upTo: 4096)
    let asked: TagNumberRequest
    do {
      asked = try JSONDecoder().decode(TagNumberRequest.self, from: Data(body.readableBytesView))
    } catch {
      throw Problem.malformedTagRequest("it cannot be read: \(error)")
    }
    // Far above what any series can write, and far below where a sum could overflow.
    guard (1...SyncLimits.tagNumbers).contains(asked.count), (0...1_000_000_000_000).contains(asked.inUse),
      (1...64).contains(asked.request.utf8.count), asked.request.utf8.allSatisfy({ $0 >= 0x20 }),
      (2...4).contains(asked.letters.utf8.count), asked.letters.utf8.allSatisfy({ (0x41...0x5A).contains($0) })
    else {
      throw Problem.malformedTagRequest(
        "it asks for \(asked.count) numbers of '\(asked.letters.prefix(20))' above \(asked.inUse)")
    }
    return try answer(try await store.tagNumbers(asked, for: station, at: now()))
  }

  private func station(of request: Request) async throws -> EnrolledStation {
    guard let presented = BearerToken.of(request),
      let station = try await store.station(presenting: TokenDigest(of: presented))
    else { throw Problem.unknownToken }
    return station
  }

  private func requireVersion(_ request: Request) throws {
    let field = request.headers[named: SyncHeader.protocolVersion]
    guard field == "\(SyncLimits.protocolVersion)" else { throw Problem.protocolVersion(field) }
  }

  private func answer(_ value: some Encodable) throws -> Response {
    var response = try JSONAnswer.response(value)
    response.headers[named: SyncHeader.protocolVersion] = "\(SyncLimits.protocolVersion)"
    return response
  }
}
