extension Deliberation {
  func expect(_ details: ExpectDetails) throws(Refusal) -> EventDraft {
    try refuseExisting()
    try check(details.facts)
    guard details.facts.model != nil else {
      throw Refusal(code("modelMissing"), "The announcement names no model.", remedy: "Enter the model.")
    }
    guard details.facts.orderLine != nil else {
      throw Refusal(
        code("orderMissing"), "The announcement names no order line.",
        remedy: "Enter the line of the purchase order or ship notice.")
    }
    var details = details
    details.identifiers = try newMarks(details.identifiers)
    return draft(nil, .expect(details), to: Standing(state: .expected, location: details.location))
  }

  func register(_ details: RegisterDetails) throws(Refusal) -> EventDraft {
    try refuseExisting()
    try check(details.facts)
    try check(details.condition, "condition")
    try check(details.custodian)
    try check(details.expectedReturn, "expected return")
    var details = details
    details.identifiers = try newMarks(details.identifiers)
    guard !details.identifiers.isEmpty else {
      throw Refusal(
        code("identifierMissing"), "Nothing is named by which the asset can be found again.",
        remedy: "Scan its tag or serial number.")
    }
    guard details.state != .disposed else {
      throw Refusal(
        code("disposed"), "What is disposed of already cannot be registered.",
        remedy: "Register it as retired, and dispose of it with its order and two people.")
    }
    switch details.state {
    case .deployed:
      guard details.custodian != nil else {
        throw Refusal(
          code("custodianMissing"), "It is handed out, but nobody is named who has it.",
          remedy: "Name the person, team or place.")
      }
    case .inTransit, .missing: break
    default:
      guard details.custodian == nil else {
        throw Refusal(
          code("custodianUnexpected"), "Somebody is named who has it, but it is \(details.state.words).",
          remedy: "Register it as handed out, or leave the person out.")
      }
    }
    switch details.source {
    case .file(let sha256, let row):
      guard sha256.utf8.count == 64, row >= 1,
        sha256.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      else {
        throw Refusal(
          code("source"), "The import file is not named by its SHA-256 and a row from 1.",
          remedy: "Import the file again.")
      }
    case .declared(let reason):
      guard intent.actor != nil else {
        throw Refusal(
          "custody.actor.missing", "Nobody is signed in, and only a person can declare an asset.",
          remedy: "Scan your badge and type your PIN.")
      }
      try check(reason, "reason")
    }
    // An import without a person is the owner of the station's folder taking over an older record, file and row named. A
    // person at the desk is held to what retire and amend hold them to, whatever source they name.
    if intent.actor != nil {
      if details.facts.disownsData { try needManagerToDisownData() }
      if details.state == .retired || details.approver != nil { try checkApprover(details.approver) }
    }
    let standing = Standing(state: details.state, custodian: details.custodian, location: details.location)
    return draft(nil, .register(details), to: standing)
  }

  func receive(_ details: ReceiveDetails) throws(Refusal) -> EventDraft {
    if let asset {
      try refuseRepeat(asset, if: asset.state == .inStock)
      if asset.state == .inTransit, !rule.starts(from: asset) {
        throw Refusal(
          code("notArrived"), "\(asset.name) was not shipped as stock, so it cannot be received into stock.",
          remedy: "Book its arrival instead; it then goes on from where it was.")
      }
      _ = try startable()
    }
    try check(details.facts)
    try check(details.condition, "condition")
    try check(details.blindReason, "reason for no order")
    var details = details
    let old = asset?.identifiers ?? []
    details.identifiers = try newMarks(details.identifiers)
    guard (old + details.identifiers).contains(where: { $0.kind == .tag || $0.kind == .serial }) else {
      throw Refusal(
        code("identifierMissing"), "Neither a tag nor a serial number was scanned.",
        remedy: "Scan its serial number, or put a label on it and scan that.")
    }
    let facts = asset?.facts.overlaid(with: details.facts) ?? details.facts
    guard facts.model != nil else {
      throw Refusal(code("modelMissing"), "The model is not known.", remedy: "Enter the model.")
    }
    guard facts.orderLine != nil || details.blindReason != nil else {
      throw Refusal(
        code("orderMissing"), "It belongs to no order line.",
        remedy: "Choose the order line, or enter why there is none.")
    }
    // What was announced is a claim, and the scan is the fact: only a legal hold outlives it.
    if let asset, asset.state == .expected ? asset.liftsLegalHold(facts) : asset.loosens(facts) {
      try needManager(asset)
    }
    if asset == nil || asset?.state == .expected, facts.disownsData { try needManagerToDisownData() }
    return draft(asset, .receive(details), to: Standing(state: .inStock, location: details.location))
  }

  private func needManagerToDisownData() throws(Refusal) {
    guard !actorIsManager else { return }
    throw Refusal(
      code("needsManager"), "A thing of its category can hold data, and it is said to hold none or to have no drive.",
      remedy: "List its drives, or leave them open; or ask a manager, who looked, to do it.")
  }

  private func refuseExisting() throws(Refusal) {
    guard let asset else { return }
    if asset.lastVerb == verb { throw duplicate(asset, "is \(verb.participle) already") }
    throw Refusal(
      code("exists"), "\(asset.name) is known here already, so it cannot be \(verb.participle).",
      remedy: "Look it up, and go on from where it stands.")
  }
}
