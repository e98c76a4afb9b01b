import BarcodeVision
import Custody
import CustodyLedger
import Hummingbird
import StationStore
import StockCounting

extension DeskPages {
  static let phonePath = "/phone"

  func addPhone(to router: Router<StationContext>) {
    router.get(RouterPath(Self.phonePath), use: phone)
    router.post("/phone/session", use: phoneSession)
    router.post("/phone/pictures", use: phonePicture)
    router.post("/phone/scans", use: phoneScan)
    router.post("/phone/undo", use: phoneUndo)
    addPhoneApp(to: router)
    addPhoneSign(to: router)
  }

  /// The scan screen: the camera on top, the last five results below. Each person has one session of phones.
  @Sendable func phone(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try await phoneScreen(request, context, try await core.phoneSession(of: signedIn))
  }

  /// What the phone does from now on. A count is chosen on the phone itself; without its script it is counted on the count's page.
  @Sendable func phoneSession(_ request: Request, _ context: StationContext) async throws -> Response {
    let text = try await request.form()["workflow"] ?? ""
    if text.hasPrefix(Self.countChoice), let count = CountID(String(text.dropFirst(Self.countChoice.count))) {
      _ = try context.requireSignedIn()
      return Response(status: .seeOther, headers: [.location: "/counts/\(count)"])
    }
    return try await phoneAct(request, context) { signedIn, session in
      guard text == "lookup" || Verb(rawValue: text) != nil else {
        throw Problem.malformed("'\(text)' is no workflow.", pointer: "/workflow")
      }
      _ = try await core.changeSession(session, by: signedIn) { work in
        work.turn(to: Verb(rawValue: text))
        work.staysApart = work.workflow == nil ? true : nil
      }
    }
  }

  private static let countChoice = "count:"

  /// What was typed, or what a sled in keyboard mode sent, into the phone's act.
  @Sendable func phoneScan(_ request: Request, _ context: StationContext) async throws -> Response {
    try await phoneAct(request, context) { signedIn, session in
      let scan = Scan(raw: Array((try await request.form()["text"] ?? "").utf8), source: .keyed, device: "phone")
      let place = try await core.place(of: session, shownBy: signedIn)
      let outcome = try await core.scan(scan, in: place.session, by: signedIn)
      if place.receiving != nil { core.desk.lastOutcome = outcome }
    }
  }

  /// A photo, where the browser lets no page use the camera.
  @Sendable func phonePicture(_ request: Request, _ context: StationContext) async throws -> Response {
    try await phoneAct(request, context) { signedIn, session in
      let buffer = try await request.body.collect(upTo: PictureLimits.fileBytes + 4096)
      var bytes = Array(buffer.readableBytesView)
      if let type = request.headers[.contentType], type.hasPrefix("multipart/form-data") {
        bytes = try MultipartForm(contentType: type, body: bytes).file(named: "picture")
      }
      let picture = bytes
      let place = try await core.place(of: session, shownBy: signedIn)
      let symbols: [Symbol]
      if let receiving = place.receiving {
        // Whoever takes a photo means the box before them, and no longer the one on the desk.
        symbols = try await core.receive(picture: picture, in: receiving, from: "phone", replacing: true).symbols
      } else {
        symbols = try await core.pictures.read(picture: picture)
        let evidence = try await core.keepEvidence(picture, showing: symbols)
        _ = try await core.scanMarks(symbols, evidence: evidence, from: "phone") { scan in
          try await core.scan(scan, in: session, by: signedIn)
        }
      }
      guard !symbols.isEmpty else {
        throw Problem(
          .unprocessableContent, "picture.noSymbol", "No barcode found", detail: "No barcode was found in the picture.",
          remedy: "Take it again: closer, sharper, with more light, the whole code in view.")
      }
    }
  }

  @Sendable func phoneUndo(_ request: Request, _ context: StationContext) async throws -> Response {
    try await phoneAct(request, context) { signedIn, session in
      let place = try await core.place(of: session, shownBy: signedIn)
      let outcome = try await core.undo(in: place.session, by: signedIn)
      if place.receiving != nil { core.desk.lastOutcome = outcome }
    }
  }

  // MARK: Shared

