import Custody
import CustodyLedger
import Hummingbird
import Kits
import StationStore

extension DeskPages {
  func addKits(to router: Router<StationContext>) {
    router.get("/kits", use: kits)
    router.get("/kits.csv", use: kitsCSV)
    router.get("/kits/{code}", use: kit)
    router.post("/kits/{code}/begin", use: beginKit)
    router.post("/desk/kit/hand-over", use: handOverKit)
    router.post("/desk/kit/take-out", use: takeOutOfKit)
    router.post("/desk/kit/let-go", use: letKitGo)
  }

  // MARK: The kits there are

  @Sendable func kits(_ request: Request, _ context: StationContext) async throws -> Response {
    let mayImport = try context.requireSignedIn().mayImport(.kits)
    let view = try await core.store.read { snapshot in
      KitListView(
        shell: try presenter(snapshot, context).shell(title: "Kits", page: "list"),
        rows: try KitReport.all(in: snapshot).map { report in
          KitRowView(
            code: report.kit.code.text, href: "/kits/\(report.kit.code)", title: report.kit.title,
            slots: (report.kit.slots.map { $0.quantity > 1 ? "\($0.quantity) × \($0.title)" : $0.title }
              + report.kit.licences.map(\.product)).joined(separator: ", "),
            label: report.kit.code.label, makeable: Self.words(ofMakeable: report.makeable))
        }, mayImport: mayImport)
    }
    return try renderer.page("kits", view)
  }

  @Sendable func kit(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let report = try await core.kit(context.parameters.get("code") ?? "")
    let kit = report.kit
    let view = try await core.store.read { snapshot in
      KitPageView(
        shell: try presenter(snapshot, context).shell(title: "Kit \(kit.code)", page: "list"), code: kit.code.text,
        title: kit.title, label: kit.code.label,
        labelPage: "/labels/kit-100x50" + Self.query([("kit", kit.code.text)]),
        makeable: Self.words(ofMakeable: report.makeable),
        mayDeploy: Verb.deploy.refusal(forRoles: signedIn.actor.roles) == nil,
        slots: kit.slots.enumerated().map { index, slot in
          KitSlotView(
            number: index + 1, title: slot.title, wanted: slot.wanted, quantity: slot.quantity,
            isOptional: slot.isOptional)
        }, licences: kit.licences.map(KitLicenceView.init))
    }
    return try renderer.page("kit", view)
  }

  private static func words(ofMakeable count: Int) -> String {
    count == 0 ? "Something is not in stock" : "\(count) from stock"
  }

  /// All kits as an import reads them.
  @Sendable func kitsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    var bytes: [UInt8] = []
    _ = try await CatalogueExport(from: core.store).kits(as: .csv) { bytes += $0 }
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"kits.csv\"",
      ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  // MARK: The kit in hand

  /// Begins the kit at the desk, as a scan of its label does.
  @Sendable func beginKit(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let code = context.parameters.get("code") ?? ""
      try await core.deskScan(
        Scan(raw: Array("CUSTODY:KIT:\(code)".utf8), source: .keyed, device: "page"), by: signedIn)
      return nil
    }
  }

  @Sendable func handOverKit(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      _ = try await core.handOverKit(in: try await session(for: signedIn), by: signedIn, device: "page")
      return nil
    }
  }

  @Sendable func takeOutOfKit(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      guard let asset = try await request.form()["asset"].flatMap(AssetID.init) else {
        throw Problem.malformed("asset is no id.", pointer: "/asset")
      }
      _ = try await core.takeOutOfKit(asset, in: try await session(for: signedIn), by: signedIn, device: "page")
      return nil
    }
  }

  @Sendable func letKitGo(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      _ = try await core.letKitGo(in: try await session(for: signedIn), by: signedIn, device: "page")
      return nil
    }
  }
}
