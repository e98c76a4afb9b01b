import HTTPServing
import Hummingbird

/// Nothing is at an address that the router would read otherwise than those who decide by its text: see ``PathSpelling``.
struct PlainPathMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: CentralContext, next: (Request, CentralContext) async throws -> Response
  ) async throws -> Response {
    guard PathSpelling.isPlain(request.uri.path) else { throw HTTPError(.notFound) }
    return try await next(request, context)
  }
}
