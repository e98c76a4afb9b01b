import Custody
import CustodyLedger
import Hummingbird
import Kits
import StationStore

extension API {
  func addKits(to v1: RouterGroup<StationContext>) {
    v1.get("/kits", use: kits)
    v1.get("/kits/{code}", use: kit)
    v1.get("/sessions/{id}/kit", use: kitInHand)
    v1.post("/sessions/{id}/kit", use: beginKit)
    v1.delete("/sessions/{id}/kit", use: letKitGo)
    v1.delete("/sessions/{id}/kit/assets/{asset}", use: takeOutOfKit)
    v1.post("/sessions/{id}/kit/hand-over", use: handOverKit)
  }

  @Sendable func kits(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let reports = try await core.store.read { try KitReport.all(in: $0) }
    return try .page(
      Page(items: reports.map { KitResource($0.kit, makeable: $0.makeable) }, next: nil), for: request)
  }

  @Sendable func kit(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let report = try await core.kit(context.parameters.get("code") ?? "")
    return try .json(KitResource(report.kit, makeable: report.makeable))
  }

  @Sendable func kitInHand(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    guard let filling = try await core.store.read({ try $0.kitFilling(of: id) }) else {
      throw Problem.notFound(
        "kit in the session \(id)", remedy: "Begin one: POST /api/v1/sessions/{id}/kit.")
    }
    return try .json(KitFillingResource(filling))
  }

  /// Begins a kit as a scan of its label does.
  @Sendable func beginKit(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    guard let code = try await request.json()[path: "kit"]?.text.flatMap({ KitCode($0) }) else {
      throw Problem.malformed("kit is no code of a kit.", pointer: "/kit", remedy: "See the kits: GET /api/v1/kits.")
    }
    let scan = Scan(raw: Array(code.label.utf8), source: .keyed, device: "api")
    return try Self.answer(try await core.scan(scan, in: id, by: signedIn)).response
  }

  @Sendable func letKitGo(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    return try Self.answer(try await core.letKitGo(in: id, by: signedIn, device: "api")).response
  }

  @Sendable func takeOutOfKit(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let asset: AssetID = try UUIDPath.id("asset", in: context)
    return try Self.answer(try await core.takeOutOfKit(asset, in: id, by: signedIn, device: "api")).response
  }

  /// Hands the kit over: every asset of it has its event, or none has.
  @Sendable func handOverKit(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let body = try await request.json()
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let outcome = try await core.handOverKit(in: id, by: signedIn, device: "api") { outcome, transaction in
        try key?.keep(try Self.answer(outcome), in: transaction)
      }
      return try Self.answer(outcome)
    }
  }
}
