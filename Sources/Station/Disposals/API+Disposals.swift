import Custody
import CustodyLedger
import DisposalOrders
import Hummingbird
import StationStore

extension API {
  func addDisposals(to v1: RouterGroup<StationContext>) {
    v1.get("/disposal-orders", use: disposalOrders)
    v1.post("/disposal-orders", use: makeDisposalOrder)
    v1.get("/disposal-orders/{number}", use: disposalOrder)
    v1.patch("/disposal-orders/{number}", use: changeDisposalOrder)
    v1.get("/disposal-orders/{number}/lines.csv", use: disposalLines)
    v1.post("/disposal-orders/{number}/assets", use: addToDisposalOrder)
    v1.delete("/disposal-orders/{number}/assets/{id}", use: removeFromDisposalOrder)
    v1.post("/disposal-orders/{number}/seal", use: sealDisposalOrder)
    v1.post("/disposal-orders/{number}/unseal", use: unsealDisposalOrder)
    v1.post("/disposal-orders/{number}/loads", use: loadDisposalOrder)
    v1.delete("/disposal-orders/{number}/loads/{id}", use: unloadDisposalOrder)
    v1.post("/disposal-orders/{number}/depart", use: departDisposalOrder)
    v1.put("/disposal-orders/{number}/recycler-list", use: takeRecyclerList)
    v1.post("/disposal-orders/{number}/confirm", use: confirmDisposalOrder)
    v1.post("/disposal-orders/{number}/take-back", use: takeBackDisposalOrder)
    v1.post("/disposal-orders/{number}/close", use: closeDisposalOrder)
  }

  // MARK: Reading

  @Sendable func disposalOrders(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let state = try request.text("state").map { text in
      guard let state = DisposalOrder.State(rawValue: text) else {
        throw Problem.malformed("'\(text.prefix(80))' is no state of a disposal order.", pointer: "/state")
      }
      return state
    }
    let after = try request.text("after").map { text in
      guard let number = DisposalNumber(text) else {
        throw Problem.malformed("after is no number of a disposal order.", pointer: "/after")
      }
      return number
    }
    let found = try await core.store.read { try $0.disposalOrders(in: state, before: after, limit: limit + 1) }
    return try .page(
      Page(
        items: found.prefix(limit).map { DisposalResource($0.order, assets: $0.lines) },
        next: found.count > limit ? found[limit - 1].order.number.text : nil), for: request)
  }

