extension Deliberation {
  /// A failed, aborted or unverified run is recorded like any other: it just does not pass.
  func sanitize(_ details: SanitizeDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    try checkLegalHold(asset)
    let record = details.record
    try check(record)
    guard let media = asset.mediaList else { throw mediaUnknown(asset) }
    guard media.contains(where: { $0.serial == record.medium.serial }) else {
      throw Refusal(
        code("mediumNotListed"), "Drive \(record.medium.serial) does not stand on the list of \(asset.name).",
        remedy: "Check the serial number; if the drive is in there, amend the list of drives first.")
    }
    // What ended this very moment is later than anything, also where a clock was ahead when the asset was deployed.
    if record.passes, record.endedAt < circumstances.now,
      let stale = asset.staleness(of: record.medium.serial, endedAt: record.endedAt)
    {
      throw stale
    }
    let validator = try witness(otherThan: [record.performedBy])
    try checkPerformer(of: record)
    if let roles = verb.witnessRoles, roles.isDisjoint(with: validator.roles) {
      throw Refusal(
        code("witnessRole"), "The second person may not validate a sanitization.",
        remedy: "Ask somebody with the role validator or manager.")
    }
    return draft(asset, .sanitize(details), to: asset.standing)
  }

  /// Who is signed in says what they did themselves; that somebody else ran it, only the tool's own report can say.
  private func checkPerformer(of record: SanitizationRecord) throws(Refusal) {
    if record.performedBy == intent.actor?.person { return }
    if let digest = record.reportDigest,
      intent.evidence.contains(where: { $0.digest == digest && $0.role == "toolReport" })
    {
      return
    }
    throw Refusal(
      code("performer"), "The run of drive \(record.medium.serial) is said to be another person's than the operator's.",
      remedy: "Let the one who ran it sign in and record it, or import the tool's report.")
  }

  private func check(_ record: SanitizationRecord) throws(Refusal) {
    try check(record.medium)
    try check(record.propertyNumber, "property number")
    try check(record.categorisation, "categorisation")
    try check(record.technique, "technique")
    try check(record.tool, "tool")
    try check(record.toolVersion, "tool version")
    try check(record.verificationMethod, "verification method")
    try check(record.place, "place")
    try check(record.destination, "destination")
    try check(record.reportedModel, "reported model")
    if let risks = record.residualRisks { try check(risks, "residual risks") }
    try check(record.startedAt, "start")
    try check(record.endedAt, "end")
    if let startedAt = record.startedAt, startedAt > record.endedAt {
      throw Refusal(
        code("times"), "The run of drive \(record.medium.serial) ended before it started.",
        remedy: "Check the times in the tool's report.")
    }
    guard record.endedAt <= circumstances.now else {
      throw Refusal(
        code("future"), "The run of drive \(record.medium.serial) is said to end later than it is now.",
        remedy: "Check the times in the tool's report, and the clocks of its computer and of this station.")
    }
    if let digest = record.reportDigest, !intent.evidence.contains(where: { $0.digest == digest }) {
      throw Refusal(
        code("reportMissing"), "The tool's report is named, but it is not among the evidence.",
        remedy: "Import the report again.")
    }
  }

  /// Refuses unless nothing readable can be left on `asset`.
  func needSanitized(_ asset: Asset) throws(Refusal) {
    guard asset.mediaList != nil else {
      if asset.isDataBearing { throw mediaUnknown(asset) }
      return
    }
    let left = asset.unsanitizedMedia
    if !left.isEmpty { throw notSanitized(left.map { (drive: $0.name, asset: asset) }) }
  }

  func mediaUnknown(_ asset: Asset) -> Refusal {
    Refusal(
      code("mediaUnknown"), "Nobody has listed the drives of \(asset.name), and it can hold data.",
      remedy: "Open it, and amend its list of drives: an empty list if a manager saw that there are none.")
  }

  func notSanitized(_ left: [(drive: String, asset: Asset)]) -> Refusal {
    let drives = left.map { "\($0.drive) of \($0.asset.name)" }.joined(separator: ", ")
    return Refusal(
      code("mediumNotSanitized"),
      left.count == 1
        ? "Drive \(drives) has no passing sanitization record."
        : "These drives have no passing sanitization record: \(drives).",
      remedy: "Sanitize or destroy each of them, and record it with a second person, then try again.")
  }

  func checkLegalHold(_ asset: Asset) throws(Refusal) {
    guard asset.facts.legalHold == true else { return }
    throw Refusal(
      code("legalHold"), "\(asset.name) is on legal hold: it must stay as it is.",
      remedy: "Set it aside; a manager can end the hold.")
  }
}
