extension Deliberation {
  func deploy(_ details: DeployDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == .deployed && known.custodian == details.recipient)
    let asset = try startable()
    if asset.state == .quarantined { try needSanitized(asset) }
    try check(details.recipient)
    try check(details.expectedReturn, "expected return")
    try check(details.kit, "kit")
    if let word = details.acknowledgement { try check(word) }
    if case .person(let person) = details.recipient {
      try needWord(of: person, in: details.acknowledgement.map { [$0] } ?? [])
    }
    // What leaves the shelf stands no longer there: where it is used is known only if it was captured.
    var location = details.location
    if location == nil, case .place(let place) = details.recipient { location = place }
    let standing = Standing(state: .deployed, custodian: details.recipient, location: location)
    return draft(asset, .deploy(details), to: standing)
  }

  func transfer(_ details: TransferDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    guard details.custodian != nil || details.location != nil else {
      throw Refusal(
        code("nothingNamed"), "Neither a new custodian nor a new location is named.",
        remedy: "Scan the person's badge or the location's label.")
    }
    guard details.custodian == nil || asset.state == .deployed else {
      throw Refusal(
        code("custodianNotDeployed"), "\(asset.name) is \(asset.state.words): nobody has it who could pass it on.",
        remedy: "Deploy it to them instead.")
    }
    var standing = asset.standing
    standing.custodian = details.custodian ?? standing.custodian
    standing.location = details.location ?? standing.location
    if standing == asset.standing { throw duplicate(asset, "is with them, and there, already") }
    try check(details.custodian)
    try check(details.reason, "reason")
    for word in details.acknowledgements { try check(word) }
    if case .person(let person)? = details.custodian, details.custodian != asset.custodian {
      try needWord(of: person, in: details.acknowledgements)
    }
    return draft(asset, .transfer(details), to: standing)
  }

  func takeBack(_ details: ReturnDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == .quarantined)
    let asset = try startable()
    try check(details.from)
    try check(details.condition, "condition")
    try check(details.missingAccessories, "missing accessories")
    try check(details.licencesToReclaim, "licences to reclaim")
    if let word = details.acknowledgement { try check(word) }
    var details = details
    details.from = details.from ?? asset.custodian
    if details.licencesToReclaim.isEmpty { details.licencesToReclaim = asset.facts.licences ?? [] }
    return draft(asset, .return(details), to: Standing(state: .quarantined, location: details.location))
  }

  private func needWord(of person: PersonID, in words: [Acknowledgement]) throws(Refusal) {
    guard !words.isEmpty else {
      throw Refusal(
        code("acknowledgementMissing"), "The one who takes it has not acknowledged it.",
        remedy: "Let them sign, or scan their badge.")
    }
    guard words.contains(where: { $0.person == person }) else {
      throw Refusal(
        code("acknowledgementOther"), "Somebody else acknowledged it than the one who takes it.",
        remedy: "Let the one who takes it sign, or scan their badge.")
    }
  }
}
