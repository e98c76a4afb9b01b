import AsyncAlgorithms
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import ServiceLifecycle
import StationStore

/// The pages of the station: server-rendered, usable without JavaScript by plain forms; the script only swaps in the
/// fragment that the same handlers answer.
struct DeskPages: Sendable {
  let core: StationCore
  let renderer: PageRenderer
  let languages: PageLanguages
  let answers = RecentAnswers()
  let pictures = TemplatePictures()
  let unshownSecrets = UnshownSecrets()
  let pendingImports = PendingImports()

  /// Adds every page.
  func add(to router: Router<StationContext>) {
    router.get("/") { _, _ in Response.redirect(to: "/desk", type: .found) }
    router.get("/sign-in", use: signInPage)
    router.post("/sign-in", use: signIn)
    router.get("/sign-in/stream", use: signInStream)
    router.post("/sign-out", use: signOut)
    router.get("/static/desk.css") { _, _ in try Self.file(.styleSheet, "text/css; charset=utf-8") }
    router.get("/static/desk.js") { _, _ in try Self.file(.script, "text/javascript; charset=utf-8") }
    router.get("/static/carton.js") { _, _ in try Self.file(.cartonScript, "text/javascript; charset=utf-8") }
    router.get("/static/signature.js") { _, _ in try Self.file(.signatureScript, "text/javascript; charset=utf-8") }
    router.get("/static/search.js") { _, _ in try Self.file(.searchScript, "text/javascript; charset=utf-8") }
    router.get("/static/icon.svg") { _, _ in try Self.file(.icon, "image/svg+xml") }
    addLanguage(to: router)
    addDesk(to: router)
    addListening(to: router)
    addCartons(to: router)
    addCorrections(to: router)
    addLists(to: router)
    addExceptions(to: router)
    addOrders(to: router)
    addImport(to: router)
    addKits(to: router)
    addConsumables(to: router)
    addOverview(to: router)
    addBeginning(to: router)
    addWorkLists(to: router)
    addPeople(to: router)
    addLocations(to: router)
    addModels(to: router)
    addWebhooks(to: router)
    addHandOver(to: router)
    addFollowUps(to: router)
    addWipeReports(to: router)
    addDisposals(to: router)
    addCounts(to: router)
    addCameras(to: router)
    addDevices(to: router)
    addLabels(to: router)
    addDocuments(to: router)
    addPrinters(to: router)
    addLabelOrders(to: router)
    addPhone(to: router)
    addTags(to: router)
    router.get("/a/{tag}", use: tagURL)
  }

