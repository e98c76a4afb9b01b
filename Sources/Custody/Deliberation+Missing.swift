extension Deliberation {
  func declareMissing(_ details: MissingDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    if known.state == .missing { throw duplicate(known) }
    let asset = try startable()
    try check(details.reason, "reason")
    try check(details.incident, "incident")
    try check(details.since, "missing since")
    // Whoever had it still answers for it; where it was is kept as its standing before.
    return draft(asset, .declareMissing(details), to: Standing(state: .missing, custodian: asset.custodian))
  }

  func found(_ details: FoundDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == .quarantined)
    let asset = try startable()
    try check(details.condition, "condition")
    try check(details.incident, "incident")
    return draft(asset, .found(details), to: Standing(state: .quarantined, location: details.location))
  }
}
