/// A command that a label on the desk gives when it is scanned, so that gloved hands never touch the keyboard. The raw
/// value is what stands in the label's code, `CUSTODY:CMD:` and then this.
public enum DeskCommand: String, Hashable, Sendable, Codable, CaseIterable {
  case receive = "RECEIVE"
  case deploy = "DEPLOY"
  case transfer = "TRANSFER"
  case `return` = "RETURN"
  case triage = "TRIAGE"
  case repairOut = "REPAIR-OUT"
  case repairIn = "REPAIR-IN"
  case ship = "SHIP"
  case arrive = "ARRIVE"
  case retire = "RETIRE"
  case sanitize = "SANITIZE"
  case dispose = "DISPOSE"
  case declareMissing = "MISSING"
  case found = "FOUND"
  case bind = "BIND"
  case unbind = "UNBIND"
  case attach = "ATTACH"
  case detach = "DETACH"
  /// Says of the next box that is received that it came damaged.
  case damaged = "DAMAGED"
  /// Takes back the newest step of the session.
  case undo = "UNDO"
  /// Closes and signs the session.
  case close = "CLOSE"
  /// Goes on without scanning back the label that was printed: it stays unproven.
  case skip = "SKIP"
  /// Shows what is scanned, and changes nothing.
  case lookup = "LOOKUP"
}
