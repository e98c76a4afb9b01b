import Custody
import CustodyLedger
import Hummingbird
import StationStore
import StockCounting

extension API {
  func addCounts(to v1: RouterGroup<StationContext>) {
    v1.post("/counts", use: openCount)
    v1.get("/counts", use: counts)
    v1.get("/counts/{id}", use: count)
    v1.get("/counts/{id}/lines", use: countLines)
    v1.get("/counts/{id}/lines.csv", use: countCSV)
    v1.put("/counts/{id}/counters/{counter}", use: reportCounter)
    v1.post("/counts/{id}/observations", use: takeObservations)
    v1.post("/counts/{id}/observations/{observation}/undo", use: takeBackObservation)
    v1.post("/counts/{id}/tags", use: takeTags)
    v1.post("/counts/{id}/close", use: closeCount)
    v1.post("/counts/{id}/accept", use: acceptLines)
    v1.get("/counts/{id}/consumables", use: countedConsumables)
    v1.post("/counts/{id}/consumables/accept", use: acceptConsumables)
    v1.get("/consumables", use: consumables)
    v1.get("/consumables/changes", use: consumableChanges)
  }

  @Sendable func openCount(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let body = try await request.json()
    let recountOf = try body[path: "recountOf"]?.text.map { text in
      guard let id = CountID(text) else {
        throw Problem.malformed("recountOf is no count's id.", pointer: "/recountOf")
      }
      return id
    }
    let former = try await recountOf.asyncMap { try await core.stockCount($0) }
    guard let scope = try body[path: "scope"].map(Self.scope) ?? former?.scope else {
      throw Problem.malformed("scope is needed: location, category or custodian.", pointer: "/scope")
    }
    let blind: Bool
    switch body[path: "blind"] {
    case nil, .null?: blind = former?.blind ?? false
    case .bool(let value)?: blind = value
    default: throw Problem.malformed("blind is true or false.", pointer: "/blind")
    }
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let count = try await core.openCount(scope, blind: blind, recountOf: recountOf, by: signedIn) {
        count, transaction in
        try key?.keep(try Self.answer(count, in: transaction), in: transaction)
      }
      return try await core.store.read { try Self.answer(count, in: $0) }
    }
  }

  private static func answer(_ count: StoredCount, in snapshot: some StoreReading) throws -> Prepared {
    Prepared(
      status: .created, bytes: try CanonicalEncoder().encode(try CountResource(count, in: snapshot), limit: .max))
  }

  private static func scope(_ json: CanonicalJSON) throws -> CountScope {
    do {
      return try CanonicalDecoder().decode(CountScope.self, from: json.bytes(limit: .max))
    } catch {
      throw Problem.malformed(
        "scope has a location's code, a category, or a custodian (person, team or place).", pointer: "/scope")
    }
  }

  @Sendable func counts(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let after = try request.text("after").map { text in
      guard let id = CountID(text) else { throw Problem.malformed("after is no count's id.", pointer: "/after") }
      return id
    }
    let openOnly = request.text("open") == "true"
    let (items, next) = try await core.store.read { snapshot in
      let found = try snapshot.stockCounts(before: after, openOnly: openOnly, limit: limit + 1)
      return (
        try found.prefix(limit).map { try CountResource($0, in: snapshot) },
        found.count > limit ? found[limit - 1].id.description : nil
      )
    }
    return try .page(Page(items: items, next: next), for: request)
  }

  @Sendable func count(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    return try .json(try await core.store.read { try CountResource(count, in: $0) })
  }

  /// Lines, what is odd first. A blind count shows none before it is closed.
  @Sendable func countLines(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let limit = try request.number("limit", default: 50, in: 1...500)
    let result = try Self.result(request.text("result"))
    let after = try request.text("after").map { text in
      guard let subject = CountLine.Subject(path: text) else {
        throw Problem.malformed("after is no line's name.", pointer: "/after")
      }
      return subject
    }
    guard !count.hides else { throw Problem.blindCount }
    let (items, next) = try await core.store.read { snapshot in
      let behind = try after.map { subject in
        guard let line = try snapshot.countLine(of: count.id, about: subject) else {
          throw Problem.malformed("after names no line of this count.", pointer: "/after")
        }
        return line
      }
      let found = try snapshot.countLines(of: count.id, result: result, after: behind, limit: limit + 1)
      return (
        try found.prefix(limit).map { try CountLineResource($0, in: snapshot) },
        found.count > limit ? found[limit - 1].line.subject.path : nil
      )
    }
    return try .page(Page(items: items, next: next), for: request)
  }

  static func result(_ text: String?) throws -> CountLine.Result? {
    guard let text else { return nil }
    guard let result = CountLine.Result(rawValue: text) else {
      throw Problem.malformed("'\(text)' is no result of a count.", pointer: "/result")
    }
    return result
  }

  /// All lines, page by page as they are read.
  @Sendable func countCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    guard !count.hides else { throw Problem.blindCount }
    let export = CountExport(core.store, count)
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/csv; charset=utf-8",
        .contentDisposition: #"attachment; filename="count-\#(count.id).csv""#,
      ],
      body: ResponseBody { writer in
        try await export.write { try await writer.write(ByteBuffer(bytes: $0)) }
        try await writer.finish(nil)
      })
  }

  /// A counter joins, or says anew what it holds: the same again is harmless.
  @Sendable func reportCounter(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: CountID = try UUIDPath.id("id", in: context)
    let counter: CounterID = try UUIDPath.id("counter", in: context)
    let body = try await request.json()
    guard let device = body[path: "device"]?.text, (1...100).contains(device.utf8.count) else {
      throw Problem.malformed("device is needed: 1 to 100 bytes that tell people which it is.", pointer: "/device")
    }
    let held = try Self.held(body)
    let place = try Self.place(body[path: "place"], pointer: "/place")
    try await core.report(counter, device: device, held: held, at: place, in: id, by: signedIn)
    let count = try await core.stockCount(id)
    return try .json(try await core.store.read { try CountResource(count, in: $0) })
  }

  private static func held(_ body: CanonicalJSON) throws -> Int? {
    switch body[path: "held"] {
    case nil, .null?: return nil
    case .integer(let number)? where (0...1_000_000_000).contains(number): return Int(number)
    default: throw Problem.malformed("held is how many observations the device holds still.", pointer: "/held")
    }
  }

  private static func place(_ value: CanonicalJSON?, pointer: String) throws -> LocationCode? {
    guard let value, value != .null else { return nil }
    guard let code = value.text.flatMap(LocationCode.init) else {
      throw Problem.malformed("place is a location's code.", pointer: pointer)
    }
    return code
  }

  /// Takes a batch. Each has its own id, so that a batch that is sent twice counts once; what is refused holds no other back.
  @Sendable func takeObservations(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: CountID = try UUIDPath.id("id", in: context)
    let body = try await request.json(upTo: Self.largestBatch)
    guard let counter = body[path: "counter"]?.text.flatMap(CounterID.init) else {
      throw Problem.malformed("counter is needed: the id under which the counter joined.", pointer: "/counter")
    }
    guard case .array(let items)? = body[path: "observations"] else {
      throw Problem.malformed("observations is needed: a list.", pointer: "/observations")
    }
    guard items.count <= StationCore.mostObservations else {
      throw Problem(
        .contentTooLarge, "count.batch.tooLarge", "Too many at once",
        detail: "The batch has \(items.count) observations; \(StationCore.mostObservations) are taken at once.",
        remedy: "Send them in several batches.", pointer: "/observations")
    }
    let sent = try items.enumerated().map { index, item in
      try Self.observation(item, of: counter, pointer: "/observations/\(index)")
    }
    let taken = try await core.take(
      sent, held: try Self.held(body).map { (counter, $0) }, in: id, by: signedIn)
    let answer = try await core.store.read { snapshot in
      ObservationsAnswer(items: try taken.map { try TakenResource($0, in: snapshot) })
    }
    return try .json(answer)
  }

  /// 10,000 observations of a kilobyte.
  private static let largestBatch = 10 << 20

  private struct ObservationsAnswer: Encodable { let items: [TakenResource] }

  private static func observation(
    _ item: CanonicalJSON, of counter: CounterID, pointer: String
  ) throws -> SentObservation {
    guard let id = item[path: "id"]?.text.flatMap(ObservationID.init) else {
      throw Problem.malformed("An observation has an id of its own, a UUID.", pointer: pointer + "/id")
    }
    guard let at = item[path: "at"]?.text.flatMap(Instant.init) else {
      throw Problem.malformed("at is when it was made, such as 2026-11-21T08:15:30.123Z.", pointer: pointer + "/at")
    }
    guard let text = item[path: "text"]?.text, (1...4096).contains(text.utf8.count) else {
      throw Problem.malformed("text is what was seen, 1 to 4096 bytes.", pointer: pointer + "/text")
    }
    var means = Observation.Means.barcode
    if let word = item[path: "means"]?.text {
      guard let known = Observation.Means(rawValue: word), known != .accepted else {
        throw Problem.malformed("means is barcode, keyed or rfid.", pointer: pointer + "/means")
      }
      means = known
    }
    var sent = SentObservation(
      id: id, counter: counter, at: at, place: try place(item[path: "place"], pointer: pointer + "/place"),
      means: means, text: text, symbologyIdentifier: item[path: "symbologyIdentifier"]?.text)
    switch item[path: "quantity"] {
    case nil, .null?: break
    case .integer(let number)? where (0...Int64(Consumable.mostUnits)).contains(number): sent.quantity = Int(number)
    default:
      throw Problem.malformed(
        "quantity is how many more of a consumable, 0 to \(Consumable.mostUnits).", pointer: pointer + "/quantity")
    }
    if let word = item[path: "undoes"], word != .null {
      guard let former = word.text.flatMap(ObservationID.init) else {
        throw Problem.malformed("undoes is the id of an observation.", pointer: pointer + "/undoes")
      }
      sent.undoes = former
    }
    if means == .rfid {
      guard let tag = item[path: "tag"] else {
        throw Problem.malformed(
          "An RFID read has a tag: reader, count, firstSeen, lastSeen.", pointer: pointer + "/tag")
      }
      do {
        sent.tag = try CanonicalDecoder().decode(Observation.TagEvidence.self, from: tag.bytes(limit: .max))
      } catch {
        throw Problem.malformed(
          "tag has reader, antenna, rssiTenths, count, firstSeen and lastSeen.", pointer: pointer + "/tag")
      }
    }
    return sent
  }

  /// Takes what the station's readers see now as one batch of RFID observations.
  @Sendable func takeTags(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Answer: Encodable { let observations: Int }
    let signedIn = try context.requireSignedIn()
    return try .json(
      Answer(observations: try await core.takeTags(in: try UUIDPath.id("id", in: context), by: signedIn)))
  }

  @Sendable func closeCount(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: CountID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    let count = try await core.closeCount(id, anyway: body[path: "anyway"] == .bool(true), by: signedIn)
    return try .json(try await core.store.read { try CountResource(count, in: $0) })
  }

  /// Accepts the lines that are named, or all of one result that people have not accepted.
  @Sendable func acceptLines(_ request: Request, _ context: StationContext) async throws -> Response {
    struct Answer: Encodable { let items: [AcceptedResource] }
    let signedIn = try context.requireSignedIn()
    let id: CountID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    let subjects: [CountLine.Subject]
    if case .array(let lines)? = body[path: "lines"] {
      subjects = try lines.enumerated().map { index, line in
        guard let subject = line.text.flatMap(CountLine.Subject.init(path:)) else {
          throw Problem.malformed("A line is named by an asset's id, or code: and a code.", pointer: "/lines/\(index)")
        }
        return subject
      }
    } else if let result = try Self.result(body[path: "result"]?.text) {
      subjects = try await core.acceptable(of: id, result)
    } else {
      throw Problem.malformed("lines or a result is needed.", pointer: "/lines")
    }
    guard subjects.count <= StationCore.mostObservations else {
      throw Problem.malformed("At most \(StationCore.mostObservations) lines are accepted at once.", pointer: "/lines")
    }
    let outcomes = try await core.accept(subjects, of: id, by: signedIn, try Self.answer(body))
    return try .json(Answer(items: outcomes.map { AcceptedResource($0.subject, $0.outcome) }))
  }
}

