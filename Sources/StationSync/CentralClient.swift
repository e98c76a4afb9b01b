import AsyncHTTPClient
import CustodyLedger
import Foundation
import NIOCore
import NIOHTTP1
import SyncProtocol
import TamperEvidence

/// A station's way to its centre: one request each, no loop, no retries. Server certificates are verified against the
/// system's authorities. Every call throws ``SyncError``.
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
  private let http: HTTPClient
  private let timeouts: Timeouts

  /// Connections for the life of the process. Unlike `HTTPClient.shared` it says at once that nobody listens, rather
  /// than trying again until the time is over: when to try again is ``SyncBackoff``'s to say.
  public static let sharedHTTP: HTTPClient = {
    var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(10)))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.redirectConfiguration = .disallow
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  /// Most bytes that are read of any answer: a pulled page of 1 MiB in base64, the entry that went over it, and JSON.
  private static let longestAnswer = 4 << 20
  /// Most bytes of a file of the log: a bundle of 256 entries (C2SP tlog-tiles, "Log entries").
  private static let longestBundle = Tile.fullWidth * (2 + Int(UInt16.max))

  /// A client of the centre at `http://` or `https://`, with the token that enrolment gave. Throws
  /// ``SyncError/protocol(reason:)`` when `base` is no such address.
  public init(
    base: String, token: String, http: HTTPClient = Self.sharedHTTP, timeouts: Timeouts = Timeouts()
  ) throws(SyncError) {
    guard let url = URL(string: base), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
      let host = url.host, !host.isEmpty, url.query == nil, url.fragment == nil, url.user == nil
    else {
      throw .protocol(reason: "'\(base)' is not an address such as https://centre.example.com")
    }
    self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    self.token = token
    self.http = http
    self.timeouts = timeouts
  }

  /// Greets the centre: who it is, and what it holds of this station.
  public func hello() async throws(SyncError) -> Hello {
    let hello: Hello = try decode(try await exchange(request(SyncRoute.hello), within: timeouts.request))
    guard hello.protocols.contains(SyncLimits.protocolVersion) else {
      throw .protocol(reason: "it speaks versions \(hello.protocols), this station \(SyncLimits.protocolVersion)")
    }
    return hello
  }

  /// Sends entries; the results stand in their order. What they say is durable at the centre.
  public func push(_ bundle: EntryBundle) async throws(SyncError) -> PushAnswer {
    var request = request(SyncRoute.push)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/octet-stream")
    request.body = .bytes(bundle.bytes)
    let answer: PushAnswer = try decode(try await exchange(request, within: timeouts.request))
    guard answer.results.count == bundle.entries.count else {
      throw .protocol(reason: "it answered \(answer.results.count) results for \(bundle.entries.count) entries")
    }
    return answer
  }

  /// Entries of the centre's log after an index, oldest first; waits up to `wait` (at most
  /// ``SyncLimits/pullWait`` seconds) while there is none.
  public func pull(
    after index: Int64, limit: Int = SyncLimits.pullEntries, wait: Duration = .zero
  ) async throws(SyncError) -> [PulledEntry] {
    let seconds = min(max(0, Int(wait.components.seconds)), SyncLimits.pullWait)
    let body = try await exchange(
      request("\(SyncRoute.entries)?after=\(index)&limit=\(limit)&wait=\(seconds)"),
      within: timeouts.pull + .seconds(seconds))
    var entries: [PulledEntry] = []
    var expected = index + 1
    for line in body.readableBytesView.split(separator: UInt8(ascii: "\n")) {
      let entry: PulledEntry = try decode(ByteBuffer(bytes: line))
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
      request.body = .bytes(try JSONEncoder().encode(asked))
    } catch {
      throw .protocol(reason: "the request cannot be written: \(error)")
    }
    let numbers: TagNumbers = try decode(try await exchange(request, within: timeouts.request))
    guard numbers.letters == asked.letters, numbers.first > 0,
      numbers.first <= numbers.last, numbers.last - numbers.first < SyncLimits.tagNumbers
    else {
      throw .protocol(reason: "it gave the numbers \(numbers.first) to \(numbers.last) of \(numbers.letters)")
    }
    return numbers
  }

  /// What the centre's log has at a path; nil where it has nothing. Nothing of it is verified.
  public func log(_ path: LogPath) async throws(SyncError) -> [UInt8]? {
    let response: HTTPClientResponse
    let body: ByteBuffer
    do {
      response = try await http.execute(
        request("\(SyncRoute.log)/\(path)"), timeout: TimeAmount(timeouts.request))
      body = try await response.body.collect(upTo: Self.longestBundle)
    } catch is NIOTooManyBytesError {
      throw .protocol(reason: "\(path) of its log has more than \(Self.longestBundle) bytes")
    } catch {
      throw .unreachable(reason: "\(error)")
    }
    guard response.status != .ok else { return Array(body.readableBytesView) }
    let problem = Self.problem(in: body)
    switch (response.status.code, problem) {
    case (404, _): return nil
    case (401, let problem?), (403, let problem?): throw .unauthorised(problem)
    case (429, let problem?), (500..., let problem?):
      throw .busy(problem, retryAfter: Self.retryAfter(response.headers))
    default: throw .protocol(reason: "it answered \(response.status.code) for \(path) of its log")
    }
  }

  private func request(_ route: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: base + route)
    request.headers.add(name: "authorization", value: "Bearer \(token)")
    request.headers.add(name: SyncHeader.protocolVersion, value: "\(SyncLimits.protocolVersion)")
    return request
  }

  /// The body of a good answer; throws what any other means.
  private func exchange(_ request: HTTPClientRequest, within timeout: Duration) async throws(SyncError) -> ByteBuffer {
    let response: HTTPClientResponse
    let body: ByteBuffer
    do {
      response = try await http.execute(request, timeout: TimeAmount(timeout))
      body = try await response.body.collect(upTo: Self.longestAnswer)
    } catch is NIOTooManyBytesError {
      throw .protocol(reason: "its answer has more than \(Self.longestAnswer) bytes")
    } catch {
      throw .unreachable(reason: "\(error)")
    }
    if response.status == .ok, response.headers.first(name: SyncHeader.protocolVersion) != nil { return body }
    guard let problem = Self.problem(in: body), problem.status == Int(response.status.code) else {
      throw .protocol(reason: "it answered \(response.status.code) without saying why in this protocol")
    }
    switch response.status.code {
    case 401, 403: throw .unauthorised(problem)
    case 429, 500...: throw .busy(problem, retryAfter: Self.retryAfter(response.headers))
    default: throw .refused(problem)
    }
  }

  /// RFC 9110 §10.2.3, delay-seconds only: what a centre of this product sends.
  private static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
    headers.first(name: "retry-after").flatMap(Int.init).map { .seconds(max(0, $0)) }
  }

  /// The problem in an answer; nil when it holds none.
  private static func problem(in body: ByteBuffer) -> Problem? {
    do {
      return try JSONDecoder().decode(Problem.self, from: Data(body.readableBytesView))
    } catch {
      return nil
    }
  }

  private func decode<Value: Decodable>(_ body: ByteBuffer) throws(SyncError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(body.readableBytesView))
    } catch {
      throw .protocol(reason: "its answer cannot be read: \(error)")
    }
  }
}
