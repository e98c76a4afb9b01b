import Custody
import Hummingbird
import StationStore

extension DeskPages {
  func addDocuments(to router: Router<StationContext>) {
    router.get("/assets/{id}/documents/{event}", use: document)
  }

  /// The paper that an event gives, as a PDF; where something does not fit on it, the form with what it says.
  @Sendable func document(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let event = context.parameters.get("event").flatMap(EventID.init)
    guard let id = context.parameters.get("id").flatMap(AssetID.init), let event else {
      throw Problem.notFound("such document", remedy: "Look at the asset's page.")
    }
    let document = try await core.store.read { snapshot -> CustodyDocument? in
      guard let asset = try snapshot.asset(id),
        let row = try snapshot.entries(of: id).first(where: { $0.event.eventID == event })
      else { return nil }
      let documents = CustodyDocuments(
        snapshot: snapshot, moments: Moments(clock: core.clock), base: core.options.labelURL)
      return try documents.document(of: row, asset)
    }
    guard let document, let template = try await core.labels.template(document.template) else {
      throw Problem.notFound("document of that event", remedy: "Look at the asset's page.")
    }
    switch try await core.labels.pdf(template, document.values, at: core.clock.now()) {
    case .made(let pdf):
      let number = document.values.fields["number"] ?? document.values.fields["order"] ?? "\(event)"
      let name = String(number.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
      return Self.answer(pdf, "application/pdf", name: "\(template.id)-\(name).pdf")
    case .refused:
      return try await labelPage(LabelForm(template, values: document.values), of: template, chosen: [:], context)
    }
  }
}
