import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  func addImports(to v1: RouterGroup<StationContext>) {
    v1.post("/imports", use: importFile)
  }

  /// Largest file that is taken over the network, bytes; a larger one goes by `custody import` on the station itself.
  static let largestImport = 32 << 20

  /// Imports a CSV file: all of it or nothing. Assets are recorded in the name of who is signed in.
  @Sendable func importFile(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try signedIn.requireImporting()
    let kinds = CatalogueImport.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    guard let kind = request.text("kind").flatMap(CatalogueImport.Kind.init) else {
      throw Problem.malformed("kind is one of \(kinds).", pointer: "/kind")
    }
    try signedIn.requireImporting(kind)
    var options = CatalogueImport.Options()
    options.skipBadRows = request.text("skipBadRows") == "true"
    options.createLocations = request.text("createLocations") == "true"
    options.dryRun = request.text("dryRun") == "true"
    options.currency = request.text("currency")
    options.actor = signedIn.actor
    let buffer = try await request.body.collect(upTo: Self.largestImport)
    guard buffer.readableBytes > 0 else {
      throw Problem.malformed("The file is empty.", pointer: "", remedy: "Send the CSV as the body of the request.")
    }
    let file = ImportFile(
      name: String((request.text("name") ?? "import.csv").prefix(200)), bytes: Array(buffer.readableBytesView))
    let report = try await CatalogueImport(kind, into: core.store, options: options).run(file)
    guard report.result == .imported else {
      var problem = Problem(
        .unprocessableContent, "import.refused", "Nothing was imported",
        detail: report.problems.first.map { "Line \($0.line): \($0.reason)" } ?? "The file cannot be read.",
        remedy: report.problems.first?.remedy ?? "Mend the file and send it again.")
      problem.extensions = [
        "report": try CanonicalJSON(bytes: CanonicalEncoder().encode(report, limit: .max), limit: .max)
      ]
      throw problem
    }
    if !report.dryRun {
      core.recorded.signal()
      core.told.signal()
    }
    return try .json(report)
  }
}

extension SignedIn {
  /// Throws why somebody may not import files, or files of a kind.
  func requireImporting(_ kind: CatalogueImport.Kind? = nil) throws(Problem) {
    guard !actor.roles.isDisjoint(with: [.manager, .admin]) else {
      throw Problem.forbidden("Importing", needs: "admin, manager")
    }
    // Who may act as whom is for those who administer people.
    guard kind != .people || actor.roles.contains(.admin) else {
      throw Problem.forbidden("Importing people", needs: "admin")
    }
  }

  /// Whether they may import files of a kind.
  func mayImport(_ kind: CatalogueImport.Kind) -> Bool {
    let needed: Set<Role> = kind == .people ? [.admin] : [.manager, .admin]
    return !actor.roles.isDisjoint(with: needed)
  }
}
