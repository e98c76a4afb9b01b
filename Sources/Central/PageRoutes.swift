import CentralStore
import Custody
import Hummingbird
import SyncProtocol

/// The pages of the manager and the auditor.
struct PageRoutes: Sendable {
  private static let pageLength = 100

  let configuration: CentralConfiguration
  let store: any CentralStore
  let access: ReadAccess
  let pages: Pages

  func add(to router: Router<CentralContext>) {
    router.get("/static/central.css") { _, _ in file(WebFile.style, "text/css; charset=utf-8") }
    router.get("/static/central.svg") { _, _ in file(WebFile.icon, "image/svg+xml") }
    router.get("/sign-in") { _, _ in try signInPage(fault: nil) }
    router.post("/sign-in") { request, context in try await signIn(request, context) }
    router.post("/sign-out") { request, _ in
      if let cookie = request.cookies[ReadAccess.personCookieName] { access.signIns.signOut(cookie.value) }
      return signOut()
    }
    get("/", router) { _, _ in try await overview() }
    get("/assets", router) { request, _ in try await assets(request) }
    get("/assets/{id}", router) { _, context in try await asset(context) }
    get("/exceptions", router) { request, _ in try await exceptions(request) }
    get("/log", router) { _, _ in
      try pages.response(
        LogView(try await store.head(), key: store.logKey), "log", title: "Log", figures: try await store.figures())
    }
    get("/stations", router) { _, _ in
      try pages.response(
        StationsView(try await store.stations()), "stations", title: "Stations", figures: try await store.figures())
    }
  }

  private func get(
    _ path: RouterPath, _ router: Router<CentralContext>,
    _ handler: @escaping @Sendable (Request, CentralContext) async throws -> Response
  ) {
    router.get(path) { request, context in
      guard try access.permits(request) else { throw Problem.signInNeeded }
      return try await handler(request, context)
    }
  }

  private func overview() async throws -> Response {
    let figures = try await store.figures()
    let newest = try await store.entries(before: .max, status: Set(LogEntry.Status.allCases), limit: 20)
    return try pages.response(
      OverviewView(name: configuration.name, figures, newest, tags: try await tags(newest)), "overview",
      title: "Overview", figures: figures)
  }

  /// The tags of the assets that entries are about, as far as they have any.
  private func tags(_ entries: [LogEntry]) async throws -> [AssetID: String] {
    var tags: [AssetID: String] = [:]
    for id in Set(entries.compactMap { $0.content.event?.asset }) { tags[id] = try await store.asset(id)?.tag }
    return tags
  }

  private func assets(_ request: Request) async throws -> Response {
    let query = try AssetQuery(request, limit: Self.pageLength)
    let figures = try await store.figures()
    return try pages.response(
      AssetsView(query, try await store.assets(query), figures), "assets", title: "Assets", figures: figures)
  }

  private func asset(_ context: CentralContext) async throws -> Response {
    let id: AssetID = try context.value("id", wanted: "a UUID") { AssetID($0) }
    let entries = try await store.entries(about: id)
    guard !entries.isEmpty else { throw Problem.notHere("asset \(id)") }
    let view = AssetView(id, try await store.asset(id), entries)
    return try pages.response(view, "asset", title: view.tag ?? view.title, figures: try await store.figures())
  }

  private func exceptions(_ request: Request) async throws -> Response {
    let before = try request.number("before", in: 0...Int64.max, otherwise: Int64.max)
    let rejectedBefore = try request.number("rejectedBefore", in: 0...Int64.max, otherwise: Int64.max)
    let entries = try await store.entries(
      before: before, status: [.quarantined, .unsupported], limit: Self.pageLength)
    let showsSettled = request.text("settled") == "true"
    let discrepancies = try await discrepancies(request, openOnly: !showsSettled)
    let view = ExceptionsView(
      discrepancies, showsSettled: showsSettled, entries, tags: try await tags(entries),
      try await store.rejectedEntries(before: rejectedBefore, limit: Self.pageLength), limit: Self.pageLength,
      before: before, rejectedBefore: rejectedBefore)
    return try pages.response(view, "exceptions", title: "Exceptions", figures: try await store.figures())
  }

  private func discrepancies(_ request: Request, openOnly: Bool) async throws -> [DiscrepancyView] {
    let before = try request.number("discrepanciesBefore", in: 0...Int64.max, otherwise: Int64.max)
    var views: [DiscrepancyView] = []
    for recorded in try await store.discrepancies(before: before, openOnly: openOnly, limit: Self.pageLength) {
      var claims: [LogEntry] = []
      // A few tell what it is about; the API has them all.
      for claim in recorded.discrepancy.claims.prefix(8) {
        if let entry = try await store.entry(ofEvent: claim) { claims.append(entry) }
      }
      var settlement: LogEntry?
      if let event = recorded.settledBy { settlement = try await store.entry(ofEvent: event) }
      var tags = try await tags(claims)
      if case .asset(let id) = recorded.subject { tags[id] = try await store.asset(id)?.tag }
      views.append(DiscrepancyView(recorded, claims: claims, settlement: settlement, tags: tags))
    }
    return views
  }

  private func signInPage(fault: String?) throws -> Response {
    guard access.needsSignIn else { return .redirect(to: "/") }
    return try pages.response(
      SignInView(fault: fault, people: access.hasPeople, token: access.hasToken), "sign-in", title: "Sign in",
      status: fault == nil ? .ok : .unauthorized)
  }

  private func signIn(_ request: Request, _ context: CentralContext) async throws -> Response {
    struct Form: Decodable { var token, name, password, code: String? }
    var request = request
    let body = try await request.collectBody(upTo: 4096)
    let form: Form
    do {
      form = try URLEncodedFormDecoder().decode(Form.self, from: String(buffer: body))
    } catch {
      return try signInPage(fault: "The form came without a token. Type it again.")
    }
    if let name = form.name, let password = form.password, let code = form.code {
      return try await signIn(name: name, password: password, code: code)
    }
    guard let token = form.token else {
      return try signInPage(fault: "The form came without a token. Type it again.")
    }
    guard access.matches(token) else {
      return try signInPage(
        fault: "This is not the read token of this centre. It stands in the centre's configuration.")
    }
    var response = Response.redirect(to: "/")
    response.setCookie(access.cookie())
    return response
  }

  private func signIn(name: String, password: String, code: String) async throws -> Response {
    switch try await access.signIns.signIn(name: name, password: password, code: code) {
    case .signedIn(let token):
      var response = Response.redirect(to: "/")
      response.setCookie(access.cookie(ofPerson: token))
      return response
    case .notRecognised:
      return try signInPage(
        fault: "Name, password or code is not right. A code is taken once: wait for the next one, then try again.")
    case .locked(let until):
      return try signInPage(fault: "There were too many wrong tries. Nothing is looked at before \(until).")
    }
  }

  private func signOut() -> Response {
    var response = Response.redirect(to: "/sign-in")
    for cookie in access.expiredCookies() { response.setCookie(cookie) }
    return response
  }

  private func file(_ bytes: [UInt8], _ type: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "max-age=3600"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
