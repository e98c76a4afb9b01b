import Custody
import Hummingbird
import StationStore

extension DeskPages {
  func addFollowUps(to router: Router<StationContext>) {
    router.get("/follow-ups", use: followUps)
    router.get("/follow-ups.csv", use: followUpsCSV)
    router.post("/follow-ups/{id}/settle", use: settleFollowUp)
  }

  private static let followUpsOnPage = 50

  @Sendable func followUps(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let before = try request.number("before", default: Int.max, in: 0...Int.max)
    return try await followUpPage(
      context, withSettled: request.text("settled") == "true", order: request.text("order"), before: Int64(before))
  }

  /// Every follow-up that the page would list, the newest first.
  @Sendable func followUpsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, withSettled, order) = (core, request.text("settled") == "true", request.text("order"))
    let columns = [
      "followUp", "kind", "what", "words", "quantity", "tag", "serial", "code", "order", "line", "at", "by",
      "settledAt",
      "settledBy", "settlement",
    ]
    return Self.csv(named: "follow-ups.csv", columns) { (before: Int64?) in
      try await core.store.read { snapshot -> CSVPage<Int64> in
        let found = try snapshot.followUps(
          before: before ?? .max, openOnly: !withSettled, order: order, limit: Self.listedAtOnce)
        let rows = try found.map { one -> [String?] in
          let asset = try one.asset.flatMap { try snapshot.asset($0) }
          let code = one.raw.map { TextPiece.plain(TextPiece.pieces(of: $0)) }
          return [
            "\(one.id)", one.kind, FollowUpKind(rawValue: one.kind)?.label, one.words, "\(one.quantity)", asset?.tag,
            asset?.serial, code, one.order,
            one.line.map { "\($0)" }, one.at.description, try snapshot.personName(one.person),
            one.settledAt?.description, try snapshot.personName(one.settledBy), one.settlement,
          ]
        }
        return (rows, found.count == Self.listedAtOnce ? found.last?.id : nil)
      }
    }
  }

  @Sendable func settleFollowUp(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    guard let id = Int64(context.parameters.get("id") ?? "") else { throw Problem.notFound("follow-up") }
    let form = try await request.form()
    do {
      _ = try await core.settleFollowUp(id, form["words"] ?? "", by: signedIn)
      return Response(status: .seeOther, headers: [.location: "/follow-ups"])
    } catch let problem as Problem where problem.status != .notFound && problem.status.code < 500 {
      return try await followUpPage(context, withSettled: false, order: nil, before: .max, refused: (id, problem))
    }
  }

  private func followUpPage(
    _ context: StationContext, withSettled: Bool, order: String?, before: Int64,
    refused: (id: Int64, problem: Problem)? = nil
  ) async throws -> Response {
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let found = try snapshot.followUps(
        before: before, openOnly: !withSettled, order: order, limit: Self.followUpsOnPage + 1)
      let rows = try found.prefix(Self.followUpsOnPage).map { one in
        try FollowUpRow(one, in: snapshot, presenter.moments, problem: refused?.id == one.id ? refused?.problem : nil)
      }
      let filters = [("settled", withSettled ? "true" : nil), ("order", order)]
      return FollowUpListView(
        shell: try presenter.shell(title: "Follow-ups", page: "list"), rows: rows, withSettled: withSettled,
        order: order, csv: "/follow-ups.csv" + Self.query(filters),
        paging: PagingView(
          words: "\(rows.count) shown", previous: before == .max ? nil : "/follow-ups" + Self.query(filters),
          next: found.count > rows.count
            ? rows.last.map { "/follow-ups" + Self.query(filters + [("before", "\($0.id)")]) } : nil))
    }
    return try renderer.page("follow-ups", view, status: refused?.problem.status ?? .ok)
  }
}

extension FollowUpRow {
  fileprivate init(
    _ one: FollowUp, in snapshot: any StoreReading, _ moments: Moments, problem: Problem?
  ) throws {
    let kind = FollowUpKind(rawValue: one.kind)
    let asset = try one.asset.flatMap { try snapshot.asset($0) }
    id = one.id
    icon = kind?.icon ?? "warning"
    label = kind?.label ?? one.kind
    words = one.words
    text = one.raw.map { TextPiece.pieces(of: $0) } ?? []
    self.asset = asset?.displayName
    href = asset?.href
    order = one.order
    orderHref = one.order.map { OrderReport.href($0) }
    at = moments.view(one.at)
    by = try one.person.flatMap { try snapshot.person($0)?.name } ?? one.doorway ?? "—"
    reading = one.raw == nil ? nil : one.reading.map(String.init)
    isOpen = one.settledAt == nil
    settlement = try one.settledAt.map { moment in
      // A code that an asset came to carry by another way than a scan here was settled by nobody.
      let by = try one.settledBy.map { try snapshot.person($0)?.name ?? "a person no longer named" }
      let how = [by, moments.dated(moment)].compactMap(\.self).joined(separator: ", ")
      return "\(one.settlement ?? "") (\(how))"
    }
    self.problem = problem.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) }
  }
}
