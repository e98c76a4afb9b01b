import Hummingbird
import SyncProtocol

/// What holds for every answer: errors become problems (a page, for a browser), and browsers are kept on a short leash.
struct AnswerMiddleware: RouterMiddleware {
  typealias Context = CentralContext
  let pages: Pages
  let stations: StationAccess
  var isStrictTransport = false

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      let problem = Problem(error)
      if problem.status >= 500, !(error is CancellationError) {
        context.logger.error("\(request.method) \(request.uri.path): \(error)")
      }
      response = try answer(problem, to: request)
    }
    response.headers[.contentSecurityPolicy] =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
      + "frame-ancestors 'none'"
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[named: "Referrer-Policy"] = "no-referrer"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    if isStrictTransport { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    return response
  }

  private func answer(_ problem: Problem, to request: Request) throws -> Response {
    let status = HTTPResponse.Status(code: problem.status)
    let isPage =
      !request.uri.path.hasPrefix("/api/") && !request.uri.path.hasPrefix("/sync/")
      && !request.uri.path.hasPrefix(LogRoutes.prefix)
    if isPage, request.headers[.accept]?.contains("text/html") ?? false {
      if problem.code == Problem.signInNeeded.code { return .redirect(to: "/sign-in") }
      return try pages.response(ProblemView(problem), "problem", title: problem.title, status: status)
    }
    var response = try JSONAnswer.response(problem, status: status, mediaType: Problem.mediaType)
    if problem.status == 401 {
      response.headers[.wwwAuthenticate] = "Bearer"
      if let time = try stations.time(for: request) { response.headers[named: SyncHeader.time] = time }
    }
    if problem.status == 429 { response.headers[.retryAfter] = "1" }
    if problem.status == 503 { response.headers[.retryAfter] = "5" }
    response.headers[named: SyncHeader.protocolVersion] = "\(SyncLimits.protocolVersion)"
    return response
  }
}
