import Custody
import CustodyLedger

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
  /// HMAC commitments to badges that were scanned in this session, by name.
  var commitments: [String: String]

  /// A session that looks things up until it is told what to do.
  init(workflow: Verb? = nil, details: CanonicalJSON = [:]) {
    self.workflow = workflow
    self.details = details
    commitments = [:]
  }

  /// Goes over to another act. The location stays, since the operator does; all else belonged to the act before, the
  /// second persons too: who validated a wipe has not witnessed a disposal.
  mutating func turn(to workflow: Verb?) {
    guard workflow != self.workflow else { return }
    self.workflow = workflow
    details = details[path: "location"].map { ["location": $0] } ?? [:]
    witness = nil
    approver = nil
    commitments = [:]
  }

  /// A recipient chosen from a list has acknowledged nothing: what another person's badge acknowledged is dropped.
  mutating func forgetAcknowledgements(ifOtherThan before: CanonicalJSON) {
    if details[path: "recipient.person"] != before[path: "recipient.person"] { details[path: "acknowledgement"] = nil }
    if details[path: "custodian.person"] != before[path: "custodian.person"] { details[path: "acknowledgements"] = nil }
  }
}

/// A second person who gave badge and PIN in a session.
struct SecondPerson: Hashable, Sendable, Codable {
  var person: PersonID
  var authStrength: AuthStrength
  var at: Instant
}
