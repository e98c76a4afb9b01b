extension Deliberation {
  func ship(_ details: ShipDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.state == .inTransit)
    let asset = try startable()
    try check(details.carrier, "carrier")
    try check(details.trackingNumber, "tracking number")
    try check(details.sealNumber, "seal number")
    try check(details.destination, "destination")
    try check(details.order, "disposal order")
    guard details.toLocation != nil || details.destination != nil else {
      throw Refusal(
        code("destinationMissing"), "It is not said where \(asset.name) goes.",
        remedy: "Scan the location, or enter the address or vendor.")
    }
    if details.order != nil {
      guard asset.state == .retired else {
        throw Refusal(
          code("orderNotRetired"),
          "\(asset.name) is \(asset.state.words): only what is retired leaves on a disposal order.",
          remedy: "Retire it first, or ship it without the disposal order.")
      }
      try checkLegalHoldOfAll(asset)
      // The gate stands where the thing leaves; at the confirmation it is gone already.
      try needAllSanitized(asset)
    }
    let standing = Standing(state: .inTransit, custodian: asset.custodian)
    return draft(asset, .ship(details), to: standing)
  }

  func arrive(_ details: ArriveDetails) throws(Refusal) -> EventDraft {
    let known = try known()
    try refuseRepeat(known, if: known.location == details.location && known.state != .inTransit)
    let asset = try startable()
    try check(details.condition, "condition")
    // Registered while under way: nobody knows what it was, so it goes where it is looked at.
    let state = asset.before?.state ?? .quarantined
    let custodian = state == .deployed ? asset.custodian : nil
    return draft(asset, .arrive(details), to: Standing(state: state, custodian: custodian, location: details.location))
  }
}