  /// Acts in the phone's session, then shows the screen as it is then; a problem stands on it.
  private func phoneAct(
    _ request: Request, _ context: StationContext, _ act: (SignedIn, SessionID) async throws -> Void
  ) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try request.requireOperator(signedIn)
    let session = try await core.phoneSessionToAct(of: signedIn)
    do {
      let workflow = try await core.workflow(of: session)
      try await act(signedIn, session)
      try await core.closeTurned(session, from: workflow, by: signedIn)
    } catch let error as CancellationError {
      throw error
    } catch {
      let problem = Problem(error)
      if problem.status.code >= 500 {
        core.logger.error("phone act failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
      }
      return try await phoneScreen(request, context, session, problem)
    }
    return Response(status: .seeOther, headers: [.location: "/phone"])
  }

  private func phoneScreen(
    _ request: Request, _ context: StationContext, _ id: SessionID, _ problem: Problem? = nil
  ) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let place = try await core.place(of: id, shownBy: signedIn)
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      func work(of id: SessionID) throws -> WorkSession {
        try snapshot.session(id).map { try CanonicalDecoder().decode(WorkSession.self, from: $0.document) }
          ?? WorkSession()
      }
      let own = try work(of: id)
      let mayCount = !StockCount.roles.isDisjoint(with: signedIn.actor.roles)
      let counts = CountPresenter(snapshot, presenter.moments)
      let current = place.receiving == nil ? own.workflow : .receive
      // The codes of a carton stand together, not each as a line.
      let readings = try snapshot.readings(session: place.session, limit: 60).filter { !$0.isOfCarton }
      var view = PhoneView(
        shell: try presenter.shell(title: "Phone", page: "phone"), session: id.description,
        workflows: ([nil] + Self.phoneVerbs).map { verb in
          let isDesk = verb == .receive && place.receiving != nil
          return PhoneWorkflow(
            workflow: verb?.rawValue ?? "lookup",
            label: isDesk ? "Receive at desk" : verb?.words.imperative ?? "Look up", isCurrent: current == verb)
        },
        counts: try mayCount
          ? snapshot.stockCounts(openOnly: true, limit: Self.countsOnPhone).map {
            PhoneCount(id: "\($0.id)", title: try counts.title($0.scope), isBlind: $0.blind)
          } : [],
        signs: try signs(of: signedIn, snapshot),
        results: try readings.prefix(5).map { try PhoneResult($0, snapshot, presenter.moments) })
      if place.receiving != nil {
        view.place = "Photos go to the desk: a carton fills its form."
        view.carton = try snapshot.cartonOnDesk(try work(of: place.session)).map(PhoneCarton.init)
      } else if own.workflow == .receive {
        view.place = "Codes count one by one. To weigh a carton whole, open Receive at the desk under your name."
      }
      view.undo = try snapshot.undoWords(in: place.session)
      view.fault = problem.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) }
      return view
    }
    let isFragment = request.headers[.custodyFragment] != nil
    return try renderer.page(isFragment ? "phone-results" : "phone", view, status: problem?.status ?? .ok)
  }

  /// Most open counts that are offered.
  private static let countsOnPhone = 30
  private static let phoneVerbs: [Verb?] = [.receive, .deploy, .return, .transfer, .found]
}

extension PhoneResult {
  init(_ reading: KeptReading, _ snapshot: any StoreReading, _ moments: Moments) throws {
    let asset = try reading.asset.flatMap { try snapshot.asset($0) }
    let (kind, icon): (ResultView.Kind, String) =
      switch reading.outcome {
      case .accepted, .context: (.accepted, "check")
      case .acceptedWithNote: (.acceptedWithNote, "check")
      case .duplicate: (.duplicate, "equals")
      case .unknown: (.unknown, "question")
      case .lookup: (.idle, "search")
      case .undone: (.idle, "undo")
      case .refused, .unassigned: (.refused, "cross")
      }
    self.init(
      kind: kind, icon: icon, words: reading.outcome == .undone ? "\(reading.words), undone" : reading.words,
      code: asset?.displayName ?? reading.raw.shown, title: asset?.title,
      at: moments.view(reading.at))
  }
}

extension KeptReading {
  /// Whether it is one of the codes of a carton that was laid.
  fileprivate var isOfCarton: Bool { outcome == .context && code == DeskCarton.readingCode }
}

extension PhoneCarton {
  init(_ shown: CartonOnDesk) {
    let reading = shown.reading
    let count = shown.carton.marks.count
    self.init(
      words: reading.isSettled ? "Check it at the desk" : "Which code is which?",
      name: reading.name?.value ?? "no serial number or tag yet",
      title: reading.namedProduct.map { [$0.manufacturer, $0.model].compactMap(\.self).joined(separator: " ") },
      codes: count == 1 ? "1 code" : "\(count) codes")
  }
}
