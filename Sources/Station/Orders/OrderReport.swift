import Custody
import OrderReceiving
import StationStore

/// An order as it is shown: what it awaits, what has come, what is odd. The page, the API and the desk have it from here.
struct OrderReport: Sendable {
  /// How many announced things are listed by name; the rest is a number.
  static let mostAwaited = 500

  let order: PurchaseOrder
  let sheet: ReceivingSheet
  /// What was announced by number and has not come, by line.
  let awaited: [Asset]
  /// How many things its open follow-ups are about, by kind.
  let open: [FollowUpKind: Int]

  /// The report of an order as it stands.
  init(_ order: PurchaseOrder, in snapshot: any StoreReading) throws {
    self.order = order
    sheet = try snapshot.sheet(of: order)
    awaited = try snapshot.awaited(of: order.number, limit: Self.mostAwaited)
    let counts = try snapshot.followUpCounts(order: order.number)
    open = Dictionary(
      uniqueKeysWithValues: FollowUpKind.allCases.compactMap { kind in counts[kind.rawValue].map { (kind, $0) } })
  }

  /// Where the page of an order is; with a reading that asks on which of its lines it belongs.
  static func href(_ number: String, asking reading: Int64? = nil) -> String {
    "/order" + DeskPages.query([("number", number), ("reading", reading.map(String.init))])
  }
}

extension StationCore {
  /// An order's report; throws the problem when no order has this number.
  func order(_ number: String) async throws -> OrderReport {
    let report = try await store.read { snapshot in
      try snapshot.order(number).map { try OrderReport($0, in: snapshot) }
    }
    guard let report else {
      throw Problem.notFound("order \(number)", remedy: "Look at the list of orders: GET /api/v1/orders.")
    }
    return report
  }

  /// Says that no more is coming on a line: what is missing is kept to be looked into. Throws the problem when the line awaits
  /// nothing.
  func reportShort(_ line: OrderLineReference, _ words: String, by signedIn: SignedIn) async throws {
    if let refusal = Verb.receive.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
    try await store.write { transaction in
      guard let order = try transaction.order(line.order),
        let sheetLine = try transaction.sheet(of: order).line(line.line)
      else { throw Problem.notFound("line \(line.line) of order \(line.order)") }
      let told = try transaction.followUps(order: line.order, limit: .max)
        .contains { $0.kind == FollowUpKind.short.rawValue && $0.line == line.line }
      guard sheetLine.remaining > 0, !told else {
        throw Problem(
          .conflict, "order.notShort", told ? "Told already" : "Nothing is missing",
          detail: told
            ? "What is missing of line \(line.line) of \(line.order) stands among the follow-ups already."
            : "All of line \(line.line) of \(line.order) has come.", remedy: "Look at the order again.")
      }
      var short = FollowUp(
        kind: FollowUpKind.short.rawValue, at: transaction.now,
        words: "\(sheetLine.remaining) of \(sheetLine.ordered) did not come." + (words.isEmpty ? "" : " \(words)"))
      (short.person, short.order, short.line) = (signedIn.person.id, line.order, line.line)
      short.quantity = sheetLine.remaining
      try transaction.keep(short)
    }
  }
}
