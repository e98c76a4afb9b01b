import Custody
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addImport(to router: Router<StationContext>) {
    router.get("/import", use: importPage)
    router.post("/import", use: lookAtImport)
    router.post("/import/take", use: takeImport)
  }

  /// Most faults that the page spells out.
  private static let mostFaults = 200
  /// What the form holds besides the file, bytes.
  private static let besidesFile = 4096

  @Sendable func importPage(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try await importView(try Self.importKind(request.text("kind")), context)
  }

  /// Looks what would come of the file that was chosen: nothing is written.
  @Sendable func lookAtImport(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let kind = try Self.importKind(request.text("kind"))
    do {
      try signedIn.requireImporting(kind)
      let file = try await Self.chosenFile(request)
      if let other = CatalogueImport.otherKind(of: file, than: kind) {
        throw Problem(file: file, isOf: other, chosenAs: kind)
      }
      let report = try await runImport(kind, file, dryRun: true, by: signedIn)
      // What would change nothing need not be imported.
      let isWaiting = report.result == .imported && report.imported + report.updated > 0
      if isWaiting { pendingImports.add(file, kind, for: signedIn.token) }
      return try await importView(kind, context, report: report, pending: isWaiting ? file.digest : nil)
    } catch let problem as Problem where problem.status.code < 500 {
      return try await importView(kind, context, problem: problem)
    }
  }

  /// Imports the file that was looked at.
  @Sendable func takeImport(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let form = try await request.form()
    let kind = try Self.importKind(form["kind"])
    do {
      try signedIn.requireImporting(kind)
      guard let file = pendingImports.take(form["file"] ?? "", kind, for: signedIn.token) else {
        throw Problem(
          .conflict, "import.notWaiting", "Choose the file again",
          detail: "The file is not here any longer: it was imported, or another one was looked at since.",
          remedy: "Choose it again. What is there already is not imported twice.")
      }
      let report = try await runImport(kind, file, dryRun: false, by: signedIn)
      if report.result == .imported {
        core.recorded.signal()
        core.told.signal()
      }
      return try await importView(kind, context, report: report)
    } catch let problem as Problem where problem.status.code < 500 {
      return try await importView(kind, context, problem: problem)
    }
  }

  private func runImport(
    _ kind: CatalogueImport.Kind, _ file: ImportFile, dryRun: Bool, by signedIn: SignedIn
  ) async throws -> ImportReport {
    var options = CatalogueImport.Options()
    options.dryRun = dryRun
    options.actor = signedIn.actor
    return try await CatalogueImport(kind, into: core.store, options: options).run(file)
  }

  /// The kinds that are imported on the page; assets, which become signed events each, are not.
  private static let importKinds: [CatalogueImport.Kind] = [.people, .locations, .orders, .kits, .consumables]

  private static func importKind(_ text: String?) throws -> CatalogueImport.Kind {
    guard let text else { return .orders }
    guard let kind = CatalogueImport.Kind(rawValue: text), importKinds.contains(kind) else {
      let kinds = importKinds.map(\.rawValue).joined(separator: ", ")
      throw Problem.malformed(
        "kind is one of \(kinds).", pointer: "/kind", remedy: "Go to the list, and choose Import.")
    }
    return kind
  }

  /// The file of the form, as a browser sends it.
  private static func chosenFile(_ request: Request) async throws -> ImportFile {
    let tooLarge = Problem(
      .contentTooLarge, "import.tooLarge", "Too large a file",
      detail: "The file is larger than \(PendingImports.largest >> 20) MB.",
      remedy: "Split it; or import it at the station: custody import.")
    let most = PendingImports.largest + besidesFile
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > most { throw tooLarge }
    guard let type = request.headers[.contentType], type.hasPrefix("multipart/form-data") else {
      throw Problem.malformed("The file comes as multipart/form-data.", pointer: "/Content-Type")
    }
    let body: [UInt8]
    do {
      body = Array(try await request.body.collect(upTo: most).readableBytesView)
    } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
      throw tooLarge
    }
    guard let file = try MultipartForm(contentType: type, body: body).files(named: "file").first else {
      throw Problem.malformed(
        "No file was chosen, or it is empty.", pointer: "/file", remedy: "Choose a CSV file first.")
    }
    return ImportFile(name: String(file.name.prefix(200)), bytes: file.bytes)
  }

  // MARK: The page

  private func importView(
    _ kind: CatalogueImport.Kind, _ context: StationContext, report: ImportReport? = nil, pending: String? = nil,
    problem: Problem? = nil
  ) async throws -> Response {
    let isRefused = report?.result == .refused
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      var view = ImportView(
        shell: try presenter.shell(title: "Import", page: "list"),
        chips: Self.importKinds.map { one in
          ImportView.Chip(label: one.label, href: "/import?kind=\(one.rawValue)", current: one == kind)
        }, kind: kind.rawValue, columns: kind.columns.joined(separator: ", "), list: "/\(kind.rawValue)")
      if context.signedIn?.mayImport(kind) != true {
        view.forbidden = kind == .people ? "Only an admin may import people." : "Only an admin or a manager may import."
      }
      view.problem = problem.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) }
      view.pending = pending
      guard let report else { return view }
      view.name = report.file
      view.problem = ProblemView(report)
      view.notes = report.remarks
      view.lines = report.lines.map { line in
        ImportView.Line(line: line.line, what: line.what, effect: line.effect.label)
      }
      view.faults = report.problems.prefix(Self.mostFaults).map { fault in
        ImportView.Fault(
          line: fault.line, column: fault.column, value: fault.value, reason: fault.reason, remedy: fault.remedy)
      }
      if report.problems.count > Self.mostFaults { view.further = report.problems.count - Self.mostFaults }
      return view
    }
    return try renderer.page("import", view, status: problem?.status ?? (isRefused ? .unprocessableContent : .ok))
  }
}

