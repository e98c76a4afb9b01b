import Custody
import CustodyLedger
import DisposalOrders
import Hummingbird
import StationStore

extension StationCore {
  typealias KeepReport = @Sendable (DisposalReport, StoreTransaction) throws -> Void

  /// Makes a disposal order. Without a number it gets the next of this station.
  func makeDisposalOrder(
    _ number: String?, _ terms: DisposalTerms, by signedIn: SignedIn, keep: KeepReport? = nil
  ) async throws -> DisposalReport {
    try Self.need(.dispose, of: signedIn)
    let given = try number.flatMap { $0.isEmpty ? nil : $0 }.map { text in
      guard let number = DisposalNumber(text) else {
        throw Problem(
          disposal: DisposalRefusal(
            Refusal(
              "disposal.number", "'\(text.prefix(80))' is no number of a disposal order.",
              remedy: "Use 1 to \(DisposalNumber.longest) letters, digits, hyphens and dots, or leave it empty.")))
      }
      return number
    }
    let station = store.identity.station.text
    let report = try await store.write { transaction in
      let number = try given ?? transaction.nextDisposalNumber(of: station)
      // Events of an order with that number may have come from another station.
      guard try transaction.disposalOrder(number) == nil,
        try transaction.departures(order: number.text, limit: 1).isEmpty
      else {
        throw Problem(
          disposal: DisposalRefusal(
            Refusal(
              "disposal.number.taken", "There is a disposal order \(number) already.",
              remedy: "Choose another number, or leave it empty.")))
      }
      let order: DisposalOrder
      do {
        order = try DisposalOrder(number, terms, by: signedIn.person.id, at: transaction.now)
      } catch let refusal as DisposalRefusal { throw Problem(disposal: refusal) }
      try transaction.save(order)
      let report = try DisposalReport(order, in: transaction)
      try keep?(report, transaction)
      return report
    }
    tell(of: report.order)
    return report
  }

  /// An act on an order: judged, recorded and kept in one transaction. Throws the problem that says why not.
  ///
  /// - Parameters:
  ///   - verb: whose roles the act takes.
  ///   - second: badge and PIN of a second person.
  func act(
    on number: DisposalNumber, needing verb: Verb, by signedIn: SignedIn, second: Settling.SecondPerson? = nil,
    keep: KeepReport? = nil,
    _ body: @escaping @Sendable (inout DisposalOrder, StoreTransaction, DisposalPeople) throws -> DisposalAnswer
  ) async throws -> DisposalReport {
    try Self.need(verb, of: signedIn)
    var people = DisposalPeople(actor: signedIn.actor)
    if let second { people.second = try await secondPerson(badge: second.badge, pin: second.pin, beside: signedIn) }
    let report = try await store.write { [people] transaction in
      let before = try transaction.needDisposalOrder(number)
      var order = before
      let answer = try body(&order, transaction, people)
      try transaction.carryOut(answer, on: &order, before: before, by: people)
      let report = try DisposalReport(order, in: transaction)
      try keep?(report, transaction)
      return report
    }
    recorded.signal()
    tell(of: report.order)
    return report
  }

  /// Tells every page that shows the order.
  func tell(of order: DisposalOrder) {
    live.publish("disposal", Array(#"{"number":"\#(order.number)","state":"\#(order.state.rawValue)"}"#.utf8))
  }

  /// An order as it stands; throws the problem when there is none.
  func disposalReport(_ number: DisposalNumber) async throws -> DisposalReport {
    let report = try await store.read { snapshot in
      try snapshot.disposalOrder(number).map { try DisposalReport($0, in: snapshot) }
    }
    guard let report else { throw Problem.noDisposalOrder(number.text) }
    return report
  }

  static func need(_ verb: Verb, of signedIn: SignedIn) throws {
    if let refusal = verb.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
  }
}

extension StoreReading {
  /// The next number of this station's that is free: the station's name is in it, so that two stations give no number twice.
  fileprivate func nextDisposalNumber(of station: String) throws -> DisposalNumber {
    var count = try countOfAllDisposalOrders()
    while true {
      count += 1
      let digits = String(count)
      let text = "DO-\(station.prefix(28))-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
      guard let number = DisposalNumber(text) else {
        throw StoreFault.damaged(reason: "the station's name '\(station)' makes no number of a disposal order")
      }
      if try disposalOrder(number) == nil, try departures(order: number.text, limit: 1).isEmpty { return number }
    }
  }
}
