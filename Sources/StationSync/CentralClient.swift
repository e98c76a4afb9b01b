import CustodyLedger
import Foundation
import NIOHTTP1
import RequestTokens
import SyncProtocol
import TamperEvidence

/// What a station asks of its centre, and what the answers mean: one request each, no loop, no retries. A
/// ``CentralTransport`` carries them. Every call throws ``SyncError``.
public struct CentralClient: Sendable {
  /// How long requests may take.
  public struct Timeouts: Hashable, Sendable {
    /// From the first byte sent to the whole answer.
    public var request: Duration
    /// Added to a pull's wait.
    public var pull: Duration

    /// Timeouts; 30 seconds each unless said otherwise.
    public init(request: Duration = .seconds(30), pull: Duration = .seconds(30)) {
      self.request = request
      self.pull = pull
    }
  }

  /// The centre's base address, without a path at its end.
  public let base: String
  private let token: String
  let transport: any CentralTransport
  let timeouts: Timeouts
  let agreed = AgreedVersion()

  /// Most bytes that are read of any answer: a pulled page of 1 MiB in base64, the entry that went over it, and JSON.
  private static let longestAnswer = 4 << 20
  /// Most bytes of a file of the log: a bundle of 256 entries (C2SP tlog-tiles, "Log entries").
  private static let longestBundle = Tile.fullWidth * (2 + Int(UInt16.max))

  /// A client of the centre at `http://` or `https://`, with the token that enrolment gave. Throws
  /// ``SyncError/protocol(reason:)`` when `base` is no such address. Without a transport it is asked over HTTP.
  public init(
    base: String, token: String, over transport: (any CentralTransport)? = nil, timeouts: Timeouts = Timeouts()
  ) throws(SyncError) {
    guard let url = URL(string: base), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = url.host, !host.isEmpty, url.query == nil, url.fragment == nil, url.user == nil
    else {
      throw .protocol(reason: "'\(base)' is not an address such as https://centre.example.com")
    }
    self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    self.token = token
    self.transport = transport ?? HTTPTransport(to: self.base)
    self.timeouts = timeouts
  }

  /// A client of the centre whose requests `signer` signs.
  public init(
    base: String, signer: RequestSigner, over transport: (any CentralTransport)? = nil, timeouts: Timeouts = Timeouts()
  ) throws(SyncError) {
    let plain = try CentralClient(base: base, token: "", over: transport, timeouts: timeouts)
    try self.init(
      base: base, token: "", over: SigningTransport(signer, over: plain.transport), timeouts: timeouts)
  }

  /// Enrols the station by a one-time code; no token is needed.
  public func enrol(_ asked: EnrolmentRequest) async throws(SyncError) -> EnrolmentResult {
    var request = request(SyncRoute.enrol)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    do {
      request.body = Array(try JSONEncoder().encode(asked))
    } catch {
      throw .protocol(reason: "the request cannot be written: \(error)")
    }
    let result: EnrolmentResult = try decode(try await exchange(request))
    guard result.station == asked.key.name, result.fingerprint == asked.fingerprint.description, result.epoch >= 1
    else {
      throw .protocol(reason: "it enrolled \(result.station) with other keys than were presented")
    }
    return result
  }

  /// Greets the centre: who it is, what it holds of this station, and, told where the station's chain ends, how they stand.
  public func hello(at end: HeldChain? = nil) async throws(SyncError) -> Hello {
    let query = end.map { "?epoch=\($0.epoch)&seq=\($0.seq)&head=\($0.hash)" } ?? ""
    let hello: Hello = try decode(try await exchange(request(SyncRoute.hello + query)))
    try agree(on: hello.protocols)
    return hello
  }

  /// Sends entries, with the ratchet that the answer before gave (``SyncHeader/firstRatchet`` before the first; nil keeps none);
  /// the results stand in their order. What they say is durable at the centre.
  public func push(_ bundle: EntryBundle, ratchet: String? = nil) async throws(SyncError) -> PushAnswer {
    var request = request(SyncRoute.push)
    if let ratchet { request.headers.add(name: SyncHeader.ratchet, value: ratchet) }
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/octet-stream")
    request.body = bundle.bytes
    let answer: PushAnswer = try decode(try await exchange(request))
    guard answer.results.count == bundle.entries.count else {
      throw .protocol(reason: "it answered \(answer.results.count) results for \(bundle.entries.count) entries")
    }
    if let next = answer.ratchet, PresentedRatchet(next) == nil {
      throw .protocol(reason: "the ratchet that it gave was damaged on its way")
    }
    return answer
  }

