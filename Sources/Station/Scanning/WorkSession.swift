import Custody
import CustodyLedger
import Kits

/// What a session at a desk is doing: the state that decides what the next scan means. Kept in the store, so that it
/// goes on after a restart where it was.
struct WorkSession: Hashable, Sendable, Codable {
  /// The act that every scan asks for; nil looks things up.
  var workflow: Verb?
  /// What holds for every scan of the session: part of the verb's `details`, under the same names.
  var details: CanonicalJSON
  /// The second person of the session: witness of disposals, validator of sanitizations.
  var witness: SecondPerson?
  /// Who approves retirements and corrections.
  var approver: SecondPerson?
  /// Where the details hold what somebody acknowledged.
  static let words = ["acknowledgement", "acknowledgements"]
  /// Name of the commitment to the badge that acknowledged.
  static let recipientBadge = "recipientBadge"

  /// The order that is being received, by its number: what comes is held against its lines. The line that a person set stands
  /// in the details, as of any session that receives.
  var order: String?

  /// The kit that is being put together; what stands in it is kept beside the session.
  var kit: KitCode?

  /// Who gives back what they have; and how much of it came in this session.
  var leaver: PersonID?
  var broughtBack: Int?
  /// The picture of the signature that acknowledges.
  var signature: EvidenceReference?

  /// The carton that lies on the desk in a receive session.
  var carton: DeskCarton?
  /// The one that was received or set aside last.
  var done: DoneCarton?

  /// Of a phone's session: whether its person chose that it looks things up, instead of going along with their desk.
  var staysApart: Bool?

  /// HMAC commitments to badges that were scanned in this session, by name.
  var commitments: [String: String]

  /// A session that looks things up until it is told what to do.
  init(workflow: Verb? = nil, details: CanonicalJSON = [:]) {
    self.workflow = workflow
    self.details = details
    commitments = [:]
  }

  /// Acts that put an asset down where the operator stands: from one to the other the location stays.
  private static let placing: Set<Verb> = [.receive, .arrive, .found]

  /// Goes over to another act. All that was set belonged to the act before, the second persons too: who validated a wipe
  /// has not witnessed a disposal, and where goods came in is not where they are handed out. A location that was scanned
  /// before any act was chosen was scanned for the act that follows.
  mutating func turn(to workflow: Verb?) {
    guard workflow != self.workflow else { return }
    let keeps =
      self.workflow.map { before in
        Self.placing.contains(before) && workflow.map(Self.placing.contains) ?? false
      } ?? true
    self.workflow = workflow
    details = keeps ? details[path: "location"].map { ["location": $0] } ?? [:] : [:]
    witness = nil
    approver = nil
    commitments = [:]
    order = nil
    kit = nil
    leaver = nil
    broughtBack = nil
    signature = nil
    done = nil
  }

  /// Second persons who were recognised for no act in particular have served one now, and serve no other.
  mutating func secondPersonsServed(_ verb: Verb) {
    if witness != nil, witness?.act == nil { witness?.act = verb }
    if approver != nil, approver?.act == nil { approver?.act = verb }
  }

  /// Drops what others gave before somebody else took over: second persons, and what a recipient acknowledged.
  mutating func forgetWords() {
    witness = nil
    approver = nil
    for word in Self.words { details[path: word] = nil }
    commitments[Self.recipientBadge] = nil
    signature = nil
  }

  /// A recipient chosen from a list has acknowledged nothing: what another person's badge acknowledged is dropped.
  mutating func forgetAcknowledgements(ifOtherThan before: CanonicalJSON) {
    for (taker, word) in [("recipient.person", "acknowledgement"), ("custodian.person", "acknowledgements")] {
      guard details[path: taker] != before[path: taker], details[path: word] == before[path: word] else { continue }
      details[path: word] = nil
      commitments[Self.recipientBadge] = nil
      signature = nil
    }
  }
}

/// A second person who gave badge and PIN in a session.
struct SecondPerson: Hashable, Sendable, Codable {
  /// How long the word of a second person holds: one working stretch, not the next day's.
  static let validMilliseconds: Int64 = 4 * 3_600_000

  var person: PersonID
  /// Whom they stand beside: for another operator they have to say so again.
  var beside: PersonID
  var authStrength: AuthStrength
  var at: Instant
  /// The act they stand for: the session's when they were recognised; in a session without one, the first they serve.
  var act: Verb?

  /// Whether the word still holds for somebody who does this now: who validated a wipe has witnessed no disposal.
  func holds(for verb: Verb, by actor: Actor, at now: Instant) -> Bool {
    (act ?? verb) == verb && stands(beside: actor, at: now)
  }

  /// Whether they still stand beside somebody.
  func stands(beside actor: Actor, at now: Instant) -> Bool {
    beside == actor.person && now < at.advanced(byMilliseconds: Self.validMilliseconds)
  }
}
