import CartonReading
import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  func addCartons(to v1: RouterGroup<StationContext>) {
    v1.get("/sessions/{id}/carton", use: carton)
    v1.post("/sessions/{id}/carton", use: layCarton)
    v1.delete("/sessions/{id}/carton", use: setAside)
    v1.post("/sessions/{id}/carton/receive", use: receiveCarton)
    v1.post("/sessions/{id}/corrections", use: correct)
    v1.get("/corrections", use: corrections)
    v1.delete("/corrections/{id}", use: forgetCorrection)
  }

  @Sendable func carton(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    guard let carton = try await core.carton(in: try UUIDPath.id("id", in: context)) else { throw Problem.noCarton }
    return try .json(CartonResource(carton))
  }

  /// Takes a burst of scans as the codes of one carton.
  @Sendable func layCarton(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    guard case .array(let given)? = body[path: "scans"], (1...DeskCarton.mostMarks).contains(given.count) else {
      throw Problem.malformed("scans are the 1 to \(DeskCarton.mostMarks) codes of one carton.", pointer: "/scans")
    }
    let scans = try given.enumerated().map { place, each in
      let scan = try Self.scan(from: each, at: "/scans/\(place)")
      guard (1...DeskCarton.largestMark).contains(scan.raw.count) else {
        throw Problem.malformed(
          "A code of a carton has 1 to \(DeskCarton.largestMark) bytes.", pointer: "/scans/\(place)")
      }
      return scan
    }
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let carton = try await core.lay(burst: scans, in: id, by: signedIn) { carton, transaction in
        try key?.keep(try Self.answer(carton), in: transaction)
      }
      return try Self.answer(carton)
    }
  }

  @Sendable func setAside(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try await core.setCartonAside(in: try UUIDPath.id("id", in: context), by: signedIn)
    return Response(status: .noContent)
  }

  /// Receives the carton as it is shown, with what the request adds.
  @Sendable func receiveCarton(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    let details = try Self.details(in: body) ?? [:]
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      guard let shown = try await core.carton(in: id) else { throw Problem.noCarton }
      let outcome = try await core.scan(.confirmation(of: shown, details: details), in: id, by: signedIn) {
        outcome, transaction in
        try key?.keep(try Self.answer(outcome), in: transaction)
      }
      return try Self.answer(outcome)
    }
  }

  @Sendable func correct(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    guard case .integer(let mark)? = body[path: "mark"] else {
      throw Problem.malformed("mark is the number of a mark of the carton.", pointer: "/mark")
    }
    var part: Int64 = 0
    if let given = body[path: "part"] {
      guard case .integer(let number) = given else { throw Problem.malformed("part is no number.", pointer: "/part") }
      part = number
    }
    guard let field = body[path: "field"]?.text.flatMap(CartonField.init) else {
      let known = CartonField.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.malformed("field is one of \(known).", pointer: "/field")
    }
    let choice = DeskCarton.Choice(
      mark: Int(mark), part: Int(part), field: field, value: body[path: "value"]?.text, by: signedIn.person.id,
      name: signedIn.person.name)
    let product = body[path: "model"]?.text.map {
      KnownProduct(manufacturer: body[path: "manufacturer"]?.text, model: $0)
    }
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let (carton, _) = try await core.correct(choice, product: product, in: id, by: signedIn) { carton, transaction in
        try key?.keep(try Self.answer(carton), in: transaction)
      }
      return try Self.answer(carton)
    }
  }

  private static func answer(_ carton: CartonOnDesk) throws -> Prepared {
    Prepared(status: .created, bytes: try CanonicalEncoder().encode(CartonResource(carton), limit: .max))
  }

  /// What holds; with `ended=true` also what has been said otherwise or taken back since.
  @Sendable func corrections(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    if let text = request.text("ended"), text != "true", text != "false" {
      throw Problem.malformed("ended is '\(text)', not true or false.", pointer: "/ended")
    }
    let kept = try await core.store.read { try $0.corrections(ended: request.text("ended") == "true") }
    return try .page(Page(items: kept.map(CorrectionResource.init), next: nil), for: request)
  }

  @Sendable func forgetCorrection(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try await core.forgetCorrection(context.parameters.get("id") ?? "", by: signedIn)
    return Response(status: .noContent)
  }
}

/// A carton as the API shows it: the picture, its marks, and what they mean.
struct CartonResource: Encodable {
  let picture: EvidenceReference?
  let width: Int
  let height: Int
  let marks: [MarkResource]
  let findings: [FindingResource]
  let conflicts: [ConflictResource]
  let leftovers: [LeftoverResource]
  let products: [ProductResource]
  let settled: Bool

  struct MarkResource: Encodable {
    let raw: String
    let text: String
    let symbology: String
    let symbologyIdentifier: String?
    let corners: [[Int]]
    let reading: Int64
  }

  struct SourceResource: Encodable {
    let mark: Int
    let part: Int
  }

  struct FindingResource: Encodable {
    let field: CartonField
    let value: String
    let reason: String
    let confidence: String
    let sources: [SourceResource]
  }

  struct ConflictResource: Encodable {
    let words: String
    let candidates: [FindingResource]
  }

  struct LeftoverResource: Encodable {
    let text: String
    let reason: String
    let source: SourceResource
  }

  struct ProductResource: Encodable {
    let manufacturer: String?
    let model: String
    let partNumber: String?
    let order: String?
    let line: Int?
  }

  init(_ shown: CartonOnDesk) {
    let (carton, reading) = (shown.carton, shown.reading)
    func sources(_ parts: [CartonPart]) -> [SourceResource] {
      parts.flatMap { part in
        carton.marks.indices.filter { carton.marks[$0].symbol == part.symbol }.map {
          SourceResource(mark: $0, part: part.number)
        }
      }
    }
    func finding(_ finding: Finding) -> FindingResource {
      FindingResource(
        field: finding.field, value: finding.value, reason: finding.reason.words, confidence: finding.confidence.name,
        sources: sources(finding.sources))
    }
    picture = carton.picture
    width = carton.width
    height = carton.height
    marks = carton.marks.map { mark in
      MarkResource(
        raw: mark.raw, text: mark.symbol.text, symbology: mark.symbology,
        symbologyIdentifier: mark.symbologyIdentifier, corners: mark.corners, reading: mark.reading)
    }
    findings = reading.findings.map(finding)
    conflicts = reading.conflicts.map { ConflictResource(words: $0.words, candidates: $0.candidates.map(finding)) }
    leftovers = reading.leftovers.flatMap { leftover in
      sources([leftover.part]).map {
        LeftoverResource(text: leftover.part.text, reason: leftover.words, source: $0)
      }
    }
    products = reading.products.map { product in
      ProductResource(
        manufacturer: product.manufacturer, model: product.model, partNumber: product.partNumber,
        order: product.order, line: product.line)
    }
    settled = reading.isSettled
  }
}

/// A correction as the API shows it.
struct CorrectionResource: Encodable {
  let id: Int64
  let manufacturer: String
  let model: String
  let field: CartonField
  let example: String
  let by: String
  let person: PersonID
  let at: Instant
  let endedAt: Instant?
  let endedBy: PersonID?

  init(_ kept: KeptCorrection) {
    id = kept.id
    manufacturer = kept.correction.manufacturer
    model = kept.correction.model
    field = kept.correction.field
    example = kept.example
    by = kept.correction.by
    person = kept.person
    at = kept.at
    endedAt = kept.ended?.at
    endedBy = kept.ended?.by
  }
}
