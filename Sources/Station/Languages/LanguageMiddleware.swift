import HTTPTypes
import Hummingbird
import NIOCore

/// Finds out in which language the pages are for who asks, and gives them so. English costs nothing, and the API, which is for
/// programs, is left alone.
struct LanguageMiddleware: RouterMiddleware {
  typealias Context = StationContext
  static let cookie = "custody-language"
  let languages: PageLanguages

  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    guard !request.uri.path.hasPrefix("/api/") else { return try await next(request, context) }
    var context = context
    let language = languages.choose(
      chosen: request.cookies[Self.cookie]?.value, accepted: request.headers[.acceptLanguage])
    context.language = language
    var response = try await next(request, context)
    guard response.headers[.contentType]?.hasPrefix("text/html") == true else { return response }
    response.headers[.vary] = "Accept-Language, Cookie"
    response.headers[.contentLanguage] = language.code
    guard language.book != nil else { return response }
    let page = CollectedBody()
    try await response.body.write(page)
    response.body = ResponseBody(byteBuffer: ByteBuffer(string: language.page(page.text)))
    return response
  }
}

/// The body of an answer as one text.
private final class CollectedBody: ResponseBodyWriter {
  private var buffer = ByteBuffer()

  var text: String { String(buffer: buffer) }

  func write(_ buffer: ByteBuffer) async throws { self.buffer.writeImmutableBuffer(buffer) }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
