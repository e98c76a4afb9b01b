import Custody
import CustodyLedger

extension DeskPresenter {
  /// The acts with a key of their own.
  static let main: [Verb] = [.receive, .deploy, .return, .dispose]
  /// Those behind `More`.
  static let more: [Verb] = [
    .triage, .sanitize, .retire, .transfer, .repairOut, .repairIn, .ship, .arrive, .declareMissing, .found, .amend,
  ]

  /// The button that turns the desk to an act.
  func choice(_ verb: Verb, current: Bool, key: String? = nil) -> WorkflowChoice {
    WorkflowChoice(
      workflow: verb.rawValue, label: verb.words.imperative, icon: verb.icon, key: key, current: current,
      words: key == nil ? nil : Self.purpose[verb],
      forbidden: signedIn.flatMap { verb.refusal(forRoles: $0.actor.roles)?.remedy })
  }

  private static let purpose: [Verb: String] = [
    .receive: "Goods come in", .deploy: "Hand out to a person", .return: "Take back", .dispose: "Confirm it is gone",
  ]

  /// The second persons that an act asks for.
  func people(_ work: WorkSession, _ forms: DeskForms) throws -> [SecondPersonView] {
    switch work.workflow {
    case .sanitize:
      [try forms.secondPerson(.witness, work: work, moments: moments)]
    case .dispose:
      [try forms.secondPerson(.witness, work: work, moments: moments)]
    // A triage asks a manager only where it retires.
    case .triage where work.details[path: "outcome"]?.text != LifecycleState.retired.rawValue: []
    case .retire, .triage:
      signedIn?.actor.roles.contains(.manager) == true
        ? [] : [try forms.secondPerson(.approver, work: work, moments: moments)]
    default: []
    }
  }
}
