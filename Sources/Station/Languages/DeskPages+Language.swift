import Foundation
import Hummingbird

extension DeskPages {
  func addLanguage(to router: Router<StationContext>) {
    router.post("/language", use: chooseLanguage)
    router.get("/static/words/{language}", use: words)
  }

  /// Keeps the language that somebody chose in their browser, and goes back to the page that they chose it on.
  @Sendable func chooseLanguage(_ request: Request, _ context: StationContext) async throws -> Response {
    let code = try await request.form()["language"] ?? ""
    guard let language = languages[code] else {
      throw Problem.malformed(
        "'\(code)' is no language of this station.", pointer: "/language",
        remedy: "Choose one of \(languages.all.map(\.code).joined(separator: ", ")).")
    }
    return Response(
      status: .seeOther,
      headers: [
        .location: Self.path(ofPage: request.headers[.referer]),
        .setCookie: "\(LanguageMiddleware.cookie)=\(language.code); Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
          + (core.options.isSecure ? "; Secure" : ""),
      ])
  }

  /// The path of the page that a form stood on, with its query; never another host's.
  static func path(ofPage referer: String?) -> String {
    guard let url = referer.flatMap(URLComponents.init(string:)), url.percentEncodedPath.hasPrefix("/"),
      !url.percentEncodedPath.hasPrefix("//"), !url.percentEncodedPath.contains("\\")
    else { return "/desk" }
    return url.percentEncodedPath + (url.percentEncodedQuery.map { "?" + $0 } ?? "")
  }

  /// What the pages' scripts say in a language.
  @Sendable func words(_ request: Request, _ context: StationContext) async throws -> Response {
    guard let language = languages[context.parameters.get("language") ?? ""] else {
      throw Problem.notFound("such language of the pages")
    }
    return Response(
      status: .ok, headers: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "no-cache"],
      body: .init(byteBuffer: ByteBuffer(string: language.script)))
  }
}
