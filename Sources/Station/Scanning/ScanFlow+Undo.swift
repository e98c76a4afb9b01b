import Custody
import CustodyLedger
import StationStore

extension ScanFlow {
  /// Takes back the newest event of this session that is not taken back yet, by an event that names it; what was
  /// recorded on another asset in the same act goes with it. `label` is the scan that asked for it, if one did.
  static func undo(
    in transaction: StoreTransaction, session: StoredSession, actor: Actor, site: SiteCode,
    asked label: ScanOutcome? = nil
  ) throws -> ScanOutcome {
    if let outcome = try undoInKit(in: transaction, session: session, actor: actor, site: site, asked: label) {
      return outcome
    }
    guard let act = try transaction.newestStandingAct(in: session.id) else {
      var outcome = try notUndone("Nothing to undo", in: transaction, session: session, asked: label)
      outcome.sentence = "Nothing was recorded in this session that is not undone already."
      outcome.remedy = "Earlier events are corrected on the asset's page, with a manager's approval."
      outcome.code = "session.undo.nothing"
      return outcome
    }
    return try takeBack(
      act, because: "undone at the desk", in: transaction, session: session, actor: actor, site: site, asked: label)
  }

  /// What is answered as long as nothing is taken back.
  private static func notUndone(
    _ words: String, in transaction: StoreTransaction, session: StoredSession, asked label: ScanOutcome?
  ) throws -> ScanOutcome {
    let scan = label?.scan ?? Scan(raw: Array("CUSTODY:CMD:UNDO".utf8), source: .keyed, device: "page")
    var outcome = ScanOutcome(result: .refused, words: words, at: transaction.now, scan: scan)
    outcome.identifier = label?.identifier
    outcome.reading = label?.reading ?? 0
    outcome.session = session.id
    outcome.work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    return outcome
  }

  /// Takes back an act of a session: all of it that still stands, or nothing.
  static func takeBack(
    _ act: StandingAct, because reason: String, in transaction: StoreTransaction, session: StoredSession, actor: Actor,
    site: SiteCode, asked label: ScanOutcome? = nil
  ) throws -> ScanOutcome {
    var outcome = try notUndone("Cannot be undone", in: transaction, session: session, asked: label)
    var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    var approver: Actor?
    if let person = work.approver, person.stands(beside: actor, at: transaction.now),
      let roles = try transaction.activeRoles(of: person.person, at: site)
    {
      approver = Actor(person: person.person, roles: roles, authStrength: person.authStrength)
    } else if actor.roles.contains(.manager) {
      approver = actor
    }
    func takingBack(_ event: EventID, of asset: AssetID) -> Intent {
      let details = CorrectDetails(event: event, reason: reason, approver: approver?.person)
      var intent = Intent(asset: asset, details: .correct(details), actor: actor)
      intent.approver = approver
      intent.session = session.id
      return intent
    }
    // Newest first, as later events depend on earlier ones.
    let asset = act.asset
    let intents = act.events.reversed().map { takingBack($0.event, of: $0.asset) }
    switch try transaction.record(together: intents) {
    case .refused(let refusal):
      outcome.sentence = refusal.sentence
      outcome.remedy = refusal.remedy
      outcome.code = refusal.code
      outcome.asset = try transaction.asset(asset)
    case .recorded(let events, let after):
      try transaction.markUndone(act.reading)
      try transaction.settleFollowUps(of: asset, session: session.id, by: actor.person, "It was taken back.")
      if work.done?.asset == asset {
        // Its carton may be shown and received once more.
        work.done = nil
        outcome.work = work
        var session = session
        session.document = try CanonicalEncoder().encode(work)
        try transaction.save(session)
      }
      if let leaver = work.leaver, after?.custodian == .person(leaver), let back = work.broughtBack {
        // It is with them again.
        work.broughtBack = max(0, back - 1)
        outcome.work = work
        var session = session
        session.document = try CanonicalEncoder().encode(work)
        try transaction.save(session)
      }
      outcome.result = .accepted
      outcome.words = "Taken back"
      outcome.events = events
      outcome.entryHash = transaction.headHash
      outcome.asset = after
      guard label == nil else { return outcome }
      var kept = KeptReading(
        at: outcome.at, raw: outcome.scan.raw, symbologyIdentifier: nil, device: outcome.scan.device,
        session: session.id, person: actor.person, outcome: .context, words: outcome.words)
      kept.asset = asset
      outcome.reading = try transaction.keep(kept)
    }
    return outcome
  }
}
