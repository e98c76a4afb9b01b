import Custody
import CustodyLedger
import Kits
import StationStore

extension ScanOutcome {
  /// Refusals that the word of who takes it answers.
  private static let askForWord: Set = [
    "custody.deploy.acknowledgementMissing", "custody.deploy.acknowledgementOther",
    "custody.transfer.acknowledgementMissing", "custody.transfer.acknowledgementOther",
  ]
  /// Refusals of an act that could be stated, with the detail that answers each.
  private static let askForDetail = ["kit.nobody": "recipient", "custody.triage.vendorMissing": "vendor"]

  /// Whether it said no for want of something that the session has by now.
  func isAnswered(by work: WorkSession) -> Bool {
    guard result == .refused, let code, let before = self.work, before.workflow == work.workflow else { return false }
    if Self.askForWord.contains(code) {
      // Where nobody takes it in person any longer, nobody's word is asked for.
      return HandOver(work).map { $0.given(in: work) != nil } ?? true
    }
    guard let path = lacks ?? Self.askForDetail[code], let value = work.details[path: path] else { return false }
    return value != before.details[path: path]
  }
}

extension StoreReading {
  /// What a desk shows once something was set in its session that answers what stands there: somebody has given their word, or
  /// what was missing is there. Nil where what stands there still holds.
  func answer(
    to shown: ScanOutcome?, from before: WorkSession, to work: WorkSession, in session: SessionID, at moment: Instant
  ) throws -> ScanOutcome? {
    let answered = shown.flatMap { $0.session == session && $0.isAnswered(by: work) ? $0 : nil }
    var outcome = ScanOutcome(result: .context, words: "Details set", at: moment, scan: Scan(raw: [], source: .keyed))
    if let handOver = HandOver(work), let method = handOver.given(in: work),
      work.details[path: handOver.path] != before.details[path: handOver.path]
    {
      let name = try person(handOver.person)?.name ?? "a person no longer named"
      outcome.words =
        switch method {
        case .signature: "Signed: \(name)"
        case .pin: "Badge and PIN: \(name)"
        case .badge: "Badge: \(name)"
        }
    } else if answered == nil {
      return nil
    }
    (outcome.session, outcome.work, outcome.asset) = (session, work, answered?.asset)
    if work.kit != nil {
      let filling = try kitFilling(of: session)
      outcome.sentence = filling?.stillToScan.map { "Still to scan: \($0)." }
      if filling?.isComplete == true { outcome.remedy = "Press Hand over." }
    } else if let answered, let name = answered.asset?.displayName ?? answered.identifier?.mark {
      outcome.remedy = "Scan \(name) again."
    }
    return outcome
  }
}

extension StationCore {
  /// Shows the answer at the desk, unless something else has come there since.
  func show(_ answer: ScanOutcome?, insteadOf shown: ScanOutcome?) {
    guard let answer, desk.lastOutcome?.at == shown?.at, desk.lastOutcome?.reading == shown?.reading else { return }
    desk.lastOutcome = answer
  }
}
