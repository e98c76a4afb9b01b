import AssetIdentifiers
import BarcodeVision
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addDesk(to router: Router<StationContext>) {
    router.get("/desk", use: desk)
    router.get("/desk/stream", use: stream)
    router.post("/desk/session", use: openSession)
    router.post("/desk/details", use: changeDetails)
    router.post("/desk/scans", use: scan)
    router.post("/desk/pictures", use: picture)
    router.post("/desk/undo", use: undo)
    router.post("/desk/take-back", use: takeAllBack)
    router.post("/desk/skip", use: skip)
    router.post("/desk/takeover", use: takeOver)
    router.post("/desk/close", use: close)
    router.post("/desk/operators", use: addPerson)
  }

  @Sendable func desk(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    // Whoever comes back to the desk scans there.
    if request.headers[.custodyFragment] == nil { core.pages.close(token: signedIn.token) }
    return try await show(request, context)
  }

  @Sendable func openSession(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      let text = form["workflow"] ?? ""
      guard text == "lookup" || Verb(rawValue: text) != nil else {
        throw Problem.malformed("'\(text)' is no workflow.", pointer: "/workflow")
      }
      let verb = Verb(rawValue: text)
      if let refusal = verb?.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
      core.desk.lastOutcome = nil
      if let (session, _) = try await core.deskSession() {
        _ = try await core.changeSession(session.id, by: signedIn) { $0.turn(to: verb) }
      } else {
        _ = try await core.openSession(WorkSession(workflow: verb), by: signedIn, desk: core.desk.name)
      }
      return nil
    }
  }

  @Sendable func changeDetails(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      let session = try await session(for: signedIn)
      return try await core.changeDetails(of: session, form, by: signedIn).map { "\($0.label) must be \($0.wanted)." }
    }
  }

  @Sendable func scan(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      var scan = Scan(raw: Array((form["text"] ?? "").utf8), source: .keyed, device: "page")
      if let id = form["reading"].flatMap(Int64.init) {
        guard let kept = try await core.store.read({ try $0.reading(id) }) else {
          throw Problem.notFound("reading \(id)")
        }
        scan.raw = kept.raw
        scan.symbologyIdentifier = kept.symbologyIdentifier
        scan.device = kept.device
      }
      // `Receive as new` brings the facts of the one asset along.
      _ = DetailField.lay(form, for: .receive, over: &scan.details)
      try await core.deskScan(scan, by: signedIn)
      return nil
    }
  }

  @Sendable func picture(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let buffer = try await request.body.collect(upTo: PictureLimits.fileBytes + 4096)
      var bytes = Array(buffer.readableBytesView)
      if let type = request.headers[.contentType], type.hasPrefix("multipart/form-data") {
        bytes = try MultipartForm(contentType: type, body: bytes).file(named: "picture")
      }
      let session = try await session(for: signedIn)
      do {
        let outcome = try await core.scanPicture(bytes, in: session, by: signedIn)
        core.desk.lastOutcome = outcome.asked ?? outcome.scans.best ?? nothing(in: session)
      } catch let error as PictureError {
        core.desk.fail(error, at: core.clock.now())
      }
      return nil
    }
  }

  @Sendable func undo(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      core.desk.lastOutcome = try await core.undo(in: try await session(for: signedIn), by: signedIn)
      return nil
    }
  }

  /// Takes back everything that was recorded in the session.
  @Sendable func takeAllBack(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      _ = try await core.takeAllBack(
        in: try await session(for: signedIn), because: form["reason"] ?? "", by: signedIn)
      return nil
    }
  }

  /// Goes on without scanning back the label that was printed.
  @Sendable func skip(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      try await core.deskScan(
        Scan(raw: Array("CUSTODY:CMD:\(DeskCommand.skip.rawValue)".utf8), source: .keyed, device: "page"), by: signedIn)
      return nil
    }
  }

  @Sendable func takeOver(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      if let (session, _) = try await core.deskSession() { _ = try await core.takeOver(session.id, by: signedIn) }
      return nil
    }
  }

  @Sendable func close(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      guard let (session, _) = try await core.deskSession() else { throw Problem.nothingToClose }
      _ = try await core.closeSession(session.id, by: signedIn)
      return nil
    }
  }

  @Sendable func addPerson(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      guard let role = form["role"].flatMap(SecondPersonRole.init) else {
        throw Problem.malformed("role is witness or approver.", pointer: "/role")
      }
      let session = try await session(for: signedIn)
      let (_, work) = try await core.addSecondPerson(
        role, badge: form["badge"] ?? "", pin: form["pin"] ?? "", to: session, by: signedIn)
      // What asked for the second person is answered, and stands there no longer.
      if let second = role == .witness ? work.witness : work.approver,
        let person = try await core.store.read({ try $0.person(second.person) })
      {
        core.desk.lastOutcome = ScanOutcome(
          result: .context, words: "\(role.title(in: work.workflow)): \(person.name)", at: core.clock.now(),
          scan: Scan(raw: [], source: .keyed))
      }
      return nil
    }
  }

  // MARK: Shared

  /// The desk's open session; opens a look-up when none is open, since a scan without a session is a lookup.
  func session(for signedIn: SignedIn) async throws -> SessionID {
    if let (session, _) = try await core.deskSession() { return session.id }
    return try await core.openSession(WorkSession(), by: signedIn, desk: core.desk.name).0.id
  }

  /// Acts, and answers with the desk as it is then: the fragment for the script, a redirect for a plain form. An act
  /// that comes again under the same `Idempotency-Key` is not done again. An expected problem is shown on the desk.
  func once(
    _ request: Request, _ context: StationContext, _ act: (SignedIn) async throws -> String?
  ) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try request.requireOperator(signedIn)
    var fault: String?
    let key = request.headers[.idempotencyKey]
    if key.map(answers.begin) ?? true {
      do {
        let session = try await core.deskSession()
        if let wanted = request.headers[.custodySession] { try core.require(wanted, for: session) }
        // Scanners act for whom the desk's session belongs to, not for whoever else looks in.
        if session.map({ $0.0.operator == signedIn.person.id }) ?? true { core.desk.operatorToken = signedIn.token }
        fault = try await PageAct.$key.withValue(key) { try await act(signedIn) }
      } catch let problem as Problem where problem.code == StationCore.otherSession {
        // Nothing was done: it can come again under its key once the desk is back at that session.
        key.map(answers.forget)
        throw problem
      } catch let error as CancellationError {
        // Nobody knows how far it came; the store does nothing by halves, so the same key may try again.
        key.map(answers.forget)
        throw error
      } catch {
        let problem = Problem(error)
        if problem.status.code >= 500 {
          core.logger.error("desk act failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
          // It may not have been done: the same key may try again.
          key.map(answers.forget)
        }
        core.desk.fail(problem, at: core.clock.now())
      }
    }
    return try await show(request, context, fault: fault)
  }

  private func show(_ request: Request, _ context: StationContext, fault: String? = nil) async throws -> Response {
    let isFragment = request.headers[.custodyFragment] != nil
    guard isFragment || request.method == .get else {
      return Response(status: .seeOther, headers: [.location: "/desk"])
    }
    return try renderer.page(isFragment ? "desk-main" : "desk", try await view(context, fault: fault))
  }

  /// The desk as it is now, as HTML without its page.
  func fragment(_ context: StationContext) async throws -> String {
    try renderer.text("desk-main", try await view(context))
  }

  private func view(_ context: StationContext, fault: String? = nil) async throws -> DeskView {
    let deskName = core.desk.name
    let outcome = core.desk.lastOutcome
    return try await core.store.read { snapshot in
      let session = try snapshot.openSession(desk: deskName)
      let work = try session.map { try CanonicalDecoder().decode(WorkSession.self, from: $0.document) }
      return try presenter(snapshot, context).desk(session, work, outcome: outcome, fault: fault)
    }
  }

  private func nothing(in session: SessionID) -> ScanOutcome {
    var outcome = ScanOutcome(
      result: .refused, words: "No barcode found", at: core.clock.now(), scan: Scan(raw: [], source: .symbol))
    outcome.sentence = "No barcode was found in the picture."
    outcome.remedy = "Take it again: closer, sharper, with more light; or scan or type the code."
    outcome.code = "picture.noSymbol"
    outcome.session = session
    return outcome
  }
}

extension [ScanOutcome] {
  /// The outcome of a picture that is worth showing: what was recorded, else what was refused, else the last.
  fileprivate var best: ScanOutcome? {
    first { $0.result == .accepted || $0.result == .acceptedWithNote }
      ?? first { $0.result == .duplicate || $0.result == .refused } ?? first
  }
}
