import CentralStore
import Custody
import Foundation
import Hummingbird
import ServiceLifecycle
import SyncProtocol
import TamperEvidence

/// What stations ask: see ``SyncRoute``.
struct SyncRoutes: Sendable {
  /// So many pushes are taken at once: with 1 MiB each, a bound on memory.
  private static let placesForPushes = 32

  let configuration: CentralConfiguration
  let store: any CentralStore
  let signal: LogSignal
  let now: @Sendable () -> Instant
  private let gate = PushGate(places: placesForPushes)
  let access: StationAccess

  init(
    configuration: CentralConfiguration, store: any CentralStore, signal: LogSignal,
    now: @escaping @Sendable () -> Instant
  ) {
    self.configuration = configuration
    self.store = store
    self.signal = signal
    self.now = now
    access = StationAccess(store: store, now: now)
  }

  func add(to router: Router<CentralContext>) {
    router.get(RouterPath(SyncRoute.hello)) { request, _ in try await hello(request) }
    router.post(RouterPath(SyncRoute.push)) { request, _ in try await push(request) }
    router.get(RouterPath(SyncRoute.entries)) { request, _ in try await entries(request) }
    router.post(RouterPath(SyncRoute.tagNumbers)) { request, _ in try await tagNumbers(request) }
    EnrolmentRoute(configuration: configuration, store: store, now: now).add(to: router)
  }

  private func hello(_ request: Request) async throws -> Response {
    let station = try await access.station(of: request, revokedToo: true)
    let end = try end(of: request)
    return try answer(
      Hello(
        name: configuration.name, version: configuration.version, protocols: SyncLimits.protocolVersions,
        headIndex: try await store.headIndex(), held: try await store.chain(of: station),
        keys: try await store.keys().map(\.description), log: store.logKey.description,
        standing: end == nil ? nil : try await store.standing(of: station, at: end),
        frozen: station.frozen.map {
          Hello.Frozen(code: $0.reason.code, sentence: $0.reason.sentence, remedy: StationFreeze.remedy)
        }))
  }

  /// Where the greeting station's chain ends; nil of an older program, which does not say it.
  private func end(of request: Request) throws -> HeldChain? {
    guard let hash = request.text("head") else { return nil }
    guard EntryHash(hex: hash) != nil else {
      throw Problem.badParameter("head", hash, wanted: "64 lowercase hexadecimal digits")
    }
    let most = Int64(1) << 53
    return HeldChain(
      epoch: Int(try request.number("epoch", in: 1...most, otherwise: 1)),
      seq: Int(try request.number("seq", in: 0...most, otherwise: 0)), hash: hash)
  }

  private func push(_ request: Request) async throws -> Response {
    let entrant = try await access.entrant(of: request)
    let version = try requireVersion(request)
    if let length = request.headers[.contentLength].flatMap(Int.init), length > SyncLimits.pushBytes {
      throw EntryBundleError.tooLong(bytes: length)
    }
    guard let ratchet = PresentedRatchet(request.headers[named: SyncHeader.ratchet]) else {
      throw Problem.malformedRatchet
    }
    guard ratchet != .absent || entrant.station.requestKey == nil else { throw Problem.ratchetNeeded }
    if let frozen = entrant.station.frozen { throw Problem.frozen(frozen) }
    let outcome = try await gate.enter {
      let body = try await request.wholeBody(upTo: SyncLimits.pushBytes)
      try await entrant.take(body: body)
      let bundle = try EntryBundle(bytes: body)
      return try await store.push(StationPush(bundle.entries, ratchet: ratchet), from: entrant.station, at: now())
    }
    switch outcome {
    case nil: throw Problem.busy
    case .frozen(let freeze)?, .collided(let freeze)?:
      signal.advance(to: try await store.headIndex())
      throw Problem.frozen(freeze)
    case .taken(let results, let ratchet)?:
      if let head = results.compactMap(\.logIndex).max() { signal.advance(to: head) }
      // Read after the commit, so that it covers what was taken.
      let checkpoint = String(decoding: try await store.head().note, as: UTF8.self)
      return try answer(
        PushAnswer(
          results: results.map { $0.understood(by: version) }, checkpoint: checkpoint, ratchet: ratchet))
    }
  }

  private func entries(_ request: Request) async throws -> Response {
    _ = try await access.station(of: request)
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
    let entrant = try await access.entrant(of: request)
    try requireVersion(request)
    let body = try await request.body.collect(upTo: 4096)
    try await entrant.take(body: Array(body.readableBytesView))
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
    return try answer(try await store.tagNumbers(asked, for: entrant.station, at: now()))
  }

  /// The station that a request without a body is from. Throws a ``Problem`` for none.
  func station(of request: Request) async throws -> EnrolledStation { try await access.station(of: request) }

  /// The version of the protocol that a request speaks; one that is not spoken here is refused.
  @discardableResult func requireVersion(_ request: Request) throws -> Int {
    let field = request.headers[named: SyncHeader.protocolVersion]
    guard let version = field.flatMap({ Int($0) }), SyncLimits.protocolVersions.contains(version) else {
      throw Problem.protocolVersion(field)
    }
    return version
  }

  func answer(_ value: some Encodable) throws -> Response {
    var response = try JSONAnswer.response(value)
    response.headers[named: SyncHeader.protocolVersion] = "\(SyncLimits.protocolVersion)"
    return response
  }
}