  static func file(_ file: WebFile, _ type: String) throws -> Response {
    Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "no-cache"],
      body: .init(byteBuffer: ByteBuffer(bytes: try file.bytes())))
  }

  /// Where the QR code of an asset tag leads, whichever host it names.
  @Sendable func tagURL(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let tag = context.parameters.get("tag") ?? ""
    guard case .asset(let id) = try await core.store.read({ try $0.resolve(tag) }) else {
      throw Problem.notFound("asset with the tag \(tag)", remedy: "Search for it under Assets.")
    }
    return .redirect(to: "/assets/\(id)", type: .found)
  }

  // MARK: Signing in

  @Sendable func signInPage(_ request: Request, _ context: StationContext) async throws -> Response {
    // Another person than whose badge was read.
    if request.text("other") != nil, isDesk(request, context) { core.desk.setOffer(nil) }
    return try await signInView(request, context, badge: "", next: request.text("next"), problem: nil)
  }

  /// Whether a browser stands at the desk: on this machine, or somebody has signed in at the desk with it since the station
  /// started. Others on the network learn of no badge that is read there.
  private func isDesk(_ request: Request, _ context: StationContext) -> Bool {
    context.isLocal || request.cookies[Self.deskCookie]?.value == core.deskBrowser
  }

  private static let deskCookie = "custody-desk"

  /// `GET /sign-in/stream`: tells the sign-in page at the desk that a badge was read. It says no more than that.
  @Sendable func signInStream(_ request: Request, _ context: StationContext) async throws -> Response {
    guard isDesk(request, context) else { throw Problem.notSignedIn }
    let events = core.signInLive.listen(after: request.headers[.lastEventID].flatMap { UInt64($0) })
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        let beats = AsyncTimerSequence(interval: .seconds(15), clock: .continuous).map { _ in LiveEvent?.none }
        for await event in merge(events.map { Optional($0) }, beats).cancelOnGracefulShutdown() {
          try await writer.write(event?.bytes ?? ByteBuffer(string: ": still here\n\n"))
        }
        try await writer.finish(nil)
      })
  }

  @Sendable func signIn(_ request: Request, _ context: StationContext) async throws -> Response {
    let form = try await request.form()
    var badge = form["badge"] ?? ""
    do {
      if let id = form["offer"] {
        guard let offer = core.desk.offer(at: core.clock.now()), offer.id == id, isDesk(request, context) else {
          throw Problem(
            .unauthorized, "access.offerOver", "Scan the badge again", detail: "The badge was read over a minute ago.",
            remedy: "Scan it again, then type the PIN.")
        }
        badge = offer.token
      }
      let before = SignInMiddleware.token(of: request)
      // One browser, one person: who was signed in on it before is not any longer.
      // A phone is not the desk: the desk's scanners do not act for who carries it.
      let isPhone = form["next"] == Self.phonePath
      let signedIn = try await core.signIn(badge: badge, pin: form["pin"] ?? "", atDesk: !isPhone, insteadOf: before)
      return Response(
        status: .seeOther,
        headers: isPhone
          ? [.location: Self.phonePath, .setCookie: API(core: core).cookie(signedIn.token)]
          : [
            .location: "/desk", .setCookie: API(core: core).cookie(signedIn.token),
            .setCookie: "\(Self.deskCookie)=\(core.deskBrowser); Path=/sign-in; HttpOnly; SameSite=Strict"
              + (core.options.isSecure ? "; Secure" : ""),
          ])
    } catch let problem as Problem {
      // A token that was never on the page does not come there now.
      return try await signInView(
        request, context, badge: form["offer"] == nil ? badge : "", next: form["next"], problem: problem)
    }
  }

  @Sendable func signOut(_ request: Request, _ context: StationContext) async throws -> Response {
    if let signedIn = context.signedIn { await core.endPhone(of: signedIn) }
    if let token = SignInMiddleware.token(of: request) {
      core.signOut(token)
      core.pages.close(token: token)
      if core.desk.operatorToken == token {
        core.desk.operatorToken = nil
        core.desk.clear()
      }
    }
    return Response(
      status: .seeOther, headers: [.location: "/sign-in", .setCookie: API(core: core).cookie("", maxAge: 0)])
  }

  private func signInView(
    _ request: Request, _ context: StationContext, badge: String, next: String?, problem: Problem?
  ) async throws -> Response {
    let demo = core.demo
    let isPhone = next == Self.phonePath
    let listens = !isPhone && isDesk(request, context)
    let offer = listens ? core.desk.offer(at: core.clock.now()) : nil
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      var view = SignInView(shell: try presenter.shell(title: "Sign in", page: "gate"))
      view.badge = badge
      view.next = isPhone ? next : nil
      view.listens = listens
      if let offer, let name = offer.name { view.offer = SignInOfferView(id: offer.id, name: name) }
      view.error = problem.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) }
      if view.error == nil, offer != nil, offer?.name == nil {
        view.error = ProblemView(
          title: "Nobody has this badge", detail: "A badge was read that the station does not know.",
          remedy: "Scan another one, or ask an administrator to register it.")
      }
      view.demo = demo.map { DemoView(people: $0.people) }
      return view
    }
    return try renderer.page("sign-in", view, status: problem?.status ?? .ok)
  }

  func presenter(_ snapshot: any StoreReading, _ context: StationContext) -> DeskPresenter {
    DeskPresenter(
      core: core, snapshot: snapshot, moments: Moments(clock: core.clock), signedIn: context.signedIn,
      language: context.language, languages: languages)
  }

  /// What went wrong, as a page.
  func problem(_ problem: Problem, context: StationContext) async throws -> Response {
    let view = try await core.store.read { snapshot in
      let icon = problem.status == .notFound ? "search" : problem.status == .forbidden ? "lock" : "warning"
      return ProblemPageView(
        shell: try presenter(snapshot, context).shell(title: problem.title, page: "gate"), icon: icon,
        status: problem.status.code, code: problem.code,
        problem: ProblemView(title: problem.title, detail: problem.detail, remedy: problem.remedy),
        remedies: [RemedyView(label: "Back to the desk", href: "/desk")])
    }
    return try renderer.page("problem", view, status: problem.status)
  }
}

/// The accounts of the demo catalogue, shown on its sign-in page.
struct DemoAccounts: Sendable {
  let people: [DemoPerson]
}
