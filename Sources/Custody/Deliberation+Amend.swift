extension Asset {
  /// Whether these new facts would end a legal hold.
  func liftsLegalHold(_ new: AssetFacts) -> Bool { facts.legalHold == true && new.legalHold != true }

  /// Whether these new facts would loosen a wipe gate: end a legal hold, make it bear no data, take a medium off its
  /// list, or say that it has none where nobody knew.
  func loosens(_ new: AssetFacts) -> Bool {
    if liftsLegalHold(new) || (isDataBearing && !new.bearsData) { return true }
    guard let media = new.media(ofSerial: serial) else { return false }
    guard let old = mediaList else { return media.isEmpty && new.bearsData }
    return old.contains { medium in !media.contains { $0.serial == medium.serial } }
  }
}

extension Deliberation {
  func amend(_ details: AmendDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    try check(details.reason, "reason")
    try check(details.set)
    let new = asset.facts.overlaid(with: details.set)
    if new == asset.facts { throw duplicate(asset, "has just these facts already") }
    if asset.loosens(new) { try needManager(asset) }
    var details = details
    details.was = asset.facts.restricted(to: details.set)
    return draft(asset, .amend(details), to: asset.standing)
  }

  func needManager(_ asset: Asset) throws(Refusal) {
    guard !actorIsManager else { return }
    throw Refusal(
      code("needsManager"), "This would let \(asset.name) go with fewer drives wiped, or end a legal hold.",
      remedy: "Ask a manager to do it.")
  }
}
