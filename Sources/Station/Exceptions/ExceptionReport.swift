import Custody
import StationStore

/// An exception in words: what disagrees, every claim, what the rule does meanwhile, and how it ended. For the page, the API and
/// the command line alike.
struct ExceptionReport: Sendable {
  /// One of the events that disagree.
  struct Claim: Sendable {
    let event: CustodyEvent
    /// Such as `Deployed`.
    let what: String
    /// Where it left the asset, such as `Deployed, Grace Hopper`.
    let standing: String
    /// Operator, with the witness where there was one.
    let who: String
    let place: String?
    let note: String?
    /// Whether the asset counts as standing by it.
    let counts: Bool
  }

  let recorded: RecordedDiscrepancy
  /// The asset's tag or serial number; the station's name.
  let subject: String
  /// Nil for a station.
  let asset: AssetID?
  let claims: [Claim]
  /// What holds until people have decided; nil once they have.
  let meanwhile: String?
  /// The settlement, where it is here.
  let settlement: CustodyEvent?
  /// Who settled it, when, and what they said; nil while it is open.
  let ended: String?

  /// Throws what the store throws.
  init(_ recorded: RecordedDiscrepancy, in snapshot: any StoreReading, moments: Moments) throws {
    let names = AssetPresenter(snapshot: snapshot, moments: moments)
    self.recorded = recorded
    var whole: [CustodyEvent] = []
    var now: Asset?
    switch recorded.subject {
    case .asset(let id):
      let canonical = try snapshot.canonical(of: id) ?? id
      asset = canonical
      now = try snapshot.asset(canonical)
      subject = now?.displayName ?? String(id.description.suffix(12))
      whole = try Self.here { try snapshot.eventsOfAll(canonical) }
    case .station(let name):
      asset = nil
      subject = name
    }
    let counting = Set(line(of: whole).map(\.eventID))
    let named = Set(recorded.discrepancy.claims)
    claims = try Self.here { try snapshot.events(of: recorded) }.filter { named.contains($0.eventID) }.map { event in
      Claim(
        event: event, what: event.verb.words.done, standing: try names.words(event.to), who: try names.who(event),
        place: try names.place(event.to?.location), note: try event.note(names: names.person),
        counts: recorded.discrepancy.kind.isAboutStanding && counting.contains(event.eventID))
    }
    settlement = try recorded.settledBy.flatMap { id in
      try whole.first { $0.eventID == id } ?? snapshot.settlement(id, of: recorded)
    }
    guard let endedAt = recorded.settledAt else {
      let words = try Self.meanwhile(recorded.discrepancy.kind, names.words(now?.standing), claims)
      meanwhile =
        claims.isEmpty ? "Its events are at the centre still; they are fetched when somebody settles it." : words
      ended = nil
      return
    }
    meanwhile = nil
    guard let settlement else {
      ended = "Ended \(moments.dated(endedAt))."
      return
    }
    let at = moments.dated(settlement.wallClock)
    let who = try names.who(settlement, with: " with ")
    let words =
      settlement.verb == .settle
      ? "Settled \(at) by \(who) at \(settlement.chainName)"
      : "Ended by “\(settlement.verb.words.done)” \(at) by \(who) at \(settlement.chainName)"
    let note = try settlement.note(names: names.person).map { ": \($0)" } ?? ""
    ended = words + note
  }

  /// Events, none where this station began with a snapshot and has not fetched them.
  private static func here(_ events: () throws -> [CustodyEvent]) throws -> [CustodyEvent] {
    do {
      return try events()
    } catch StoreFault.historyAtCentre {
      return []
    }
  }

  private static func meanwhile(_ kind: Discrepancy.Kind, _ standing: String, _ claims: [Claim]) throws -> String {
    let holder = claims.first(where: \.counts).map { ", by the claim of \($0.event.chainName)" } ?? ""
    return switch kind {
    case .contested:
      "Until then the asset counts as: \(standing)\(holder). The line with most acts holds, else the later clock."
    case .contestedDisposal:
      "Until then the asset counts as: \(standing)\(holder). Nothing but sightings is recorded of it."
    case .resurrection:
      "Until then the asset counts as: \(standing)\(holder). Do not rely on the certificate of its disposal."
    case .identityQuestion: "Until then they are kept apart, each with its own history."
    case .fork:
      "Both entries are kept: each is signed with the station's key, and so together they prove it. The one that came first counts."
    case .skewedClock:
      "The event counts. What happened first is told by what each event knew of; a clock decides only between claims."
    }
  }
}

extension AssetPresenter {
  /// A standing in words: state and custodian.
  func words(_ standing: Standing?) throws -> String {
    guard let standing else { return "not known" }
    return try [standing.state.label, name(standing.custodian)].compactMap(\.self).joined(separator: ", ")
  }
}

extension StoreReading {
  /// The settlement of something about a station: an event of one of the assets that its claims are about.
  fileprivate func settlement(_ id: EventID, of recorded: RecordedDiscrepancy) throws -> CustodyEvent? {
    var seen: Set<AssetID> = []
    for claim in try events(of: recorded) where seen.insert(claim.asset).inserted {
      let asset = try canonical(of: claim.asset) ?? claim.asset
      if let found = try eventsOfAll(asset).first(where: { $0.eventID == id }) { return found }
    }
    return nil
  }
}

extension Discrepancy.Kind {
  /// As it stands on a page.
  var label: String {
    switch self {
    case .contested: "Contested"
    case .contestedDisposal: "Contested disposal"
    case .resurrection: "Recorded after disposal"
    case .identityQuestion: "One thing or two?"
    case .fork: "Fork"
    case .skewedClock: "Clock ahead"
    }
  }
}
