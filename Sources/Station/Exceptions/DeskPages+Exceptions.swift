import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addExceptions(to router: Router<StationContext>) {
    router.get("/exceptions", use: exceptions)
    router.get("/exceptions.csv", use: exceptionsCSV)
    router.post("/exceptions/{id}/settle", use: settle)
  }

  private static let exceptionsOnPage = 25

  @Sendable func exceptions(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let before = try request.number("before", default: Int.max, in: 0...Int.max)
    return try await exceptionPage(context, withSettled: request.text("settled") == "true", before: Int64(before))
  }

  /// Everything that the page would list, the newest first.
  @Sendable func exceptionsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, clock, withSettled) = (core, core.clock, request.text("settled") == "true")
    let columns = [
      "exception", "kind", "what", "subject", "asset", "openedAt", "sentence", "claims", "meanwhile", "settledAt",
      "ended",
    ]
    return Self.csv(named: "exceptions.csv", columns) { (before: Int64?) in
      try await core.store.read { snapshot -> CSVPage<Int64> in
        let found = try snapshot.discrepancies(
          before: before ?? .max, openOnly: !withSettled, limit: Self.listedAtOnce)
        let rows = try found.map { recorded -> [String?] in
          let report = try ExceptionReport(recorded, in: snapshot, moments: Moments(clock: clock))
          let kind = recorded.discrepancy.kind
          let claims = report.claims.map { "\($0.what) by \($0.who), \($0.event.wallClock): \($0.standing)" }
          return [
            "\(recorded.id)", kind.rawValue, kind.label, report.subject, report.asset?.description,
            recorded.openedAt.description, kind.sentence, claims.joined(separator: "; "), report.meanwhile,
            recorded.settledAt?.description, report.ended,
          ]
        }
        return (rows, found.count == Self.listedAtOnce ? found.last?.id : nil)
      }
    }
  }

  @Sendable func settle(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id = try API.exceptionID(context)
    let form = try await request.form()
    var settling = Settling()
    settling.holds = form["holds"]
    settling.identity = form["identity"].flatMap(SettleDetails.Identity.init)
    settling.reason = form["reason"] ?? ""
    if let badge = form["badge"], !badge.isEmpty { settling.second = .init(badge: badge, pin: form["pin"] ?? "") }
    do {
      _ = try await core.settle(id, settling, by: signedIn)
      return Response(status: .seeOther, headers: [.location: "/exceptions?settled=true#exception-\(id)"])
    } catch let problem as Problem where problem.status != .notFound && problem.status.code < 500 {
      return try await exceptionPage(context, withSettled: false, before: .max, refused: (id, problem, settling))
    }
  }

  private func exceptionPage(
    _ context: StationContext, withSettled: Bool, before: Int64,
    refused: (id: Int64, problem: Problem, settling: Settling)? = nil
  ) async throws -> Response {
    let forbidden = context.signedIn.flatMap { Verb.settle.refusal(forRoles: $0.actor.roles) }
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let found = try snapshot.discrepancies(
        before: before, openOnly: !withSettled, limit: Self.exceptionsOnPage + 1)
      let rows = try found.prefix(Self.exceptionsOnPage).map { recorded in
        let report = try ExceptionReport(recorded, in: snapshot, moments: presenter.moments)
        return ExceptionRow(
          report, presenter.moments, forbidden: forbidden, refused: refused?.id == recorded.id ? refused : nil)
      }
      let settled = withSettled ? "settled=true&" : ""
      return ExceptionListView(
        shell: try presenter.shell(title: "Exceptions", page: "list"), rows: rows, withSettled: withSettled,
        csv: "/exceptions.csv" + (withSettled ? "?settled=true" : ""),
        paging: PagingView(
          words: "\(rows.count) shown",
          previous: before == .max ? nil : "/exceptions" + (withSettled ? "?settled=true" : ""),
          next: found.count > rows.count ? rows.last.map { "/exceptions?\(settled)before=\($0.id)" } : nil))
    }
    return try renderer.page("exceptions", view, status: refused?.problem.status ?? .ok)
  }
}

extension ExceptionRow {
  fileprivate init(
    _ report: ExceptionReport, _ moments: Moments, forbidden: Refusal?,
    refused: (id: Int64, problem: Problem, settling: Settling)?
  ) {
    let recorded = report.recorded
    let kind = recorded.discrepancy.kind
    id = recorded.id
    label = kind.label
    subject = report.subject
    href = report.asset.map { "/assets/\($0)" }
    sentence = kind.sentence
    meanwhile = report.meanwhile
    opened = moments.view(recorded.openedAt)
    ended = report.ended
    let isOpen = recorded.settledBy == nil
    self.forbidden = isOpen ? forbidden?.remedy : nil
    let canSettle = isOpen && forbidden == nil
    claims = report.claims.map { claim in
      let event = claim.event
      return ClaimView(
        event: event.eventID.description, icon: event.verb.icon, what: claim.what, standing: claim.standing,
        who: claim.who, at: moments.view(event.wallClock), place: claim.place, note: claim.note,
        station: "\(event.chainName), entry \(event.seq)", href: "/assets/\(event.asset)#event-\(event.eventID)",
        counts: claim.counts && isOpen, canChoose: canSettle && kind.isAboutStanding,
        chosen: refused?.settling.holds == event.eventID.description)
    }
    guard canSettle else { return }
    form = SettlementForm(
      button: kind.isAboutStanding || kind == .identityQuestion ? "Settle" : "Acknowledge",
      asksIdentity: kind == .identityQuestion, isSame: refused?.settling.identity == .same,
      isDifferent: refused?.settling.identity == .different, needsTwoPeople: kind.needsTwoPeople,
      reason: refused?.settling.reason ?? "", badge: refused?.settling.second?.badge ?? "",
      problem: refused.map {
        ProblemView(title: $0.problem.title, detail: $0.problem.detail, remedy: $0.problem.remedy)
      })
  }
}
