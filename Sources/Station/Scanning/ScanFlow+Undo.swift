import Custody
import CustodyLedger
import StationStore

extension ScanFlow {
  /// Takes back the newest event of this session that is not taken back yet, by an event that names it.
  static func undo(
    in transaction: StoreTransaction, session: StoredSession, actor: Actor, site: SiteCode
  ) throws -> ScanOutcome {
    let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
    let scan = Scan(raw: Array("CUSTODY:CMD:UNDO".utf8), source: .keyed, device: "page")
    var outcome = ScanOutcome(result: .refused, words: "Nothing to undo", at: transaction.now, scan: scan)
    outcome.session = session.id
    outcome.work = work
    guard let (reading, event, asset) = try transaction.newestUndoable(in: session.id) else {
      outcome.sentence = "Nothing was recorded in this session that is not undone already."
      outcome.remedy = "Earlier events are corrected on the asset's page, with a manager's approval."
      outcome.code = "session.undo.nothing"
      return outcome
    }
    var intent = Intent(
      asset: asset, details: .correct(CorrectDetails(event: event, reason: "undone at the desk")), actor: actor)
    if let approver = work.approver {
      let roles = try transaction.roles(of: approver.person, at: site)
      intent.approver = Actor(person: approver.person, roles: roles, authStrength: approver.authStrength)
    } else if actor.roles.contains(.manager) {
      intent.approver = actor
    }
    if let approver = intent.approver {
      intent.details = .correct(
        CorrectDetails(event: event, reason: "undone at the desk", approver: approver.person))
    }
    intent.session = session.id
    switch try transaction.record(intent) {
    case .refused(let refusal):
      outcome.words = "Cannot be undone"
      outcome.sentence = refusal.sentence
      outcome.remedy = refusal.remedy
      outcome.code = refusal.code
      outcome.asset = try transaction.asset(asset)
    case .recorded(let events, let after):
      try transaction.markUndone(reading)
      outcome.result = .accepted
      outcome.words = "Taken back"
      outcome.events = events
      outcome.entryHash = transaction.headHash
      outcome.asset = after
      var kept = KeptReading(
        at: outcome.at, raw: scan.raw, symbologyIdentifier: nil, device: scan.device, session: session.id,
        person: actor.person, outcome: .context, words: outcome.words)
      kept.asset = asset
      outcome.reading = try transaction.keep(kept)
    }
    return outcome
  }
}
