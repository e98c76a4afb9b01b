import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  func addPrinters(to v1: RouterGroup<StationContext>) {
    v1.get("/printers", use: printers)
    v1.post("/printers", use: addPrinter)
    v1.get("/printers/{name}", use: printer)
    v1.delete("/printers/{name}", use: removePrinter)
    v1.post("/printers/{name}/pause", use: pausePrinter)
    v1.post("/printers/{name}/resume", use: resumePrinter)
    v1.post("/printers/{name}/test", use: testPrinter)
    v1.get("/printer-profiles", use: printerProfiles)
  }

  @Sendable func printers(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .page(Page(items: try await core.printerStates(), next: nil), for: request)
  }

  @Sendable func addPrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let body = try await request.json()
    let (name, setting) = try PrinterSetting.named(in: body)
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let state = try await core.setPrinter(name, setting, by: LabelOrderer(signedIn)) { state, transaction in
        try key?.keep(try Self.created(state), in: transaction)
      }
      return try Self.created(state)
    }
  }

  @Sendable func printer(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(try await core.printerState(Self.printerName(in: context)))
  }

  @Sendable func removePrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try await core.removePrinter(Self.printerName(in: context), by: LabelOrderer(signedIn))
    return Response(status: .noContent)
  }

  @Sendable func pausePrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(try await core.pausePrinter(Self.printerName(in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func resumePrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    return try .json(try await core.resumePrinter(Self.printerName(in: context), by: LabelOrderer(signedIn)))
  }

  @Sendable func testPrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let name = Self.printerName(in: context)
    return try await once(request, [], by: signedIn) { key in
      let ordered = try await core.testPrinter(name, by: LabelOrderer(signedIn)) { ordered, transaction in
        try key?.keep(try Self.created(ordered), in: transaction)
      }
      return try Self.created(ordered)
    }
  }

  @Sendable func printerProfiles(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Item: Encodable {
      let id: String
      let name: String
      let language: String
      let dotsPerInch: Int
      let encodesTags: Bool
    }
    let items = core.printers.profiles.map {
      Item(
        id: $0.id, name: $0.name, language: $0.language.rawValue, dotsPerInch: $0.dotsPerInch,
        encodesTags: $0.encodesTags)
    }
    return try .page(Page(items: items, next: nil), for: request)
  }

  static func created(_ value: some Encodable) throws -> Prepared {
    Prepared(status: .created, bytes: try CanonicalEncoder().encode(value, limit: .max))
  }

  private static func printerName(in context: StationContext) -> String {
    let text = context.parameters.get("name") ?? ""
    return text.removingPercentEncoding ?? text
  }
}

extension PrinterSetting {
  /// A printer as clients write it: `{name, address, profile, labels}`. Throws the problem that names what cannot be taken.
  static func named(in body: CanonicalJSON) throws -> (name: String, setting: PrinterSetting) {
    func text(_ member: String) throws -> String {
      guard let value = body[path: member], value != .null else { return "" }
      guard let text = value.text else { throw Problem.malformed("\(member) is no text.", pointer: "/\(member)") }
      return text
    }
    var sizes: [String] = []
    if let value = body[path: "labels"], value != .null {
      guard case .array(let items) = value, items.allSatisfy({ $0.text != nil }) else {
        throw Problem.malformed("labels is a list of sizes, such as 50x25.", pointer: "/labels")
      }
      sizes = items.compactMap(\.text)
    }
    return (
      try text("name"), PrinterSetting(address: try text("address"), profile: try text("profile"), labels: sizes)
    )
  }
}