  /// Entries of the centre's log after an index, oldest first; waits up to `wait` (at most
  /// ``SyncLimits/pullWait`` seconds) while there is none.
  public func pull(
    after index: Int64, limit: Int = SyncLimits.pullEntries, wait: Duration = .zero
  ) async throws(SyncError) -> [PulledEntry] {
    let seconds = min(max(0, Int(wait.components.seconds)), SyncLimits.pullWait)
    var request = request("\(SyncRoute.entries)?after=\(index)&limit=\(limit)&wait=\(seconds)")
    request.timeout = timeouts.pull + .seconds(seconds)
    let body = try await exchange(request)
    var entries: [PulledEntry] = []
    var expected = index + 1
    for line in body.split(separator: UInt8(ascii: "\n")) {
      let entry: PulledEntry = try decode(line)
      guard entry.logIndex == expected else {
        throw .protocol(reason: "it sent log index \(entry.logIndex) where \(expected) follows")
      }
      expected += 1
      entries.append(entry)
    }
    return entries
  }

  /// Asks for numbers of asset tags; the same request again gets the same ones.
  public func tagNumbers(_ asked: TagNumberRequest) async throws(SyncError) -> TagNumbers {
    var request = request(SyncRoute.tagNumbers)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    do {
      request.body = Array(try JSONEncoder().encode(asked))
    } catch {
      throw .protocol(reason: "the request cannot be written: \(error)")
    }
    let numbers: TagNumbers = try decode(try await exchange(request))
    guard numbers.letters == asked.letters, numbers.first > 0,
      numbers.first <= numbers.last, numbers.last - numbers.first < SyncLimits.tagNumbers
    else {
      throw .protocol(reason: "it gave the numbers \(numbers.first) to \(numbers.last) of \(numbers.letters)")
    }
    return numbers
  }

  /// What the centre's log has at a path; nil where it has nothing. Nothing of it is verified.
  public func log(_ path: LogPath) async throws(SyncError) -> [UInt8]? {
    let answer = try await transport.exchange(request("\(SyncRoute.log)/\(path)"))
    let body = try await answer.bytes(upTo: Self.longestBundle)
    guard answer.status != 200 else { return body }
    let problem = Self.problem(in: body)
    switch (answer.status, problem) {
    case (404, _): return nil
    case (401, let problem?), (403, let problem?): throw .unauthorised(problem)
    case (429, let problem?), (500..., let problem?):
      throw .busy(problem, retryAfter: Self.retryAfter(answer.headers))
    default: throw .protocol(reason: "it answered \(answer.status) for \(path) of its log")
    }
  }

  func request(_ route: String) -> CentralRequest {
    CentralRequest(
      .GET, route,
      headers: [
        "authorization": "Bearer \(token)", SyncHeader.protocolVersion: "\(agreed.version)",
      ],
      timeout: timeouts.request)
  }

  /// The body of a good answer; throws what any other means.
  func exchange(_ request: CentralRequest) async throws(SyncError) -> [UInt8] {
    try await exchange(request, expecting: 200, most: Self.longestAnswer).body
  }

  /// The body and the fields of an answer with a good status, at most so many bytes; throws what any other means.
  func exchange(
    _ request: CentralRequest, expecting status: Int, most: Int
  ) async throws(SyncError) -> (body: [UInt8], headers: HTTPHeaders) {
    let answer = try await transport.exchange(request)
    let body = try await answer.bytes(upTo: max(most, 1 << 16))
    if answer.status == status, answer.headers.first(name: SyncHeader.protocolVersion) != nil {
      return (body, answer.headers)
    }
    guard let problem = Self.problem(in: body), problem.status == answer.status else {
      throw .protocol(reason: "it answered \(answer.status) without saying why in this protocol")
    }
    switch answer.status {
    case 401, 403: throw .unauthorised(problem)
    case 429, 500...: throw .busy(problem, retryAfter: Self.retryAfter(answer.headers))
    case 400 where problem.code == "sync.protocolVersion" && request.path != SyncRoute.hello:
      return try await exchange(try await lowering(request), expecting: status, most: most)
    default: throw .refused(problem)
    }
  }

  /// RFC 9110 §10.2.3, delay-seconds only: what a centre of this product sends.
  private static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
    headers.first(name: "retry-after").flatMap(Int.init).map { .seconds(max(0, $0)) }
  }

  /// The problem in an answer; nil when it holds none.
  private static func problem(in body: [UInt8]) -> Problem? {
    do {
      return try JSONDecoder().decode(Problem.self, from: Data(body))
    } catch {
      return nil
    }
  }

  func decode<Value: Decodable>(_ body: some Sequence<UInt8>) throws(SyncError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(body))
    } catch {
      throw .protocol(reason: "its answer cannot be read: \(error)")
    }
  }
}
