import Custody
import Hummingbird
import LabelDesign
import StationStore

extension DeskPages {
  func addDocuments(to router: Router<StationContext>) {
    router.get("/assets/{id}/documents/{event}", use: document)
    router.get("/manifest", use: manifest)
    router.get("/manifest.pdf", use: manifestPaper)
  }

  /// The paper that an event gives, as a PDF.
  @Sendable func document(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let event = context.parameters.get("event").flatMap(EventID.init)
    guard let id = context.parameters.get("id").flatMap(AssetID.init), let event else {
      throw Problem.notFound("such document", remedy: "Look at the asset's page.")
    }
    let document = try await core.store.read { snapshot -> CustodyDocument? in
      guard let asset = try snapshot.asset(id),
        let row = try snapshot.entries(of: id).first(where: { $0.event.eventID == event })
      else { return nil }
      return try core.documents(snapshot, for: signedIn).document(of: row, asset)
    }
    guard let document else {
      throw Problem.notFound("document of that event", remedy: "Look at the asset's page.")
    }
    return try await paper(document, named: "\(event)", context)
  }

  /// What left on an order, or in sessions: `/manifest?order=DO-1`, `/manifest?session=ID&session=ID`.
  @Sendable func manifest(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let scope = try PalletManifest.Scope(request)
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
      let manifest = try PalletManifest(scope, in: snapshot)
      let confirmed = manifest.items.filter { $0.confirmation != nil }.count
      let title =
        scope.order.map { "Disposal order \($0)" }
        ?? (scope.sessions.count == 1 ? "What left in this session" : "What left in these sessions")
      var acts: [DisposalView.Happening] = []
      if let order = manifest.disposal {
        acts = try DisposalHistory(order: order, snapshot: snapshot, moments: presenter.moments).happenings()
      }
      return ManifestView(
        shell: try presenter.shell(title: "Manifest", page: "list"), title: title,
        words: [
          counted(manifest.items.count, "asset")
            + (manifest.sessions.count > 1 ? " in \(manifest.sessions.count) sessions" : ""),
          confirmed == 0 ? nil : "\(confirmed) confirmed as gone",
        ].compactMap(\.self).joined(separator: ", "),
        paper: manifest.items.isEmpty ? nil : scope.paper,
        order: manifest.disposal.map { "/disposals/\($0.number)" },
        rows: try manifest.items.map { item in
          ManifestRow(
            name: item.asset.displayName, title: item.asset.title, href: item.asset.href,
            media: CustodyDocuments.media(of: item.asset), left: presenter.moments.view(item.row.event.wallClock),
            who: try names.who(item.row.event),
            confirmed: item.confirmation.map { presenter.moments.view($0.event.wallClock) })
        },
        absent: manifest.absent.map { one in
          ManifestAbsence(name: one.name, href: one.asset.map { "/assets/\($0)" }, reason: one.reason)
        },
        acts: acts,
        sessions: manifest.sessions.count < 2
          ? []
          : try manifest.sessions.map { session in
            let inIt = manifest.items.filter { $0.row.event.session == session }
            let stored = try snapshot.session(session)
            let opened = stored.map { "opened \(presenter.moments.dated($0.openedAt))" } ?? "at another station"
            return EventLink(
              href: PalletManifest.Scope(order: scope.order, sessions: [session]).href,
              words: "Session \(opened): \(counted(inIt.count, "asset"))")
          })
    }
    return try renderer.page("manifest", view)
  }

  @Sendable func manifestPaper(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let scope = try PalletManifest.Scope(request)
    let document = try await core.store.read { snapshot in
      try core.documents(snapshot, for: signedIn).manifest(PalletManifest(scope, in: snapshot))
    }
    guard let document else {
      throw Problem.notFound(
        "manifest of " + (scope.order.map { "order \($0.prefix(80))" } ?? "that session"),
        remedy: "Ship or dispose of something under it first.")
    }
    return try await paper(document, named: "manifest", context)
  }

  /// A paper as a PDF; where something does not fit on it, the form with what it says.
  private func paper(
    _ document: CustodyDocument, named other: String, _ context: StationContext
  ) async throws -> Response {
    guard let template = try await core.labels.template(document.template) else {
      throw Problem.notFound("template \(document.template)", remedy: "Install the station's own label folders again.")
    }
    switch try await core.labels.pdf(template, document.values, at: core.clock.now()) {
    case .made(let pdf):
      let number = document.values.fields["number"] ?? document.values.fields["order"] ?? other
      let name = String(number.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
      return Self.answer(pdf, "application/pdf", name: "\(template.id)-\(name).pdf")
    case .refused:
      return try await labelPage(LabelForm(template, values: document.values), of: template, chosen: [:], context)
    }
  }
}

extension StationCore {
  /// The maker of papers for somebody, on what a snapshot sees.
  func documents(_ snapshot: any StoreReading, for signedIn: SignedIn) -> CustodyDocuments {
    var documents = CustodyDocuments(
      snapshot: snapshot, moments: Moments(clock: clock), base: options.labelURL, organisation: options.organisation,
      maker: CustodyDocuments.Maker(name: signedIn.person.name, station: store.identity))
    documents.proof = { row in
      try snapshot.proof(of: row.event.eventID, about: row.event.asset).map(HeldProof.init)
    }
    return documents
  }
}

extension PalletManifest.Scope {
  /// Sessions that may be asked for at once.
  private static let mostSessions = 100

  /// What a query asks for: an order, sessions, or both.
  init(_ request: Request) throws {
    let texts = request.uri.queryParameters.getAll("session")
    let sessions = texts.compactMap { SessionID(String($0)) }
    guard sessions.count == texts.count, sessions.count <= Self.mostSessions else {
      throw Problem.malformed("session is the id of a session; at most \(Self.mostSessions).", pointer: "/session")
    }
    let order = request.text("order").flatMap { $0.isEmpty ? nil : $0 }
    guard order != nil || !sessions.isEmpty else {
      throw Problem.malformed(
        "A manifest is of an order or of sessions: ?order=NUMBER or ?session=ID.", pointer: "/order")
    }
    self.init(order: order, sessions: sessions)
  }

  private var query: String {
    DeskPages.query([("order", order)] + sessions.map { ("session", $0.description) })
  }

  /// Its page, and its paper.
  var href: String { "/manifest" + query }
  var paper: String { "/manifest.pdf" + query }
}
