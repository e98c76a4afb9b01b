import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension StationCore {
  /// Settles an exception by a signed event of who is signed in. Throws the problem that says why not; `keep` writes in the same
  /// transaction.
  func settle(
    _ id: Int64, _ settling: Settling, by signedIn: SignedIn,
    keep: (@Sendable (Settled, StoreTransaction) throws -> Void)? = nil
  ) async throws -> Settled {
    // Said before a PIN is looked at.
    if let refusal = Verb.settle.refusal(forRoles: signedIn.actor.roles) { throw Problem(settling: refusal) }
    let witness = try await settling.second.asyncMap { try await secondPerson($0, beside: signedIn) }
    let moments = Moments(clock: clock)
    let settled = try await store.write { transaction in
      let settled = try transaction.settle(id, settling, by: signedIn.actor, witness, moments)
      try keep?(settled, transaction)
      return settled
    }
    recorded.signal()
    live.publish("status", Array(#"{"settled":\#(id)}"#.utf8))
    return settled
  }

  /// Who gave that badge and PIN as the second person; throws the problem when they are not recognised, or are who is signed in.
  func secondPerson(_ second: Settling.SecondPerson, beside signedIn: SignedIn) async throws -> Actor {
    switch try await store.signIn(badge: badgeToken(second.badge), pin: second.pin) {
    case .refused(let refusal): throw Problem(second: refusal, clock: clock)
    case .recognised(let person, let actor):
      guard person.id != signedIn.person.id else { throw Problem.sameSecondPerson }
      return actor
    }
  }
}

extension Optional {
  fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
    guard let self else { return nil }
    return try await body(self)
  }
}

extension StoreTransaction {
  fileprivate func settle(
    _ id: Int64, _ settling: Settling, by actor: Actor, _ witness: Actor?, _ moments: Moments
  ) throws -> Settled {
    guard let open = try discrepancy(id) else {
      throw Problem.notFound("exception \(id)", remedy: "Look at the list of exceptions again.")
    }
    guard open.settledBy == nil else {
      throw Problem(
        settling: Refusal(
          "custody.settle.nothingOpen", "Exception \(id) was settled already, \(moments.dated(open.settledAt ?? now)).",
          remedy: "Look at the list of exceptions again."))
    }
    let kind = open.discrepancy.kind
    guard let asset = try assetOfSettlement(open) else {
      throw Problem(
        settling: Refusal(
          "custody.settle.unknownAsset", "None of the assets that exception \(id) is about is known here.",
          remedy: "Wait until this station has caught up with the centre, or settle it at another."))
    }
    var details = SettleDetails(
      kind: kind, claims: [], holds: try settling.holds.map { try claim(named: $0, of: open) },
      identity: settling.identity, reason: settling.reason)
    // Two people settle at once whatever disagrees about where the asset stands.
    if kind.needsTwoPeople {
      details.claims = Set(
        (try self.asset(asset)?.discrepancies ?? []).filter(\.kind.isAboutStanding).flatMap(\.toSettle)
      )
      .sorted()
    } else {
      details.claims = open.discrepancy.toSettle
    }
    let intent = Intent(asset: asset, details: .settle(details), actor: actor, witness: witness)
    switch try record(intent) {
    case .refused(let refusal): throw Problem(settling: refusal)
    case .recorded(let events, let after):
      guard let event = events.first, let ended = try discrepancy(id) else {
        throw StoreFault.damaged(reason: "exception \(id) was settled and is not there")
      }
      return Settled(
        exception: try ExceptionReport(ended, in: self, moments: moments), event: event, asset: after)
    }
  }

  private func assetOfSettlement(_ open: RecordedDiscrepancy) throws -> AssetID? {
    switch open.subject {
    case .asset(let id): try canonical(of: id) ?? id
    case .station(let name): try flaggedAsset(open.discrepancy.claims, of: name)
    }
  }

  /// The claim that somebody names by its event's id, or by its station where that recorded one alone.
  private func claim(named text: String, of open: RecordedDiscrepancy) throws -> EventID {
    if let id = EventID(text) { return id }
    let claims = Set(open.discrepancy.claims)
    let named = try events(of: open).filter {
      claims.contains($0.eventID) && [$0.chainName, $0.station.text].contains(text)
    }
    guard named.count == 1 else {
      throw Problem(
        settling: Refusal(
          "custody.settle.holds",
          named.isEmpty
            ? "'\(text.prefix(80))' is none of the claims."
            : "Station \(text.prefix(80)) recorded \(named.count) of the claims.",
          remedy: "Name the claim that holds by the id of its event."))
    }
    return named[0].eventID
  }
}

extension Discrepancy.Kind {
  /// Whether it is about where an asset stands, so that a settlement names the claim that holds.
  var isAboutStanding: Bool { self == .contested || needsTwoPeople }
}

extension Problem {
  /// A "no" to a settlement.
  init(settling refusal: Refusal) {
    let status: HTTPResponse.Status
    switch refusal.code.split(separator: ".").last {
    case "role", "witnessMissing", "witnessNotAuthenticated", "witnessSame", "notAuthenticated": status = .forbidden
    case "nothingOpen", "claims", "unknownAsset": status = .conflict
    default: status = .unprocessableContent
    }
    self.init(status, refusal.code, "Not settled", detail: refusal.sentence, remedy: refusal.remedy)
  }

  /// The second person was not recognised; who is signed in still is.
  fileprivate init(second refusal: SignInRefusal, clock: any StationClock) {
    let problem = Problem(refusal, clock: clock)
    guard problem.status == .unauthorized else {
      self = problem
      return
    }
    self.init(
      .forbidden, problem.code, "Second person not recognised", detail: problem.detail, remedy: problem.remedy)
  }
}
