/// What was done to an asset: the type of a custody event. The raw value is the event's `type` on the wire and is
/// never reused for another meaning.
public enum Verb: String, Hashable, Sendable, Codable, CaseIterable {
  case expect, register, amend, bind, unbind, attach, detach, receive, deploy, transfer
  case `return`, triage, repairOut, repairIn, ship, arrive, retire, sanitize, dispose
  case declareMissing, found, correct
  case label, proveLabel
  case settle
}