extension API {
  /// What is said with accepting lines, the same for all that are named.
  private static func answer(_ body: CanonicalJSON) throws -> CountLine.Answer {
    func text(_ member: String) throws -> String? {
      switch body[path: member] {
      case nil, .null?: return nil
      case .string(let text)?: return text
      default: throw Problem.malformed("\(member) is a text.", pointer: "/\(member)")
      }
    }
    var answer = CountLine.Answer(condition: try text("condition"), outcome: try text("outcome"))
    if let word = try text("way") {
      guard let way = CountLine.Way(rawValue: word) else {
        throw Problem.malformed(
          "way is one of \(CountLine.Way.allCases.map(\.rawValue).joined(separator: ", ")).", pointer: "/way")
      }
      answer.way = way
    }
    switch body[path: "missingAccessories"] {
    case nil, .null?: break
    case .array(let items)?:
      answer.missingAccessories = try items.enumerated().map { index, item in
        guard let text = item.text else {
          throw Problem.malformed("An accessory is a text.", pointer: "/missingAccessories/\(index)")
        }
        return text
      }
    default: throw Problem.malformed("missingAccessories is a list.", pointer: "/missingAccessories")
    }
    switch body[path: "sealIntact"] {
    case nil, .null?: break
    case .bool(let isIntact)?: answer.sealIntact = isIntact
    default: throw Problem.malformed("sealIntact is true or false.", pointer: "/sealIntact")
    }
    return answer
  }
}

