import Custody
import HTTPServing
import HTTPTypes
import Hummingbird
import Logging
import StationStore

/// Turns every error into a problem: JSON for machines, a page for people.
struct ProblemMiddleware: RouterMiddleware {
  typealias Context = StationContext
  let pages: DeskPages
  let logger: Logger

  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let problem = Problem(error)
      if problem.status.code >= 500 {
        logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
      }
      // The desk's script follows to the sign-in page as a browser does.
      if problem.status == .unauthorized, request.headers[.custodyFragment] != nil {
        return .redirect(to: "/sign-in", type: .found)
      }
      let wantsPage = request.headers[.accept]?.contains("text/html") == true
      guard wantsPage, !request.uri.path.hasPrefix("/api/") else { return try problem.response() }
      if problem.status == .unauthorized {
        let isPhone = request.uri.path.hasPrefix(DeskPages.phonePath)
        return .redirect(to: isPhone ? "/sign-in?next=\(DeskPages.phonePath)" : "/sign-in", type: .found)
      }
      return try await pages.problem(problem, context: context)
    }
  }
}

/// Nothing is at an address that the router would read otherwise than those who decide by its text: see ``PathSpelling``.
struct PlainPathMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    guard PathSpelling.isPlain(request.uri.path) else { throw HTTPError(.notFound) }
    return try await next(request, context)
  }
}

/// Finds out who asks: a bearer token, or the cookie of the sign-in page.
struct SignInMiddleware: RouterMiddleware {
  typealias Context = StationContext
  let core: StationCore

  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    if let token = Self.token(of: request) {
      context.signedIn = try await core.signedIn(token, isSignOfLife: request.isSignOfLife)
    }
    return try await next(request, context)
  }

  static func token(of request: Request) -> String? {
    if let header = request.headers[.authorization], header.hasPrefix("Bearer ") { return String(header.dropFirst(7)) }
    return request.cookies["custody"]?.value
  }
}

/// Holds a request of the API to the person whom a page did it as, where it says so: what somebody kept on a phone is never
/// recorded as of whoever is signed in there by now.
struct OperatorMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    if request.uri.path.hasPrefix("/api/"), let signedIn = context.signedIn { try request.requireOperator(signedIn) }
    return try await next(request, context)
  }
}

extension Request {
  /// Whether somebody's hand is behind it. What a page does by itself does not keep anybody signed in: asking for its newest form, a
  /// stream that is opened again, a picture, a phone's frame. A frame that is scanned counts: see ``API/frame(_:_:)``.
  fileprivate var isSignOfLife: Bool {
    if headers[.custodyBackground] != nil || uri.path.hasSuffix("/frames") { return false }
    guard method == .get else { return true }
    return headers[.custodyFragment] == nil && headers[.accept]?.contains("text/event-stream") != true
  }

  /// Throws the problem when a page did this as another person than is signed in.
  func requireOperator(_ signedIn: SignedIn) throws {
    guard let person = headers[.custodyOperator], person != signedIn.person.id.description else { return }
    throw Problem(
      .conflict, "access.otherPerson", "Another person", detail: "\(signedIn.person.name) is signed in here now.",
      remedy: "Let the person who did this sign in and send it, or discard it.")
  }
}

/// What every answer carries, so that a page of ours runs nothing that is not ours.
struct SecurityHeadersMiddleware: RouterMiddleware {
  typealias Context = StationContext
  /// Whether browsers may be told to use nothing but TLS here (RFC 6797): not for an authority of one's own, whose change would
  /// lock them out.
  var isStrictTransport = false

  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    response.headers[.contentSecurityPolicy] =
      "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
      + "form-action 'self'"
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "same-origin"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    if isStrictTransport { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    return response
  }
}

/// Keeps other sites' pages from acting in a signed-in browser: the cookie is SameSite=Strict, and browsers say where a
/// request comes from.
struct CrossSiteMiddleware: RouterMiddleware {
  typealias Context = StationContext

  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    if request.method != .get, request.method != .head, let site = request.headers[.secFetchSite],
      site != "same-origin", site != "none"
    {
      throw Problem(
        .forbidden, "access.crossSite", "Cross-site request", detail: "The request comes from another site.",
        remedy: "Use the station's own pages, or the API with a bearer token and without a browser.")
    }
    return try await next(request, context)
  }
}

extension HTTPField.Name {
  static let secFetchSite = Self("Sec-Fetch-Site") ?? .origin
  static let referrerPolicy = Self("Referrer-Policy") ?? .origin
  static let idempotencyKey = Self("Idempotency-Key") ?? .origin
  static let lastEventID = Self("Last-Event-ID") ?? .origin
  /// The person whom a page did something as.
  static let custodyOperator = Self("X-Custody-Operator") ?? .origin
  /// The desk's session that a page did something in: see ``StationCore/sessionKey(_:)``.
  static let custodySession = Self("X-Custody-Session") ?? .origin
  static let custodyFragment = Self("X-Custody-Fragment") ?? .origin
  /// That a page did it by itself, and nobody's hand.
  static let custodyBackground = Self("X-Custody-Background") ?? .origin
}
