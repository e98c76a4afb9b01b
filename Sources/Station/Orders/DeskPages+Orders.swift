import Custody
import Hummingbird
import OrderReceiving
import StationStore

extension DeskPages {
  func addOrders(to router: Router<StationContext>) {
    router.get("/orders", use: orders)
    router.get("/orders.csv", use: ordersCSV)
    router.get("/order", use: order)
    router.get("/order.csv", use: orderCSV)
    router.post("/order/receive", use: receiveOrder)
    router.post("/order/short", use: shortLine)
  }

  @Sendable func orders(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let isOpenOnly = request.text("all") != "true"
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let rows = try snapshot.orders().compactMap { order -> OrderRowView? in
        let sheet = try snapshot.sheet(of: order)
        if isOpenOnly, sheet.remaining == 0 { return nil }
        return OrderRowView(
          number: order.number, href: OrderReport.href(order.number), supplier: order.supplier,
          orderedOn: order.orderedOn?.description, progress: sheet.progress, done: sheet.received - sheet.over,
          total: sheet.ordered)
      }
      return OrderListView(
        shell: try presenter.shell(title: "Orders", page: "list"), rows: rows, isOpenOnly: isOpenOnly,
        csv: "/orders.csv" + (isOpenOnly ? "" : "?all=true"), mayImport: signedIn.mayImport(.orders))
    }
    return try renderer.page("orders", view)
  }

  @Sendable func order(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try await orderPage(
      request.text("number") ?? "", asking: request.text("reading").flatMap { Int64($0) }, context)
  }

  /// Opens or turns the desk's session to receive the order, or one line of it. What was scanned last and asked which line it
  /// is comes with it, and is received there.
  @Sendable func receiveOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      if let refusal = Verb.receive.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
      let form = try await request.form()
      let number = form["number"] ?? ""
      guard let order = try await core.store.read({ try $0.order(number) }) else {
        throw Problem.notFound("order \(number)")
      }
      let line = form["line"].flatMap { Int($0) }
      if let line, !order.lines.contains(where: { $0.line == line }) {
        throw Problem.notFound("line \(line) of order \(number)")
      }
      var work = WorkSession(workflow: .receive)
      work.receive(number, line: line)
      core.desk.lastOutcome = nil
      if let (session, _) = try await core.deskSession() {
        _ = try await core.changeSession(session.id, by: signedIn) { work in
          work.turn(to: .receive)
          work.receive(number, line: line)
        }
      } else {
        _ = try await core.openSession(work, by: signedIn, desk: core.desk.name)
      }
      if let id = form["reading"].flatMap(Int64.init), let kept = try await core.store.read({ try $0.reading(id) }) {
        var scan = Scan(raw: kept.raw, source: .keyed, device: kept.device)
        scan.symbologyIdentifier = kept.symbologyIdentifier
        try await core.deskScan(scan, by: signedIn)
      }
      return nil
    }
  }

  @Sendable func shortLine(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let form = try await request.form()
    let number = form["number"] ?? ""
    guard let line = form["line"].flatMap({ Int($0) }) else {
      throw Problem.malformed("line is no number.", pointer: "/line")
    }
    do {
      try await core.reportShort(OrderLineReference(order: number, line: line), form["words"] ?? "", by: signedIn)
      return Response(status: .seeOther, headers: [.location: OrderReport.href(number)])
    } catch let problem as Problem where problem.status != .notFound && problem.status.code < 500 {
      return try await orderPage(number, context, refused: problem)
    }
  }

  /// Every order that the page would list, a row for each line, in the columns that an import takes.
  @Sendable func ordersCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (export, isAll) = (CatalogueExport(from: core.store), request.text("all") == "true")
    return Self.file(named: "orders.csv") { sink in
      _ = try await export.orders(as: .csv, isAll ? .all : .awaited, to: sink)
    }
  }

  /// The lines of an order with what has come, in the columns that an import takes.
  @Sendable func orderCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let number = try await core.order(request.text("number") ?? "").order.number
    let export = CatalogueExport(from: core.store)
    return Self.file(named: "order.csv") { sink in _ = try await export.orders(as: .csv, .one(number), to: sink) }
  }

  /// The page of an order. `reading` was scanned and not recorded yet: on this page its line is chosen.
  private func orderPage(
    _ number: String, asking reading: Int64? = nil, _ context: StationContext, refused: Problem? = nil
  ) async throws -> Response {
    let mayReceive = context.signedIn.map { Verb.receive.refusal(forRoles: $0.actor.roles) == nil } ?? false
    let view = try await core.store.read { snapshot -> OrderPageView? in
      guard let order = try snapshot.order(number) else { return nil }
      let presenter = presenter(snapshot, context)
      let report = try OrderReport(order, in: snapshot)
      let asking = try reading.flatMap { try snapshot.reading($0) }
      let short = Set(
        try snapshot.followUps(order: number, limit: .max).filter { $0.kind == FollowUpKind.short.rawValue }
          .compactMap(\.line))
      return OrderPageView(
        shell: try presenter.shell(title: "Order \(number)", page: "list"), number: number, supplier: order.supplier,
        orderedOn: order.orderedOn?.description, progress: report.sheet.progress,
        done: report.sheet.received - report.sheet.over, total: report.sheet.ordered, mayReceive: mayReceive,
        lines: report.sheet.lines.map { line in
          OrderLineView(
            order: number, number: line.number,
            title: [line.product.manufacturer, line.product.model].compactMap(\.self).joined(separator: " "),
            partNumber: line.product.partNumber, ordered: line.ordered, received: line.received,
            awaited: line.remaining,
            over: line.over > 0 ? "\(line.over) over" : nil, isDone: line.remaining == 0,
            isShort: short.contains(line.number),
            mayReportShort: mayReceive && line.remaining > 0 && !short.contains(line.number),
            mayReceive: mayReceive, reading: asking.map { String($0.id) },
            label: "CUSTODY:ORDER:\(number)/\(line.number)")
        },
        awaited: report.awaited.map { asset in
          AwaitedRow(
            name: asset.displayName, href: asset.href, title: asset.title,
            line: asset.facts.orderLine.map { "\($0.line)" })
        },
        awaitedMore: report.sheet.lines.reduce(0) { $0 + $1.announced } - report.awaited.count,
        odd: report.open.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, count in
          TallyItem(state: .refused, icon: kind.icon, words: "\(count) × \(kind.label.lowercased())")
        }, followUps: "/follow-ups" + Self.query([("order", number)]),
        csv: "/order.csv" + Self.query([("number", number)]),
        asking: asking.map { TextPiece.plain(TextPiece.pieces(of: $0)) },
        label: "CUSTODY:ORDER:\(number)", labelPage: "/labels/order-100x50" + Self.query([("order", number)]),
        problem: refused.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) })
    }
    guard let view else { throw Problem.notFound("order \(number)", remedy: "Look at the list of orders.") }
    return try renderer.page("order", view, status: refused?.status ?? .ok)
  }
}
