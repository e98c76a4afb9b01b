import Custody
import CustodyLedger
import StationStore

extension StationCore {
  /// Longest reason for taking a session back, bytes.
  static let longestReason = 1000

  /// Takes back everything of a session that still stands, newest first. Each act goes by correcting events of its own, in a
  /// commit of its own: stopped on the way, what was taken back stays so, and asked again the rest follows. What cannot be
  /// taken back stays, with why. Throws the problem when there is nothing to take back, no reason is given, things stand in a
  /// kit, or the session is closed or another's.
  func takeAllBack(in id: SessionID, because reason: String, by signedIn: SignedIn) async throws -> SessionTakenBack {
    let reason = String(reason.drop(while: \.isWhitespace))
    guard !reason.isEmpty, reason.utf8.count <= Self.longestReason else {
      throw Problem.malformed(
        reason.isEmpty ? "Nothing says why." : "It is longer than \(Self.longestReason) bytes.", pointer: "/reason",
        remedy: "Say in a sentence why it is taken back, such as: scanned into the wrong session.")
    }
    let site = store.identity.site
    let (session, count) = try await store.read { snapshot -> (StoredSession, Int) in
      let session = try snapshot.openSession(id, of: signedIn)
      let tally = try snapshot.tally(of: id)
      return (session, (tally[.accepted] ?? 0) + (tally[.acceptedWithNote] ?? 0))
    }
    var result = SessionTakenBack()
    var limit = Int64.max
    while let (act, outcome) = try await takeBackNewest(in: id, before: limit, reason, at: site, by: signedIn) {
      limit = act.reading
      guard outcome.result == .accepted else {
        result.left.append(
          SessionTakenBack.Left(
            asset: act.asset, name: outcome.asset?.displayName ?? "An asset", event: act.events[0].event,
            refusal: Refusal(outcome.code ?? "", outcome.sentence ?? outcome.words, remedy: outcome.remedy ?? "")))
        continue
      }
      result.taken += 1
      var shown = outcome
      shown.words = "Taken back: \(result.taken) of \(count)"
      if session.desk == desk.name { desk.lastOutcome = shown }
      try announce(shown, desk: session.desk)
    }
    guard result.taken + result.left.count > 0 else { throw Problem.nothingToUndo }
    if session.desk == desk.name { desk.lastOutcome = result.outcome(at: clock.now(), in: id) }
    tellDesk(of: session)
    return result
  }

  /// Takes back the newest act before a reading that still stands; gives back the act and what came of it, nil when there is
  /// none any longer.
  private func takeBackNewest(
    in id: SessionID, before reading: Int64, _ reason: String, at site: SiteCode, by signedIn: SignedIn
  ) async throws -> (StandingAct, ScanOutcome)? {
    try await store.write { transaction -> (StandingAct, ScanOutcome)? in
      let session = try transaction.openSession(id, of: signedIn)
      try transaction.requireEmptyKit(of: id)
      guard let act = try transaction.newestStandingAct(in: id, before: reading) else { return nil }
      let outcome = try ScanFlow.takeBack(
        act, because: reason, in: transaction, session: session, actor: signedIn.actor, site: site)
      return (act, outcome)
    }
  }
}

extension Problem {
  /// Nothing of the session stands.
  static let nothingToUndo = Problem(
    .conflict, "session.undo.nothing", "Nothing to undo",
    detail: "Nothing was recorded in this session that is not undone already.",
    remedy: "Earlier events are corrected on the asset's page, with a manager's approval.")
}
