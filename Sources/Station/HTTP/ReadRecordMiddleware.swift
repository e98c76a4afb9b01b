import Custody
import CustodyLedger
import Hummingbird
import StationStore

/// Writes down who read personal data or took something out, before they get it. What the desk shows in the course of a
/// session is not of it: that stands in the ledger.
struct ReadRecordMiddleware: RouterMiddleware {
  typealias Context = StationContext
  let core: StationCore
  /// On the socket in the data folder there is nobody but its owner.
  var isLocalSocket = false

  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    guard let what = Self.what(request) else { return try await next(request, context) }
    let response = try await next(request, context)
    guard response.status == .ok else { return response }
    let who = isLocalSocket ? "folder owner" : context.signedIn.map { "\($0.person.id)" } ?? "nobody"
    let record = ReadRecord(
      at: core.clock.now(), who: who, what: what, subject: Self.subject(request, what),
      address: isLocalSocket ? "socket" : context.address(of: request, isBehindProxy: core.options.isBehindProxy))
    do {
      try await core.store.write { try $0.note(record) }
    } catch let fault as StoreFault {
      // A disk that is full must not keep the desk from looking things up; taking data out waits until it can be told.
      guard case .readOnly = fault, !what.hasSuffix(".export") else { throw fault }
      core.logger.error("a read could not be recorded", metadata: ["who": "\(who)", "what": "\(what)"])
    }
    return response
  }

  /// A path with its query. What was searched for is left out where it may be a person's name or address: a record stays as it
  /// is for good, and would outlast the person's erasure.
  private static func subject(_ request: Request, _ what: String) -> String {
    guard let query = request.uri.query else { return request.uri.path }
    let isSearch = what == "people.read" || what == "assets.search" || request.uri.path == "/people.csv"
    return request.uri.path + "?" + (isSearch ? "…" : query)
  }

  static func what(_ request: Request) -> String? {
    guard request.method == .get else { return nil }
    let path = request.uri.path
    let short = path.hasPrefix("/api/v1") ? String(path.dropFirst(7)) : path
    if short == "/people" || short.hasPrefix("/people/") { return "people.read" }
    if short.hasPrefix("/local/export") || ["/local/dossier", "/local/epcis", "/local/backup"].contains(short) {
      return "data.export"
    }
    if short.hasPrefix("/documents") || short.hasPrefix("/papers") || short.hasPrefix("/export")
      || short.hasPrefix("/epcis") || short.hasPrefix("/dossier") || short == "/assets.csv" || isEvidence(short)
      || namedLists.contains(short) || short.hasPrefix("/disposal-orders/") && short.hasSuffix("/lines.csv")
      || (short.hasPrefix("/counts/") && short.hasSuffix("/lines.csv"))
    {
      return "document.export"
    }
    // An asset's page names who has and had it.
    if short.hasPrefix("/assets/") { return "asset.read" }
    if short == "/assets" { return "assets.search" }
    return nil
  }

  /// Files that name people.
  private static let namedLists: Set<String> = [
    "/people.csv", "/triage.csv", "/transfers.csv", "/counts.csv", "/disposals.csv", "/follow-ups.csv",
    "/exceptions.csv",
    "/readings.csv", "/corrections.csv", "/events.csv", "/webhooks.csv",
  ]

  /// What leaves the station about one asset.
  private static func isEvidence(_ path: String) -> Bool {
    path.hasPrefix("/assets/") && (path.hasSuffix("/dossier") || path.hasSuffix("/epcis"))
  }
}

extension LocalAPI {
  /// Lines of JSON, the newest last.
  @Sendable func readRecords(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Line: Encodable {
      let at: Instant
      let who, what, subject, address: String
    }
    let limit = min(max(request.text("limit").flatMap(Int.init) ?? 200, 1), 10_000)
    var bytes: [UInt8] = []
    for record in try await core.store.read({ try $0.readRecords(limit: limit) }).reversed() {
      bytes += try CanonicalEncoder().encode(
        Line(at: record.at, who: record.who, what: record.what, subject: record.subject, address: record.address),
        limit: .max)
      bytes.append(0x0A)
    }
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
