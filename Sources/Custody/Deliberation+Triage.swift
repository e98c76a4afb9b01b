extension Deliberation {
  func triage(_ details: TriageDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == details.outcome)
    let asset = try startable()
    guard rule.leads(from: asset, to: details.outcome) else {
      throw Refusal(
        code("outcome"), "A triage cannot end with an asset \(details.outcome.words).",
        remedy: "Choose stock, repair or retirement.")
    }
    try check(details.grade, "grade")
    try check(details.vendor, "vendor")
    try check(details.reason, "reason")
    var details = details
    let required = details.sanitizationRequired ?? asset.isDataBearing
    if !required, asset.isDataBearing { try needManager(asset) }
    details.sanitizationRequired = required
    switch details.outcome {
    case .inStock: if required { try needSanitized(asset) }
    case .inRepair:
      guard details.vendor != nil else {
        throw Refusal(code("vendorMissing"), "Nobody is named who repairs it.", remedy: "Enter the repair vendor.")
      }
    default: try checkApprover(details.approver)
    }
    let standing = Standing(state: details.outcome, location: details.location ?? asset.location)
    return draft(asset, .triage(details), to: standing)
  }

  func retire(_ details: RetireDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == .retired)
    let asset = try startable()
    try check(details.reason, "reason")
    try checkApprover(details.approver)
    return draft(asset, .retire(details), to: Standing(state: .retired, location: asset.location))
  }
}
