extension Deliberation {
  /// The asset, and with it the parts in it: nobody can pick them out of what is gone. Each gets an event of its own that
  /// names what it was fitted in, so that its fold says it. A part that is known to be elsewhere (missing, in transit by
  /// itself) stays as it is.
  func dispose(_ details: DisposeDetails) throws(Refusal) -> [EventDraft] {
    let known = try known()
    try refuseRepeat(known, if: known.state == .disposed)
    if known.state == .inTransit, !rule.starts(from: known) {
      throw Refusal(
        code("notDeparted"), "\(known.name) is in transit, but it did not leave on a disposal order.",
        remedy: "Book its arrival first; then retire it, and let it leave on its order.")
    }
    let asset = try startable()
    try check(details.order, "disposal order")
    try check(details.vendor, "vendor")
    try check(details.vehicle, "vehicle or seal")
    try check(details.certificate, "certificate")
    if asset.state == .inTransit, let departed = asset.disposalOrder, departed != details.order {
      throw Refusal(
        code("otherOrder"), "\(asset.name) left on disposal order \(departed), not on \(details.order).",
        remedy: "Confirm it on the order that it left on.")
    }
    try checkLegalHoldOfAll(asset)
    try needAllSanitized(asset)
    _ = try witness()
    var details = details
    details.fittedIn = nil
    var drafts = [draft(asset, .dispose(details), to: Standing(state: .disposed))]
    for part in circumstances.parts where LifecycleState.held.contains(part.state) {
      details.fittedIn = part.parent
      drafts.append(draft(part, .dispose(details), to: Standing(state: .disposed)))
    }
    return drafts
  }

  func checkLegalHoldOfAll(_ asset: Asset) throws(Refusal) {
    for thing in [asset] + circumstances.parts { try checkLegalHold(thing) }
  }

  /// Of the asset and of all that is fitted in it. A drive on the list of what it is fitted in, at any level, is judged
  /// by the records there: what the drive's own say may be older than its last use in there.
  func needAllSanitized(_ asset: Asset) throws(Refusal) {
    let all = [asset] + circumstances.parts
    let byID = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    var left: [(drive: String, asset: Asset)] = []
    for thing in all {
      guard thing.mediaList != nil else {
        if thing.isDataBearing { throw mediaUnknown(thing) }
        continue
      }
      for medium in thing.unsanitizedMedia where !isListedAbove(medium, thing, under: asset, byID) {
        left.append((medium.serial, thing))
      }
    }
    if !left.isEmpty { throw notSanitized(left) }
  }

  /// Whether a part's medium stands on the list of what it is fitted in, up to `asset`. Ends also where parts were
  /// recorded as fitted in one another.
  private func isListedAbove(_ medium: Medium, _ part: Asset, under asset: Asset, _ all: [AssetID: Asset]) -> Bool {
    var below = part
    var seen: Set<AssetID> = []
    while below.id != asset.id, let above = below.parent, seen.insert(above).inserted, let holder = all[above] {
      if holder.mediaList?.contains(where: { $0.serial == medium.serial }) == true { return true }
      below = holder
    }
    return false
  }
}
