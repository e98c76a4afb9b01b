extension Deliberation {
  func repairOut(_ details: RepairOutDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == .inRepair)
    let asset = try startable()
    try check(details.vendor, "vendor")
    try check(details.rma, "return number")
    guard details.loanedReplacement != asset.id else {
      throw Refusal(
        code("replacementSelf"), "\(asset.name) cannot replace itself while it is away.",
        remedy: "Scan the replacement, or leave it out.")
    }
    return draft(asset, .repairOut(details), to: Standing(state: .inRepair, location: details.location))
  }

  func repairIn(_ details: RepairInDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == .quarantined)
    let asset = try startable()
    try check(details.outcome, "outcome")
    try check(details.condition, "condition")
    try check(details.mediaRemoved, "removed drives")
    try check(details.mediaAdded)
    if let listed = asset.mediaList {
      for serial in details.mediaRemoved where !listed.contains(where: { $0.serial == serial }) {
        throw Refusal(
          code("mediumNotListed"), "Drive \(serial) is said to be removed, but \(asset.name) never listed it.",
          remedy: "Scan the removed drive again, or amend the list of drives first.")
      }
      for medium in details.mediaAdded
      where listed.contains(where: { $0.serial == medium.serial }) && !details.mediaRemoved.contains(medium.serial) {
        throw Refusal(
          code("mediumListed"), "Drive \(medium.serial) is said to be new, but \(asset.name) lists it already.",
          remedy: "Scan the new drive again.")
      }
    }
    // A drive that stays with the vendor unwiped is data out of the house: no technician answers for that alone.
    if details.mediaRemoved.contains(where: { asset.sanitized[$0]?.passes != true }) { try needManager(asset) }
    return draft(asset, .repairIn(details), to: Standing(state: .quarantined, location: details.location))
  }
}
