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

  /// Of the asset and of all that is fitted in it: see ``Asset/disposalObstacles(parts:)``.
  func needAllSanitized(_ asset: Asset) throws(Refusal) {
    var left: [(drive: String, asset: Asset)] = []
    for obstacle in asset.disposalObstacles(parts: circumstances.parts) {
      switch obstacle {
      case .legalHold: continue
      case .mediaUnknown(let thing): throw mediaUnknown(thing)
      case .notSanitized(let medium, let thing): left.append((medium.name, thing))
      }
    }
    if !left.isEmpty { throw notSanitized(left) }
  }
}
