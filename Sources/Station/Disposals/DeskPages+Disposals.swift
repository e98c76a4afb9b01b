import Custody
import CustodyLedger
import DisposalOrders
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addDisposals(to router: Router<StationContext>) {
    router.get("/disposals", use: disposals)
    router.get("/disposals.csv", use: disposalsCSV)
    router.post("/disposals", use: newDisposal)
    router.get("/disposals/{number}", use: disposal)
    router.post("/disposals/{number}/{act}", use: disposalAct)
    // A page that tells why something was not done stands at the address of that act; whoever asks for it anew wants the order.
    router.get("/disposals/{number}/{act}") { _, context in
      Response.redirect(to: "/disposals/\(try API.disposalNumber(context))", type: .found)
    }
    router.get("/static/disposal.js") { _, _ in try Self.file(.disposalScript, "text/javascript; charset=utf-8") }
  }

  private static let disposalsOnPage = 50

  // MARK: The list

  @Sendable func disposals(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalList(
      context, state: request.text("state").flatMap(DisposalOrder.State.init),
      before: request.text("before").flatMap(DisposalNumber.init))
  }

  /// Every order of the state that is looked at, the newest first.
  @Sendable func disposalsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, state) = (core, request.text("state").flatMap(DisposalOrder.State.init))
    let columns = [
      "number", "state", "vendor", "route", "plannedOn", "carrier", "vehicle", "seal", "assets", "madeAt", "madeBy",
      "changedAt", "changedBy", "sealingEntry", "listEntry", "closingEntry",
    ]
    return Self.csv(named: "disposals.csv", columns) { (before: DisposalNumber?) in
      try await core.store.read { snapshot -> CSVPage<DisposalNumber> in
        let found = try snapshot.disposalOrders(in: state, before: before, limit: Self.listedAtOnce)
        let rows = try found.map { order, lines -> [String?] in
          let (terms, made, last) = (order.terms, order.steps.first, order.steps.last)
          let cells: [String?] = [
            order.number.text, order.state.rawValue, terms.vendor, terms.route.rawValue, terms.plannedOn?.description,
            terms.carrier, terms.vehicle, order.seal, "\(lines)", made?.at.description,
            try snapshot.personName(made?.by), last?.at.description, try snapshot.personName(last?.by),
          ]
          return cells + order.signingEntries
        }
        return (rows, found.count == Self.listedAtOnce ? found.last?.order.number : nil)
      }
    }
  }

  @Sendable func newDisposal(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let form = try await request.form()
    do {
      let report = try await core.makeDisposalOrder(form["number"], try Self.terms(of: form), by: signedIn)
      return Response(status: .seeOther, headers: [.location: "/disposals/\(report.order.number)"])
    } catch let problem as Problem where problem.status.code < 500 {
      return try await disposalList(context, refused: (problem, form))
    }
  }

  private func disposalList(
    _ context: StationContext, state: DisposalOrder.State? = nil, before: DisposalNumber? = nil,
    refused: (problem: Problem, form: [String: String])? = nil
  ) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let no = Verb.dispose.refusal(forRoles: signedIn.actor.roles)
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let found = try snapshot.disposalOrders(in: state, before: before, limit: Self.disposalsOnPage + 1)
      let counts = try snapshot.countOfDisposalOrders()
      let rows = try found.prefix(Self.disposalsOnPage).map { order, lines in
        let last = order.steps.last
        return DisposalListView.Row(
          number: order.number.text, href: "/disposals/\(order.number)", state: order.state.label,
          stateCode: order.state.rawValue, vendor: order.terms.vendor, route: order.terms.route.label,
          planned: order.terms.plannedOn?.description, assets: counted(lines, "asset"),
          changed: presenter.moments.view(last?.at ?? presenter.moments.now),
          who: try last.flatMap { try snapshot.person($0.by)?.name } ?? "")
      }
      let all = DisposalListView.Chip(
        label: "All", href: "/disposals", count: counts.values.reduce(0, +), current: state == nil)
      var form = DisposalPresenter.terms(nil, action: "/disposals", typed: refused?.form ?? [:])
      form.open = refused != nil || rows.isEmpty
      form.error = refused.map { "\($0.problem.detail) \($0.problem.remedy)" }
      let filter = state.map { "state=\($0.rawValue)" }
      return DisposalListView(
        shell: try presenter.shell(title: "Disposals", page: "list"),
        chips: [all]
          + DisposalOrder.State.allCases.map { one in
            DisposalListView.Chip(
              label: one.label, href: "/disposals?state=\(one.rawValue)", count: counts[one] ?? 0, current: one == state
            )
          },
        rows: rows, csv: "/disposals.csv" + (filter.map { "?" + $0 } ?? ""), form: no == nil ? form : nil,
        forbidden: no?.remedy,
        paging: PagingView(
          words: "\(rows.count) shown", previous: before == nil ? nil : "/disposals" + (filter.map { "?" + $0 } ?? ""),
          next: found.count > rows.count
            ? rows.last.map { "/disposals?" + (filter.map { $0 + "&" } ?? "") + "before=\($0.number)" } : nil))
    }
    return try renderer.page("disposals", view, status: refused?.problem.status ?? .ok)
  }

  // MARK: One order

  @Sendable func disposal(_ request: Request, _ context: StationContext) async throws -> Response {
    let number = try API.disposalNumber(context)
    let (did, asset) = (request.text("did"), request.text("asset").flatMap(AssetID.init))
    return try await disposalPage(number, context) { report in Self.done(did, asset, report) }
  }

  /// Every act of the page: a plain form that leads back to it, or the page with why not. A scan that the page has kept names who
  /// made it.
  @Sendable func disposalAct(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try request.requireOperator(signedIn)
    let number = try API.disposalNumber(context)
    let act = context.parameters.get("act") ?? ""
    if act == "list" { return try await disposalList(of: number, request, context, signedIn) }
    let form = try await request.form()
    if let scanAct = DisposalScanAct(rawValue: act) {
      let done = try await core.scan(
        Scan(raw: Array((form["text"] ?? "").utf8), source: .keyed, device: "page"), scanAct, on: number, by: signedIn)
      if done.outcome == .accepted, let asset = done.asset {
        return Self.back(to: number, did: act, asset: asset.id)
      }
      return try await disposalPage(number, context, status: done.outcome == .duplicate ? .ok : done.problem?.status) {
        _ in Self.result(done)
      }
    }
    do {
      try await Self.perform(act, form, on: number, by: signedIn, core)
      return Self.back(to: number, did: act)
    } catch let problem as Problem where problem.status.code < 500 && !Self.isNoPage(problem) {
      var typed = form
      typed["pin"] = nil
      return try await disposalPage(number, context, status: problem.status, refused: act, typed: typed) { _ in
        Self.result(problem)
      }
    }
  }

  /// The upload of the recycler's list, as a browser sends a file.
  private func disposalList(
    of number: DisposalNumber, _ request: Request, _ context: StationContext, _ signedIn: SignedIn
  ) async throws -> Response {
    do {
      var bytes = try await RecyclerListFile.collect(request, besides: 4096)
      if let type = request.headers[.contentType], type.hasPrefix("multipart/form-data") {
        bytes = try MultipartForm(contentType: type, body: bytes).bytes(named: "list") ?? []
      }
      guard !bytes.isEmpty else {
        throw RecyclerListFile.problem("empty", "No list was chosen, or it is empty.", "Choose their file first.")
      }
      _ = try await core.take(list: bytes, on: number, by: signedIn)
      return Self.back(to: number, did: "list")
    } catch let problem as Problem where problem.status.code < 500 && !Self.isNoPage(problem) {
      return try await disposalPage(number, context, status: problem.status) { _ in Self.result(problem) }
    }
  }

  private static func isNoPage(_ problem: Problem) -> Bool { problem.code == "request.notFound" }

  private static func perform(
    _ act: String, _ form: [String: String], on number: DisposalNumber, by signedIn: SignedIn, _ core: StationCore
  ) async throws {
    var second: Settling.SecondPerson?
    if let badge = form["badge"], !badge.isEmpty { second = .init(badge: badge, pin: form["pin"] ?? "") }
    let verb: Verb = act == "depart" || act == "unload" ? .ship : .dispose
    let terms = act == "terms" ? try terms(of: form) : nil
    let reason = form["reason"]
    _ = try await core.act(on: number, needing: verb, by: signedIn, second: second) { order, transaction, people in
      let (by, now) = (people.actor.person, transaction.now)
      func line() throws -> (AssetID, String) {
        guard let id = form["asset"].flatMap(AssetID.init) else {
          throw Problem.malformed("asset is the id of an asset.", pointer: "/asset")
        }
        return (id, try transaction.asset(id)?.displayName ?? id.description)
      }
      switch act {
      case "terms": return order.change(terms ?? order.terms, by: by, at: now)
      case "remove":
        let (asset, name) = try line()
        return order.remove(asset, named: name)
      case "unload":
        let (asset, name) = try line()
        return order.unload(asset, named: name)
      case "seal":
        return order.seal(
          form["seal"] ?? "", try transaction.cargo(of: order), by: people.actor, with: people.second, at: now)
      case "unseal": return order.unseal(reason ?? "", by: by, at: now)
      case "depart":
        return order.depart(
          carrier: form["carrier"], vehicle: form["vehicle"], leavingBehind: form["leaveBehind"] == "true",
          try transaction.cargo(of: order), by: by, at: now)
      case "confirm":
        return order.confirm(
          certificate: form["certificate"], try transaction.cargo(of: order), by: people.actor, with: people.second,
          at: now)
      case "take-back": return order.takeBack(reason ?? "", try transaction.cargo(of: order), by: by, at: now)
      case "close":
        return order.close(
          reason, try transaction.cargo(of: order), by: people.actor, approver: people.second, at: now)
      default: throw Problem.nothingHere
      }
    }
  }

  private static func terms(of form: [String: String]) throws -> DisposalTerms {
    let day = form["plannedOn"].flatMap { $0.isEmpty ? nil : $0 }
    guard let planned = day.map(CalendarDate.init), planned != nil else {
      if day == nil { return try terms(of: form, on: nil) }
      throw Problem.malformed(
        "'\(day?.prefix(40) ?? "")' is no day.", pointer: "/plannedOn", remedy: "Enter it as 2026-11-21.")
    }
    return try terms(of: form, on: planned)
  }

  private static func terms(of form: [String: String], on day: CalendarDate?) throws -> DisposalTerms {
    DisposalTerms(
      route: try API.route(form["route"] ?? ""), vendor: form["vendor"] ?? "", plannedOn: day, carrier: form["carrier"],
      vehicle: form["vehicle"])
  }

  // MARK: Answers

  private static func back(to number: DisposalNumber, did act: String, asset: AssetID? = nil) -> Response {
    Response(
      status: .seeOther,
      headers: [.location: "/disposals/\(number)" + query([("did", act), ("asset", asset?.description)])])
  }

  private func disposalPage(
    _ number: DisposalNumber, _ context: StationContext, status: HTTPResponse.Status? = nil, refused: String? = nil,
    typed: [String: String] = [:], result: @escaping @Sendable (DisposalReport) -> ResultView?
  ) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let view = try await core.store.read { snapshot -> DisposalView? in
      guard let order = try snapshot.disposalOrder(number) else { return nil }
      let presenter = presenter(snapshot, context)
      let report = try DisposalReport(order, in: snapshot)
      var page = DisposalPresenter(
        report: report, snapshot: snapshot, moments: presenter.moments, signedIn: signedIn)
      page.refused = refused
      page.typed = typed
      return try page.view(
        try presenter.shell(title: "Disposal order \(number)", page: "list"), result: result(report))
    }
    guard let view else { throw Problem.noDisposalOrder(number.text) }
    return try renderer.page("disposal", view, status: status ?? .ok)
  }

  /// What a scan came to, as the page shows it.
  private static func result(_ scan: DisposalScan) -> ResultView {
    let (kind, icon): (ResultView.Kind, String) =
      switch scan.outcome {
      case .duplicate: (.duplicate, "equals")
      case .unknown: (.unknown, "question")
      default: (.refused, "cross")
      }
    var view = ResultView(kind: kind, icon: icon, words: scan.words)
    view.tag = scan.asset?.displayName
    view.asset = scan.asset?.title
    view.detail = scan.problem?.detail
    view.remedy = scan.problem?.remedy
    return view
  }

  private static func result(_ problem: Problem) -> ResultView {
    var view = ResultView(kind: .refused, icon: "cross", words: problem.title)
    view.detail = problem.detail
    view.remedy = problem.remedy
    return view
  }

  /// What an act has done, told from the order as it stands: a link that is opened again later tells nothing that is not so.
  private static func done(_ act: String?, _ asset: AssetID?, _ report: DisposalReport) -> ResultView? {
    func accepted(_ words: String, _ detail: String? = nil) -> ResultView {
      var view = ResultView(kind: .accepted, icon: "check", words: words)
      view.detail = detail
      return view
    }
    let order = report.order
    switch (act, order.state) {
    case ("add", .draft), ("load", .sealed):
      guard let line = report.lines.first(where: { $0.line.asset == asset && $0.line.left == nil }),
        act == "add" || line.line.loaded != nil
      else { return nil }
      var view = accepted(act == "add" ? "Added" : "Loaded")
      view.tag = line.name
      view.asset = line.cargo?.asset.title
      if let first = line.hindrances.first {
        view.kind = .acceptedWithNote
        view.detail = first.refusal.sentence
        view.remedy = first.refusal.remedy
      }
      return view
    case ("seal", .sealed): return accepted("Sealed", "Seal \(order.seal ?? ""). Scan each asset onto the vehicle.")
    case ("unseal", .draft): return accepted("Unsealed", "Assets can be put on it and taken off again.")
    case ("depart", .departed): return accepted("Departed", "The manifest is ready to be printed and signed.")
    case ("list", .departed), ("list", .confirmed):
      return accepted("List taken", "\(counted(report.count(.listed), "asset")) to confirm.")
    case ("confirm", .confirmed):
      return accepted("Confirmed", "\(counted(report.count(.confirmed), "asset")) of \(report.going).")
    case ("take-back", .sealed), ("take-back", .departed): return accepted("Taken back")
    case ("close", .closed): return accepted("Closed")
    default: return nil
    }
  }
}
