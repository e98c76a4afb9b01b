extension Deliberation {
  func dispose(_ details: DisposeDetails) throws(Refusal) -> EventDraft {
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
    try checkLegalHold(asset)
    for child in circumstances.children { try checkLegalHold(child) }
    try needAllSanitized(asset)
    _ = try witness()
    return draft(asset, .dispose(details), to: Standing(state: .disposed))
  }

  /// Of the asset and of what is fitted in it. A drive on the asset's own list is judged by the asset's own records: what
  /// the drive's say may be older than its last use in there.
  func needAllSanitized(_ asset: Asset) throws(Refusal) {
    var left: [(drive: String, asset: Asset)] = []
    for thing in [asset] + circumstances.children {
      guard thing.mediaList != nil else {
        if thing.isDataBearing { throw mediaUnknown(thing) }
        continue
      }
      for medium in thing.unsanitizedMedia {
        let listedAbove = thing.id != asset.id && asset.mediaList?.contains { $0.serial == medium.serial } == true
        if !listedAbove { left.append((medium.serial, thing)) }
      }
    }
    if !left.isEmpty { throw notSanitized(left) }
  }
}