  @Sendable func disposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(DisposalResource(try await core.disposalReport(try Self.disposalNumber(context))))
  }

  @Sendable func disposalLines(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let report = try await core.disposalReport(try Self.disposalNumber(context))
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/csv; charset=utf-8",
        .contentDisposition: "attachment; filename=\"\(report.order.number).csv\"",
      ], body: .init(byteBuffer: ByteBuffer(bytes: report.csv)))
  }

  // MARK: Acts

  @Sendable func makeDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let body = try await request.json()
    let number = try Self.text("number", of: body)
    guard let route = try Self.text("route", of: body) else {
      throw Problem.malformed("A disposal order has a route.", pointer: "/route")
    }
    let terms = DisposalTerms(
      route: try Self.route(route), vendor: try Self.text("vendor", of: body) ?? "",
      plannedOn: try Self.day("plannedOn", of: body), carrier: try Self.text("carrier", of: body),
      vehicle: try Self.text("vehicle", of: body))
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let report = try await core.makeDisposalOrder(number, terms, by: signedIn) { report, transaction in
        try key?.keep(try Self.answer(report, .created), in: transaction)
      }
      return try Self.answer(report, .created)
    }
  }

  @Sendable func changeDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let number = try Self.disposalNumber(context)
    let body = try await request.json()
    let (route, vendor) = (try Self.text("route", of: body).map(Self.route), try Self.text("vendor", of: body))
    let (day, carrier) = (try Self.day("plannedOn", of: body), try Self.text("carrier", of: body))
    let vehicle = try Self.text("vehicle", of: body)
    let report = try await core.act(on: number, needing: .dispose, by: signedIn) { order, transaction, people in
      var terms = order.terms
      if let route { terms.route = route }
      if let vendor { terms.vendor = vendor }
      if body[path: "plannedOn"] != nil { terms.plannedOn = day }
      if body[path: "carrier"] != nil { terms.carrier = carrier }
      if body[path: "vehicle"] != nil { terms.vehicle = vehicle }
      return order.change(terms, by: people.actor.person, at: transaction.now)
    }
    return try Self.answer(report).response
  }

  @Sendable func addToDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalScan(.add, request, context)
  }

  @Sendable func loadDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalScan(.load, request, context)
  }

  private func disposalScan(
    _ act: DisposalScanAct, _ request: Request, _ context: StationContext
  ) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let number = try Self.disposalNumber(context)
    let body = try await request.json()
    let scan = try Self.scan(from: body)
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let done = try await core.scan(scan, act, on: number, by: signedIn) { done, transaction in
        try key?.keep(try Self.answer(done), in: transaction)
      }
      return try Self.answer(done)
    }
  }

  @Sendable func removeFromDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    let id: AssetID = try UUIDPath.id("id", in: context)
    return try await disposalAct(request, context, .dispose) { order, transaction, _, _ in
      order.remove(id, named: try transaction.asset(id)?.displayName ?? id.description)
    }
  }

  @Sendable func unloadDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    let id: AssetID = try UUIDPath.id("id", in: context)
    return try await disposalAct(request, context, .ship) { order, transaction, _, _ in
      order.unload(id, named: try transaction.asset(id)?.displayName ?? id.description)
    }
  }

  @Sendable func sealDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalAct(request, context, .dispose, second: "witness") { order, transaction, people, body in
      order.seal(
        try Self.text("seal", of: body) ?? "", try transaction.cargo(of: order), by: people.actor, with: people.second,
        at: transaction.now)
    }
  }

  @Sendable func unsealDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalAct(request, context, .dispose) { order, transaction, people, body in
      order.unseal(try Self.text("reason", of: body) ?? "", by: people.actor.person, at: transaction.now)
    }
  }

  @Sendable func departDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalAct(request, context, .ship) { order, transaction, people, body in
      order.depart(
        carrier: try Self.text("carrier", of: body), vehicle: try Self.text("vehicle", of: body),
        leavingBehind: body[path: "leaveBehind"] == .bool(true), try transaction.cargo(of: order),
        by: people.actor.person, at: transaction.now)
    }
  }

  @Sendable func takeRecyclerList(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let number = try Self.disposalNumber(context)
    let bytes = try await RecyclerListFile.collect(request)
    return try Self.answer(try await core.take(list: bytes, on: number, by: signedIn)).response
  }

  @Sendable func confirmDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalAct(request, context, .dispose, second: "witness") { order, transaction, people, body in
      order.confirm(
        certificate: try Self.text("certificate", of: body), try transaction.cargo(of: order), by: people.actor,
        with: people.second, at: transaction.now)
    }
  }

  @Sendable func takeBackDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalAct(request, context, .dispose, second: "approver") { order, transaction, people, body in
      order.takeBack(
        try Self.text("reason", of: body) ?? "", try transaction.cargo(of: order), by: people.actor.person,
        at: transaction.now)
    }
  }

  @Sendable func closeDisposalOrder(_ request: Request, _ context: StationContext) async throws -> Response {
    try await disposalAct(request, context, .dispose, second: "approver") { order, transaction, people, body in
      order.close(
        try Self.text("reason", of: body), try transaction.cargo(of: order), by: people.actor,
        approver: people.second, at: transaction.now)
    }
  }

  /// An act on the order in the path, once under its key.
  ///
  /// - Parameter second: the member of the body that holds the second person's badge and PIN.
  private func disposalAct(
    _ request: Request, _ context: StationContext, _ verb: Verb, second: String? = nil,
    _ act:
      @escaping @Sendable (inout DisposalOrder, StoreTransaction, DisposalPeople, CanonicalJSON) throws ->
      DisposalAnswer
  ) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let number = try Self.disposalNumber(context)
    let body = try await request.json()
    let person = try second.flatMap { try Settling.SecondPerson(body, at: $0) }
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let report = try await core.act(
        on: number, needing: verb, by: signedIn, second: person,
        keep: { report, transaction in try key?.keep(try Self.answer(report), in: transaction) }
      ) { order, transaction, people in try act(&order, transaction, people, body) }
      return try Self.answer(report)
    }
  }

  // MARK: Reading bodies, writing answers

  /// The number in the path; what is none names no order.
  static func disposalNumber(_ context: StationContext) throws -> DisposalNumber {
    let text = context.parameters.get("number") ?? ""
    guard let number = DisposalNumber(text) else { throw Problem.noDisposalOrder(text) }
    return number
  }

  private static func text(_ member: String, of body: CanonicalJSON) throws -> String? {
    guard let value = body[path: member], value != .null else { return nil }
    guard let text = value.text else { throw Problem.malformed("\(member) is no text.", pointer: "/\(member)") }
    return text
  }

  static func route(_ text: String) throws -> DisposeDetails.Route {
    guard let route = DisposeDetails.Route(rawValue: text) else {
      let known = DisposeDetails.Route.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.malformed("'\(text.prefix(80))' is no route; there are \(known).", pointer: "/route")
    }
    return route
  }

  private static func day(_ member: String, of body: CanonicalJSON) throws -> CalendarDate? {
    guard let text = try text(member, of: body), !text.isEmpty else { return nil }
    guard let day = CalendarDate(text) else {
      throw Problem.malformed("\(member) is no day: it is written 2026-11-21.", pointer: "/\(member)")
    }
    return day
  }

  private static func answer(_ report: DisposalReport, _ status: HTTPResponse.Status = .ok) throws -> Prepared {
    Prepared(status: status, bytes: try CanonicalEncoder().encode(DisposalResource(report), limit: .max))
  }

  /// A scan's answer. What is no success is a problem; the reading was kept all the same.
  private static func answer(_ scan: DisposalScan) throws -> Prepared {
    if let problem = scan.problem, scan.outcome != .duplicate {
      return Prepared(status: problem.status, bytes: try problem.body.bytes(limit: .max))
    }
    return Prepared(status: .ok, bytes: try CanonicalEncoder().encode(DisposalScanResource(scan), limit: .max))
  }
}

extension Settling.SecondPerson {
  /// Badge and PIN as a client sends them; nil when the body has none.
  init?(_ body: CanonicalJSON, at member: String) throws {
    guard let person = body[path: member], person != .null else { return nil }
    guard let badge = person[path: "badge"]?.text, let pin = person[path: "pin"]?.text else {
      throw Problem.malformed("The \(member) has a badge and a pin, both as text.", pointer: "/\(member)")
    }
    self.init(badge: badge, pin: pin)
  }
}
