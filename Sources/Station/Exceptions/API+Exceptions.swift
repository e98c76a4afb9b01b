import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  func addExceptions(to v1: RouterGroup<StationContext>) {
    v1.get("/exceptions", use: exceptions)
    v1.get("/exceptions/{id}", use: exception)
    v1.post("/exceptions/{id}/settle", use: settle)
  }

  /// What disagrees about assets and stations, with every claim.
  @Sendable func exceptions(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let before = try request.number("after", default: Int.max, in: 0...Int.max)
    let reports = try await core.exceptions(
      before: Int64(before), openOnly: request.text("settled") != "true", limit: limit + 1)
    return try .page(
      Page(
        items: reports.prefix(limit).map(ExceptionResource.init),
        next: reports.count > limit ? String(reports[limit - 1].recorded.id) : nil),
      for: request)
  }

  @Sendable func exception(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(ExceptionResource(report: try await core.exception(try Self.exceptionID(context))))
  }

  /// Settles one: a signed event of who is signed in, with the second person's badge and PIN where it takes two.
  @Sendable func settle(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id = try Self.exceptionID(context)
    let body = try await request.json()
    let settling = try Settling(body)
    return try await once(request, try body.bytes(limit: .max), by: signedIn) { key in
      let settled = try await core.settle(id, settling, by: signedIn) { settled, transaction in
        try key?.keep(try Self.answer(settled), in: transaction)
      }
      return try Self.answer(settled)
    }
  }

  private static func answer(_ settled: Settled) throws -> Prepared {
    Prepared(status: .ok, bytes: try CanonicalEncoder().encode(SettledResource(settled), limit: .max))
  }

  /// The number in the path; what is none names no exception.
  static func exceptionID(_ context: StationContext) throws -> Int64 {
    let text = context.parameters.get("id") ?? ""
    guard let id = Int64(text), id > 0 else {
      throw Problem.malformed("'\(text.prefix(80))' is no number of an exception.", pointer: "/id")
    }
    return id
  }
}

extension StationCore {
  /// Exceptions in words, newest first.
  func exceptions(before id: Int64, openOnly: Bool, limit: Int) async throws -> [ExceptionReport] {
    let moments = Moments(clock: clock)
    return try await store.read { snapshot in
      try snapshot.discrepancies(before: id, openOnly: openOnly, limit: limit).map {
        try ExceptionReport($0, in: snapshot, moments: moments)
      }
    }
  }

  /// One of them; throws the problem when there is none.
  func exception(_ id: Int64) async throws -> ExceptionReport {
    let moments = Moments(clock: clock)
    let report = try await store.read { snapshot in
      try snapshot.discrepancy(id).map { try ExceptionReport($0, in: snapshot, moments: moments) }
    }
    guard let report else {
      throw Problem.notFound("exception \(id)", remedy: "Look at the list of exceptions again.")
    }
    return report
  }
}

extension Settling {
  /// A settlement as clients ask for it. Throws the problem that names what cannot be taken.
  init(_ body: CanonicalJSON) throws {
    func text(_ member: String) throws -> String? {
      guard let value = body[path: member], value != .null else { return nil }
      guard let text = value.text else { throw Problem.malformed("\(member) is no text.", pointer: "/\(member)") }
      return text
    }
    self.init()
    holds = try text("holds")
    reason = try text("reason") ?? ""
    if let word = try text("identity") {
      guard let known = SettleDetails.Identity(rawValue: word) else {
        throw Problem.malformed("identity is same or different.", pointer: "/identity")
      }
      identity = known
    }
    if let witness = body[path: "witness"], witness != .null {
      guard let badge = witness[path: "badge"]?.text, let pin = witness[path: "pin"]?.text else {
        throw Problem.malformed("A witness has a badge and a pin, both as text.", pointer: "/witness")
      }
      second = SecondPerson(badge: badge, pin: pin)
    }
  }
}
