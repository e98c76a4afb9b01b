import CentralStore
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import SyncProtocol

/// What stations ask besides pushing and pulling: the snapshot that a new one begins with, and what happened to an asset before
/// it. Who may ask is said by ``SyncRoutes/station(of:)``.
struct FeedRoutes: Sendable {
  /// So many parts of snapshots and files are given out at once.
  private static let placesForParts = 32

  let sync: SyncRoutes
  let snapshots: SnapshotShelf
  let gate = PushGate(places: placesForParts)

  var store: any CentralStore { sync.store }

  func add(to router: Router<CentralContext>) {
    router.get(RouterPath(SyncRoute.snapshot)) { request, _ in try await manifest(request) }
    router.get(RouterPath(SyncRoute.snapshot + "/:digest")) { request, context in
      try await snapshot(request, context)
    }
    router.get(RouterPath(SyncRoute.history)) { request, _ in try await history(request) }
    router.get(RouterPath(SyncRoute.reference)) { request, _ in try await reference(request) }
  }

  private func manifest(_ request: Request) async throws -> Response {
    _ = try await sync.station(of: request)
    try sync.requireVersion(request)
    guard let snapshot = snapshots.newest else { throw Problem.notHere("snapshot yet") }
    return sync.marked(
      Response(
        status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: snapshot.note))))
  }

  private func snapshot(_ request: Request, _ context: CentralContext) async throws -> Response {
    _ = try await sync.station(of: request)
    try sync.requireVersion(request)
    let digest = context.parameters.get("digest") ?? ""
    guard let snapshot = snapshots.newest, snapshot.manifest.digest == digest else {
      throw Problem.notHere("snapshot of that name any more; there may be a newer one")
    }
    let length = snapshot.manifest.length
    return try await part(request, digest: digest, length: length, mediaType: "application/gzip") { range in
      let reader = FileIO()
      return try await reader.loadFile(
        path: snapshot.path, range: Int(range.first)...Int(range.last), context: context)
    }
  }

  /// Answers with the range that is asked for (RFC 9110 §14), or with everything.
  func part(
    _ request: Request, digest: String, length: UInt64, mediaType: String,
    _ body: (ByteRange) async throws -> ResponseBody
  ) async throws -> Response {
    let tag = "\"\(digest)\""
    var asked = ByteRange.requested(request.headers[.range], of: length)
    // RFC 9110 §13.1.5: a range of something else is no use; what is named by its digest never changes.
    if let condition = request.headers[.ifRange], condition != tag { asked = .whole }
    var status = HTTPResponse.Status.ok
    guard var range = ByteRange(first: 0, last: max(length, 1) - 1) else { throw Problem.notHere("such file") }
    switch asked {
    case .whole: break
    case .part(let part): (status, range) = (.partialContent, part)
    case .unsatisfiable:
      var answer = try JSONAnswer.response(
        Problem.badRange(length), status: .rangeNotSatisfiable, mediaType: Problem.mediaType)
      answer.headers[.contentRange] = "bytes */\(length)"
      return sync.marked(answer)
    }
    let taken = range
    guard let content = try await gate.enter({ try await body(taken) }) else { throw Problem.busy }
    var answer = Response(
      status: status,
      headers: [
        .contentType: mediaType, .acceptRanges: "bytes", .eTag: tag,
        .cacheControl: "private, max-age=31536000, immutable",
      ], body: content)
    if status == .partialContent { answer.headers[.contentRange] = range.contentField(of: length) }
    return sync.marked(answer)
  }

  private func reference(_ request: Request) async throws -> Response {
    _ = try await sync.station(of: request)
    try sync.requireVersion(request)
    let after = try request.number("after", in: 0...Int64.max - 1, otherwise: 0)
    var page = try await store.reference(after: after, limit: SyncLimits.referenceItems)
    page.pepper = try PepperFile.read(in: sync.configuration.dataFolder).map { Data($0).base64EncodedString() }
    return try sync.answer(page)
  }

  private func history(_ request: Request) async throws -> Response {
    _ = try await sync.station(of: request)
    try sync.requireVersion(request)
    guard let asset = try request.value("asset", wanted: "the id of an asset", AssetID.init) else {
      throw Problem.badParameter("asset", "", wanted: "the id of an asset")
    }
    let after = try request.number("after", in: -1...Int64.max - 1, otherwise: -1)
    var body = Data()
    // What the projection is made of: what is quarantined for its chain's sake is not.
    for entry in try await store.entries(about: asset)
    where entry.index > after && (entry.status != .quarantined || entry.isJudged) {
      body += try JSONAnswer.data(
        PulledEntry(logIndex: entry.index, receivedAt: entry.receivedAt, station: entry.station, entry: entry.bytes))
      body.append(UInt8(ascii: "\n"))
      if body.count > SyncLimits.pullBytes { break }
    }
    return sync.marked(
      Response(
        status: .ok, headers: [.contentType: "application/x-ndjson"],
        body: ResponseBody(byteBuffer: ByteBuffer(data: body))))
  }
}

extension LogEntry {
  /// Whether the projection knows it, though it does not count as things are.
  fileprivate var isJudged: Bool { LogEntry.standpoint(status, code: reason?.code) != nil }
}

extension SyncRoutes {
  /// An answer of this protocol.
  func marked(_ response: Response) -> Response {
    var response = response
    response.headers[named: SyncHeader.protocolVersion] = "\(SyncLimits.protocolVersion)"
    return response
  }
}

extension Problem {
  fileprivate static func badRange(_ length: UInt64) -> Problem {
    Problem(
      status: 416, code: "http.range", title: "No such part", detail: "No byte of the \(length) is in the range.",
      remedy: "Ask for a range within the file.")
  }
}