/// What became of one observation.
private struct TakenResource: Encodable {
  let id: ObservationID
  /// `counted`, `again`, `late` or `refused`.
  let outcome: String
  let code: String?
  let detail: String?
  let remedy: String?
  let line: CountLineResource?
  /// Where the count has the consumable, and how much was counted there; absent where it is none.
  let consumables: [ConsumableLineResource]?

  init(_ taken: TakenObservation, in snapshot: some StoreReading) throws {
    id = taken.id
    let refusal: Refusal?
    switch taken.taking {
    case .count: (outcome, refusal) = ("counted", nil)
    case .again: (outcome, refusal) = ("again", nil)
    case .keepLate(let why): (outcome, refusal) = ("late", why)
    case .refuse(let why): (outcome, refusal) = ("refused", why)
    }
    (code, detail, remedy) = (refusal?.code, refusal?.sentence, refusal?.remedy)
    line = try taken.line.map { try CountLineResource($0, in: snapshot) }
    consumables = taken.consumables.isEmpty ? nil : taken.consumables.map(ConsumableLineResource.init)
  }
}

/// What became of one line.
private struct AcceptedResource: Encodable {
  let line: String
  /// `recorded`, `noted` or `refused`.
  let outcome: String
  let event: EventID?
  let code: String?
  let detail: String?
  let remedy: String?

  init(_ subject: CountLine.Subject, _ acceptance: CountAcceptance) {
    line = subject.path
    switch acceptance {
    case .recorded(let recorded): (outcome, event, code, detail, remedy) = ("recorded", recorded.eventID, nil, nil, nil)
    case .noted: (outcome, event, code, detail, remedy) = ("noted", nil, nil, nil, nil)
    case .refused(let refusal):
      (outcome, event, code, detail, remedy) = ("refused", nil, refusal.code, refusal.sentence, refusal.remedy)
    }
  }
}

extension StationCore {
  /// The lines of one result that nobody has accepted yet.
  func acceptable(of id: CountID, _ result: CountLine.Result) async throws -> [CountLine.Subject] {
    let most = Self.mostObservations
    return try await store.read { try $0.acceptable(of: id, result: result, limit: most).map(\.line.subject) }
  }
}

extension Problem {
  /// A blind count does not say what it expects.
  static let blindCount = Problem(
    .conflict, "count.blind", "Blind count", detail: "The count is blind: what it expects is shown once it is closed.",
    remedy: "Close it, then look.")
}

extension Optional {
  fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
    guard let self else { return nil }
    return try await body(self)
  }
}
