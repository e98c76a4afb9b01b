import Hummingbird

extension DeskPages {
  func addListening(to router: Router<StationContext>) {
    router.get("/desk/listen", use: listen)
    router.post("/desk/listen/end", use: endListening)
    router.get("/static/listen.js") { _, _ in try Self.file(.listenScript, "text/javascript; charset=utf-8") }
  }

  /// `GET /desk/listen?id=`: server-sent events for a page that takes the desk's scans itself: `scan` with the text, `refused` with
  /// why one came to nothing. 204, after which a browser asks no more, for whom the desk's scanners do not act.
  @Sendable func listen(_ request: Request, _ context: StationContext) async throws -> Response {
    let token = try context.requireSignedIn().token
    guard core.desk.operatorToken == token else { return Response(status: .noContent) }
    let events = core.pages.open(try Self.pageID(request.text("id")), token: token)
    return try await core.stream(request, context, of: events)
  }

  /// `POST /desk/listen/end`: the page is no longer seen; scans go to the desk again.
  @Sendable func endListening(_ request: Request, _ context: StationContext) async throws -> Response {
    let token = try context.requireSignedIn().token
    core.pages.close(try Self.pageID(try await request.form()["id"]), token: token)
    return Response(status: .noContent)
  }

  private static func pageID(_ text: String?) throws -> String {
    guard let text, (1...64).contains(text.utf8.count) else {
      throw Problem.malformed("id is what the page calls itself, 1 to 64 bytes.", pointer: "/id")
    }
    return text
  }
}
