import BarcodeVision
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import Kits
import StationStore

extension API {
  func addSessions(to v1: RouterGroup<StationContext>) {
    v1.post("/sessions", use: openSession)
    v1.get("/sessions/{id}", use: session)
    v1.patch("/sessions/{id}", use: changeSession)
    v1.post("/sessions/{id}/scans", use: scan)
    v1.post("/sessions/{id}/pictures", use: picture)
    v1.post("/sessions/{id}/people", use: addPerson)
    v1.post("/sessions/{id}/undo", use: undo)
    v1.post("/sessions/{id}/take-back", use: takeSessionBack)
    v1.post("/sessions/{id}/takeover", use: takeOver)
    v1.post("/sessions/{id}/close", use: close)
  }

  @Sendable func openSession(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let body = try await request.json()
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      var work = WorkSession()
      try Self.apply(body, to: &work)
      try Self.chooseKit(body, in: &work)
      try await requireOrder(in: work)
      let desk: String? = body[path: "desk"]?.text
      if let desk, desk != core.desk.name {
        throw Problem.malformed("There is no desk '\(desk)'; this station's is \(core.desk.name).", pointer: "/desk")
      }
      let (session, state) = try await core.openSession(work, by: signedIn, desk: desk) { session, work, transaction in
        try key?.keep(try Self.answer(session, work), in: transaction)
      }
      if desk != nil { core.desk.operatorToken = signedIn.token }
      return try Self.answer(session, state)
    }
  }

  @Sendable func session(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let found = try await core.store.read { snapshot in
      try snapshot.session(id).map { ($0, try snapshot.tally(of: id), try snapshot.kitFilling(of: id)) }
    }
    guard let (session, tally, filling) = found else { throw Problem.notFound("session \(id)") }
    let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    var resource = SessionResource(session, work, tally: tally)
    if work.kit != nil { resource.filling = filling.map(KitFillingResource.init) }
    return try .json(resource)
  }

  @Sendable func changeSession(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    guard body[path: "kit"] == nil else {
      throw Problem.malformed(
        "A kit is begun in a session of its own.", pointer: "/kit", remedy: "Begin it: POST /api/v1/sessions/{id}/kit.")
    }
    if let order = body[path: "order"]?.text {
      var asked = WorkSession(workflow: .receive)
      asked.order = order
      try await requireOrder(in: asked)
    }
    let (session, work) = try await core.changeSession(id, by: signedIn) { try Self.apply(body, to: &$0) }
    return try .json(SessionResource(session, work))
  }

  @Sendable func scan(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    let scan = try Self.scan(from: body)
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let outcome = try await core.scan(scan, in: id, by: signedIn) { outcome, transaction in
        try key?.keep(try Self.answer(outcome), in: transaction)
      }
      return try Self.answer(outcome)
    }
  }

  @Sendable func picture(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let buffer = try await request.body.collect(upTo: PictureLimits.fileBytes)
    let bytes = Array(buffer.readableBytesView)
    struct Answer: Encodable {
      let scans: [ScanResource]
      let carton: CartonResource?
    }
    return try await once(request, bytes, by: signedIn) { key in
      let outcome = try await core.scanPicture(bytes, in: id, by: signedIn)
      guard !outcome.scans.isEmpty || outcome.carton != nil else {
        throw Problem(
          .unprocessableContent, "picture.noSymbol", "No symbol found", detail: "No barcode was found in the picture.",
          remedy: "Take it again: closer, sharper, with more light, the whole code in view; or scan or type the code.")
      }
      let answer = Answer(
        scans: outcome.scans.map(ScanResource.init), carton: outcome.carton.map(CartonResource.init))
      let prepared = Prepared(status: .ok, bytes: try CanonicalEncoder().encode(answer, limit: .max))
      // A picture's scans are durable one by one, so its answer can only follow the last.
      if let key { try await core.store.write { try key.keep(prepared, in: $0) } }
      return prepared
    }
  }

  @Sendable func addPerson(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    guard let role = body[path: "role"]?.text.flatMap(SecondPersonRole.init), let badge = body[path: "badge"]?.text,
      let pin = body[path: "pin"]?.text
    else { throw Problem.malformed("role (witness or approver), badge and pin are needed.", pointer: "/role") }
    let (session, work) = try await core.addSecondPerson(role, badge: badge, pin: pin, to: id, by: signedIn)
    return try .json(SessionResource(session, work))
  }

  @Sendable func undo(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let outcome = try await core.undo(in: id, by: signedIn) { outcome, transaction in
        try key?.keep(try Self.answer(outcome), in: transaction)
      }
      return try Self.answer(outcome)
    }
  }

  @Sendable func takeOver(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let (session, work) = try await core.takeOver(try UUIDPath.id("id", in: context), by: signedIn)
    return try .json(SessionResource(session, work))
  }

  @Sendable func close(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let session = try await core.closeSession(try UUIDPath.id("id", in: context), by: signedIn)
    let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    return try .json(SessionResource(session, work))
  }

  // MARK: Reading bodies, writing answers

  private static func apply(_ body: CanonicalJSON, to work: inout WorkSession) throws {
    let before = work.details
    if let workflow = body[path: "workflow"] { work.turn(to: try verb(workflow, pointer: "/workflow")) }
    if let order = body[path: "order"], order != .null {
      guard let number = order.text, work.workflow == .receive else {
        throw Problem.malformed(
          "An order is received: order is its number, as text, and workflow is receive.", pointer: "/order")
      }
      work.receive(number, line: nil)
    }
    if let details = try details(in: body) {
      work.details = work.details.overlaid(with: details)
      work.forgetAcknowledgements(ifOtherThan: before)
    }
  }

  private static func chooseKit(_ body: CanonicalJSON, in work: inout WorkSession) throws {
    guard let kit = body[path: "kit"], kit != .null else { return }
    guard let code = kit.text.flatMap({ KitCode($0) }), work.workflow == .deploy else {
      throw Problem.malformed(
        "A kit is handed out: kit is its code, as text, and workflow is deploy.", pointer: "/kit")
    }
    work.kit = code
  }

  /// Throws the problem when a session is to receive an order that nobody has imported.
  private func requireOrder(in work: WorkSession) async throws {
    guard let number = work.order, try await core.store.read({ try $0.order(number) }) == nil else { return }
    throw Problem.malformed(
      "No order has the number \(number).", pointer: "/order", remedy: "See the orders: GET /api/v1/orders.")
  }

  private static func verb(_ value: CanonicalJSON, pointer: String) throws -> Verb? {
    guard let text = value.text else { throw Problem.malformed("\(pointer) is no text.", pointer: pointer) }
    if text == "lookup" { return nil }
    guard let verb = Verb(rawValue: text) else {
      let known = Verb.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.malformed("'\(text)' is no act; there are lookup, \(known).", pointer: pointer)
    }
    return verb
  }

  /// `pointer` is where the scan stands in the body.
  static func scan(from body: CanonicalJSON, at pointer: String = "") throws -> Scan {
    let raw: [UInt8]
    if let text = body[path: "text"]?.text {
      raw = Array(text.utf8)
    } else if let encoded = body[path: "raw"]?.text {
      guard let data = Data(base64Encoded: encoded) else {
        throw Problem.malformed("raw is not base64.", pointer: pointer + "/raw")
      }
      raw = Array(data)
    } else {
      throw Problem.malformed("A scan has text, or raw bytes in base64.", pointer: pointer + "/text")
    }
    var source = Scan.Source.symbol
    if let given = body[path: "source"] {
      guard let known = given.text.flatMap(Scan.Source.init) else {
        throw Problem.malformed("source is none of symbol, tag, keyed.", pointer: pointer + "/source")
      }
      source = known
    }
    var scan = Scan(
      raw: raw, source: source, symbologyIdentifier: body[path: "symbologyIdentifier"]?.text,
      device: body[path: "device"]?.text ?? "api")
    if let verb = body[path: "verb"] { scan.verb = try Self.verb(verb, pointer: "/verb") }
    if let kind = body[path: "identifierKind"]?.text {
      guard let known = BoundIdentifier.Kind(rawValue: kind) else {
        throw Problem.malformed("'\(kind)' is no kind of identifier.", pointer: "/identifierKind")
      }
      scan.identifierKind = known
    }
    if let details = try details(in: body) { scan.details = details }
    return scan
  }

  /// What a client adds to an act. What somebody acknowledged is never among it: the station takes their word itself, so that
  /// nobody's signature, badge or PIN becomes another's. A client may only take a word out.
  static func details(in body: CanonicalJSON) throws -> CanonicalJSON? {
    guard let details = body[path: "details"] else { return nil }
    guard case .object = details else { throw Problem.malformed("details is no object.", pointer: "/details") }
    for name in WorkSession.words {
      guard let word = details[path: name], word != .null, word != [] else { continue }
      throw Problem.malformed(
        "What somebody acknowledges does not come with the details of a request.", pointer: "/details/" + name,
        remedy: "Leave it out; let them acknowledge in the session: POST /api/v1/sessions/{id}/acknowledgement,"
          + " or scan their badge: CUSTODY:BADGE:….")
    }
    return details
  }

  private static func answer(_ session: StoredSession, _ work: WorkSession) throws -> Prepared {
    Prepared(status: .created, bytes: try CanonicalEncoder().encode(SessionResource(session, work), limit: .max))
  }

  /// A scan's answer. What is no success is a problem that carries the whole answer: the reading was kept all the same.
  static func answer(_ outcome: ScanOutcome) throws -> Prepared {
    let bytes = try CanonicalEncoder().encode(ScanResource(outcome: outcome), limit: .max)
    let status: HTTPResponse.Status
    switch outcome.result {
    case .refused: status = refusalStatus(outcome.code ?? "")
    case .unknown: status = .notFound
    default: return Prepared(status: .ok, bytes: bytes)
    }
    var problem = Problem(
      status, outcome.code ?? "scan.refused", outcome.words, detail: outcome.sentence ?? outcome.words,
      remedy: outcome.remedy ?? "")
    problem.extensions = try CanonicalJSON(bytes: bytes, limit: .max)
    return Prepared(status: status, bytes: try problem.body.bytes(limit: .max))
  }

  /// Forbidden for who may not, unprocessable for what cannot be taken as it was sent, conflict for what does not fit
  /// the asset as it stands.
  private static func refusalStatus(_ code: String) -> HTTPResponse.Status {
    let parts = code.split(separator: ".")
    guard parts.count > 1, let last = parts.last else { return .conflict }
    switch (parts[0], parts[1]) {
    case ("identifier", _), ("scan", "detail"): return .unprocessableContent
    case ("scan", "location"), ("scan", "badge"), ("scan", "order"), ("scan", "kit"): return .notFound
    case ("access", _), ("scan", "approver"), ("custody", "actor"): return .forbidden
    case ("custody", "text"), ("custody", "date"), ("custody", "money"), ("custody", "media"), ("custody", "team"),
      ("custody", "order"):
      return .unprocessableContent
    case ("custody", "identifier"): return last == "taken" ? .conflict : .unprocessableContent
    default: return Self.forbidding.contains(String(last)) ? .forbidden : .conflict
    }
  }

  /// Last words of the codes that say who may not.
  private static let forbidding: Set = ["role", "witnessRole", "approver", "needsManager"]
}
