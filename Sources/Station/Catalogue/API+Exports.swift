import Hummingbird

extension API {
  func addExports(to v1: RouterGroup<StationContext>) {
    v1.get("/export/{kind}", use: exportCatalogue)
  }

  /// All of a kind, as CSV that an import takes back, or as JSON; page by page as it is read. What people may do is for those
  /// who answer for it.
  @Sendable func exportCatalogue(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let name = context.parameters.get("kind") ?? ""
    guard let kind = CatalogueExport.Kind(rawValue: name) else {
      throw Problem.notFound(
        "export of \(name.prefix(80))",
        remedy: "There is one of \(CatalogueExport.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    guard let format = CatalogueExport.Format(rawValue: request.text("format") ?? "csv") else {
      throw Problem.malformed("format is csv or json.", pointer: "/format")
    }
    let (export, withAccess) = (CatalogueExport(from: core.store), signedIn.maySeeAccess)
    return Response(
      status: .ok,
      headers: [
        .contentType: format == .csv ? "text/csv; charset=utf-8" : "application/json",
        .contentDisposition: "attachment; filename=\"\(kind.rawValue).\(format.rawValue)\"",
      ],
      body: ResponseBody { writer in
        try await export.write(kind, as: format, withAccess: withAccess) {
          try await writer.write(ByteBuffer(bytes: $0))
        }
        try await writer.finish(nil)
      })
  }
}
