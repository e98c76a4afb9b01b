import CartonReading
import Custody
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addCorrections(to router: Router<StationContext>) {
    router.get("/corrections", use: corrections)
    router.get("/corrections.csv", use: correctionsCSV)
    router.post("/corrections/{id}/forget", use: forgetCorrection)
  }

  /// Most corrections that the page shows.
  private static let mostCorrections = 200

  @Sendable func corrections(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let withEnded = request.text("ended") == "true"
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let refusal = Result { () throws(Problem) in try signedIn.requireReceiving("Forgetting a correction") }
      let forbidden: String? = if case .failure(let problem) = refusal { problem.detail } else { nil }
      let kept = try snapshot.corrections(ended: withEnded).reversed()
      let rows = try kept.prefix(Self.mostCorrections).map { kept in
        CorrectionRow(
          id: kept.id, model: kept.correction.modelName, field: kept.correction.field.label,
          text: TextPiece.pieces(of: Array(kept.example.utf8)), by: kept.correction.by,
          at: presenter.moments.view(kept.at),
          ended: try kept.ended.map { end in
            CorrectionEnd(
              by: try snapshot.person(end.by)?.name ?? "a person no longer named", at: presenter.moments.view(end.at))
          }, mayForget: kept.ended == nil && forbidden == nil)
      }
      return CorrectionListView(
        shell: try presenter.shell(title: "Corrections", page: "list"), rows: rows, withEnded: withEnded,
        csv: "/corrections.csv" + (withEnded ? "?ended=true" : ""),
        further: kept.count > rows.count ? kept.count - rows.count : nil, forbidden: rows.isEmpty ? nil : forbidden)
    }
    return try renderer.page("corrections", view)
  }

  /// Every correction that the page would list, the newest first.
  @Sendable func correctionsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, withEnded) = (core, request.text("ended") == "true")
    let columns = ["correction", "manufacturer", "model", "field", "example", "by", "at", "endedAt", "endedBy"]
    return Self.csv(named: "corrections.csv", columns) { (_: Int?) in
      try await core.store.read { snapshot -> CSVPage<Int> in
        let rows = try snapshot.corrections(ended: withEnded).reversed().map { kept -> [String?] in
          let said = kept.correction
          return [
            "\(kept.id)", said.manufacturer, said.model, said.field.rawValue,
            TextPiece.plain(TextPiece.pieces(of: Array(kept.example.utf8))), said.by, kept.at.description,
            kept.ended?.at.description, try snapshot.personName(kept.ended?.by),
          ]
        }
        return (rows, nil)
      }
    }
  }

  @Sendable func forgetCorrection(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try await core.forgetCorrection(context.parameters.get("id") ?? "", by: signedIn)
    return Response(status: .seeOther, headers: [.location: "/corrections"])
  }
}
