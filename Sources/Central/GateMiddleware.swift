import CentralStore
import Custody
import HTTPServing
import Hummingbird
import SyncProtocol

/// What stands before every route: who asks too often waits, other sites' pages do nothing here, who is signed in is known,
/// and what they read is written down before they get it.
struct GateMiddleware: RouterMiddleware {
  typealias Context = CentralContext

  let configuration: CentralConfiguration
  let store: any CentralStore
  let access: ReadAccess
  let metrics: CentralMetrics
  let now: @Sendable () -> Instant
  /// Sign-ins and enrolments by address.
  private let tries = TokenBuckets(burst: 10, perMinute: 10)
  /// Pages and the reading API, by address of other machines. Stations have back-pressure of their own.
  private let requests = TokenBuckets(burst: 600, perMinute: 3000)

  init(
    configuration: CentralConfiguration, store: any CentralStore, access: ReadAccess, metrics: CentralMetrics,
    now: @escaping @Sendable () -> Instant
  ) {
    self.configuration = configuration
    self.store = store
    self.access = access
    self.metrics = metrics
    self.now = now
  }

  func handle(
    _ request: Request, context: CentralContext, next: (Request, CentralContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    let address = context.address(of: request, isBehindProxy: configuration.isBehindProxy)
    if let refused = try limit(request, path, address) { return refused }
    if path.hasPrefix("/sync/") { return try await metrics.timing(path) { try await next(request, context) } }
    try refuseOtherSites(request)
    try await access.learnWhetherPeopleSignIn()
    let signedIn = try await access.signedIn(request)
    return try await Reader.$signedIn.withValue(signedIn) {
      let response = try await next(request, context)
      if response.status == .ok, let reader = try access.reader(of: request),
        let record = ReadRecord(of: request, by: reader, from: address, at: now())
      {
        try await store.note(record)
      }
      return response
    }
  }

  /// The answer to who asks too often; nil for all others.
  private func limit(_ request: Request, _ path: String, _ address: String) throws -> Response? {
    let isTry = request.method == .post && (path == "/sign-in" || path.hasPrefix("/sync/v1/enrol"))
    let isReading = !path.hasPrefix("/sync/") && !path.hasPrefix(LogRoutes.prefix)
    let isFarAway = address != "this machine" && !LoopbackName.matches(address)
    guard isTry || (isReading && isFarAway) else { return nil }
    guard let seconds = (isTry ? tries : requests).take(address) else { return nil }
    metrics.limited.count(isTry ? "sign-in" : "request")
    var response = try JSONAnswer.response(
      Problem(
        status: 429, code: "central.tooOften", title: "Too often",
        detail: "There were too many \(isTry ? "tries" : "requests") from this address.",
        remedy: "Wait \(seconds) \(seconds == 1 ? "second" : "seconds"), then try again."),
      status: .tooManyRequests, mediaType: Problem.mediaType)
    response.headers[.retryAfter] = "\(seconds)"
    return response
  }

  /// The cookie is SameSite=Strict, and browsers say where a request comes from (Fetch Metadata; Origin, RFC 6454).
  private func refuseOtherSites(_ request: Request) throws {
    guard request.method != .get, request.method != .head else { return }
    let site = request.headers[named: "Sec-Fetch-Site"]
    let isForeign = site.map { $0 != "same-origin" && $0 != "none" } ?? false
    let origin = request.headers[.origin].flatMap { $0.split(separator: "/").last.map(String.init) }
    guard isForeign || (origin != nil && origin != request.head.authority) else { return }
    throw Problem(
      status: 403, code: "central.crossSite", title: "Cross-site request",
      detail: "The request comes from another site.", remedy: "Use the centre's own pages.")
  }
}
