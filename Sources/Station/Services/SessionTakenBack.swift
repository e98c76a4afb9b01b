import Custody
import CustodyLedger

/// What became of a whole session that was to be taken back.
struct SessionTakenBack: Sendable {
  /// An act that stays, with why.
  struct Left: Sendable {
    let asset: AssetID
    let name: String
    /// The first event of the act that stands.
    let event: EventID
    let refusal: Refusal
  }

  /// How many acts were taken back.
  var taken = 0
  /// What stays, newest first.
  var left: [Left] = []

  /// What the desk shows of it.
  func outcome(at moment: Instant, in session: SessionID) -> ScanOutcome {
    var outcome = ScanOutcome(
      result: left.isEmpty ? .accepted : taken == 0 ? .refused : .acceptedWithNote,
      words: "Taken back: \(taken) of \(taken + left.count)", at: moment,
      scan: Scan(raw: [], source: .keyed, device: "page"))
    let told = left.prefix(Self.told).map { "\($0.name) stays: \($0.refusal.sentence)" }
    let further = left.count > told.count ? ["And \(left.count - told.count) more."] : []
    outcome.sentence = told.isEmpty ? nil : (told + further).joined(separator: " ")
    outcome.remedy = left.first?.refusal.remedy
    outcome.code = left.first?.refusal.code
    outcome.session = session
    return outcome
  }

  /// How many of those that stay are named at the desk; all of them stand among the session's lines.
  private static let told = 3
}