extension Problem {
  /// A file whose columns are those of another kind than the one that was chosen: where it belongs.
  fileprivate init(file: ImportFile, isOf other: CatalogueImport.Kind, chosenAs kind: CatalogueImport.Kind) {
    self.init(
      .unprocessableContent, "import.otherKind", "These are \(other.label.lowercased())",
      detail: "The file has the columns of \(other.label), and was chosen as \(kind.label). Nothing was imported.",
      remedy: other == .assets
        ? "Each asset becomes a signed event, so assets are imported at the station: custody import \(file.name)"
        : "Choose \(other.label) above, then the file again.", pointer: "/file")
  }
}

extension ProblemView {
  /// What an import came to, or would come to.
  fileprivate init(_ report: ImportReport) {
    let tally = "\(report.imported) new, \(report.updated) changed, \(report.skipped) there already."
    switch report.result {
    case .refused:
      self.init(
        title: "Nothing was imported",
        detail: report.badRows == 0
          ? "The file cannot be read." : "\(report.badRows) of \(counted(report.read, "row")) cannot be taken.",
        remedy: "Correct the file and choose it again.")
    case .imported where report.dryRun && report.imported + report.updated == 0:
      self.init(title: "Nothing to import", detail: "All of it is there already.", isPlain: true)
    case .imported where report.dryRun:
      self.init(title: "Nothing is imported yet", detail: tally, remedy: "Look at it, then import it.", isPlain: true)
    case .imported: self.init(title: "Imported", detail: tally, isPlain: true)
    }
  }
}

extension ImportReport {
  /// What else is worth knowing, a sentence each.
  fileprivate var remarks: [String] {
    var remarks: [String] = []
    if announced > 0 { remarks.append("Announced by number: \(announced).") }
    if !ignoredColumns.isEmpty { remarks.append("Columns passed over: \(ignoredColumns.joined(separator: ", ")).") }
    return remarks + notes
  }
}

extension ImportLine.Effect {
  /// In words.
  fileprivate var label: String {
    switch self {
    case .new: "New"
    case .changed: "Changed"
    case .known: "There already"
    }
  }
}

extension CatalogueImport.Kind {
  /// As its list is called.
  fileprivate var label: String {
    switch self {
    case .assets: "Assets"
    case .people: "People"
    case .orders: "Orders"
    case .locations: "Locations"
    case .kits: "Kits"
    case .consumables: "Consumables"
    }
  }

  /// The names of its columns.
  fileprivate var columns: [String] {
    switch self {
    case .assets: AssetColumn.exported.map(\.name)
    case .people: PersonColumn.allCases.map(\.name)
    case .orders: OrderColumn.allCases.map(\.name)
    case .locations: LocationColumn.allCases.map(\.name)
    case .kits: KitColumn.allCases.map(\.name)
    case .consumables: ConsumableColumn.allCases.map(\.name)
    }
  }
}

extension WayView {
  /// Leads to the page where a file is imported; nil for who may not.
  static func importing(_ kind: CatalogueImport.Kind, by signedIn: SignedIn) -> WayView? {
    signedIn.mayImport(kind) ? WayView(label: "Import", href: "/import?kind=\(kind.rawValue)", isQuiet: true) : nil
  }
}
