extension Verb {
  /// Roles that may do it, besides manager and admin, who may do everything.
  public var roles: Set<Role> { Self.rolesByVerb[self] ?? [] }

  /// Roles that may stand as the second person of the act; nil where anybody else may.
  public var witnessRoles: Set<Role>? { self == .sanitize ? [.validator, .manager] : nil }

  /// Why somebody with these roles may not do it; nil for who may.
  public func refusal(forRoles roles: Set<Role>) -> Refusal? {
    guard self.roles.isDisjoint(with: roles) else { return nil }
    return Refusal(
      "custody.\(rawValue).role", "Your roles at this site do not let you have an asset \(participle).",
      remedy: "Ask somebody with the role "
        + "\(Role.allCases.filter { self.roles.contains($0) }.map(\.words).joined(separator: ", ")).")
  }

  private static let rolesByVerb: [Verb: Set<Role>] = {
    let technician: Set<Verb> = [
      .expect, .register, .receive, .deploy, .transfer, .return, .triage, .repairOut, .repairIn, .ship, .arrive, .bind,
      .unbind, .attach, .detach, .amend, .sanitize, .declareMissing, .found, .correct,
      .label, .proveLabel,
    ]
    let disposalOperator: Set<Verb> = [
      .triage, .retire, .sanitize, .dispose, .ship, .arrive, .attach, .detach, .found, .declareMissing, .transfer,
      .correct, .label, .proveLabel,
    ]
    return Dictionary(
      uniqueKeysWithValues: Verb.allCases.map { verb in
        var roles: Set<Role> = [.manager, .admin]
        if technician.contains(verb) { roles.insert(.technician) }
        if disposalOperator.contains(verb) { roles.insert(.disposalOperator) }
        return (verb, roles)
      })
  }()
}

extension Actor {
  /// Whether this is surely a person with the manager role.
  var isProvenManager: Bool { authStrength.authenticates && roles.contains(.manager) }
}

extension Deliberation {
  /// Whether the one who acts has a manager's say over what loosens a wipe gate.
  var actorIsManager: Bool {
    guard let actor = intent.actor else { return false }
    return actor.roles.contains(.manager) || actor.roles.contains(.admin)
  }

  func checkActor() throws(Refusal) {
    guard let actor = intent.actor else {
      guard verb == .expect || verb == .register else {
        throw Refusal(
          "custody.actor.missing", "Nobody is signed in, and only a person can have an asset \(verb.participle).",
          remedy: "Scan your badge and type your PIN.")
      }
      return
    }
    guard actor.authStrength.authenticates else {
      throw Refusal(
        "custody.actor.notAuthenticated", "A badge alone says who you are, it does not prove it.",
        remedy: "Type your PIN.")
    }
    if let refusal = verb.refusal(forRoles: actor.roles) { throw refusal }
  }

  /// The witness, who must be surely recognised and another person than the operator and than `others`.
  func witness(otherThan others: [PersonID] = []) throws(Refusal) -> Actor {
    guard let witness = intent.witness else {
      throw Refusal(
        code("witnessMissing"), "A second person must be present to have an asset \(verb.participle).",
        remedy: "Let the second person scan their badge and type their PIN.")
    }
    guard witness.authStrength.authenticates else {
      throw Refusal(
        code("witnessNotAuthenticated"), "The second person's badge alone does not prove who they are.",
        remedy: "Let the second person type their PIN.")
    }
    guard witness.person != intent.actor?.person, !others.contains(witness.person) else {
      throw Refusal(
        code("witnessSame"), "The second person is the one who did it: nobody is their own witness.",
        remedy: "Let another person scan their badge and type their PIN.")
    }
    return witness
  }

  /// Checks that `named` approves: the intent's approver, surely recognised, with the manager role.
  func checkApprover(_ named: PersonID?) throws(Refusal) {
    guard let named, let approver = intent.approver, approver.person == named, approver.isProvenManager else {
      throw Refusal(
        code("approver"), "A manager must approve before an asset can be \(verb.participle).",
        remedy: "Let a manager scan their badge and type their PIN.")
    }
  }
}
