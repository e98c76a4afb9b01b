extension Deliberation {
  /// The settlement names every claim of its kind that is known here, or those of them that the intent names. Where two people
  /// settle, it may name the claims of all that disagrees about where the asset stands: they say it once for all.
  func settle(_ details: SettleDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    let all = asset.discrepancies ?? []
    let open = all.filter { $0.kind == details.kind }
    let covered = details.kind.needsTwoPeople && !open.isEmpty ? all.filter(\.kind.movesAsset) : open
    let known = Set(covered.flatMap(\.toSettle))
    // Forks and clocks are the centre's to find: which events they are about stands in its list, not in the asset.
    guard !details.kind.isFolded || !known.isEmpty else {
      throw Refusal(
        code("nothingOpen"), "Nothing of that kind is open about \(asset.name).",
        remedy: "Look at the list of exceptions again; somebody may have settled it.")
    }
    var details = details
    if details.kind.isFolded, details.claims.isEmpty { details.claims = known.sorted() }
    guard (1...200).contains(details.claims.count), Set(details.claims).count == details.claims.count,
      !details.kind.isFolded || known.isSuperset(of: details.claims)
    else {
      throw Refusal(
        code("claims"), "The claims named are not those that are open about \(asset.name).",
        remedy: "Name events of its open exceptions, or none for all of them.")
    }
    try check(details.reason, "reason")
    if details.kind.needsTwoPeople { _ = try witness() }
    var standing = asset.standing
    if details.kind.movesAsset {
      guard let holds = details.holds, known.contains(holds),
        let claim = circumstances.history.first(where: { $0.eventID == holds }), let to = claim.to
      else {
        throw Refusal(
          code("holds"), "It is not said which of the claims about \(asset.name) holds.",
          remedy: "Choose one of them.")
      }
      standing = to
    } else {
      details.holds = nil
    }
    if details.kind == .identityQuestion {
      guard details.identity != nil else {
        throw Refusal(
          code("identity"), "It is not said whether \(asset.name) and the others are one thing.",
          remedy: "Say that they are the same, or different.")
      }
    } else {
      details.identity = nil
    }
    var draft = draft(asset, .settle(details), to: standing)
    draft.settles = details.claims
    return draft
  }

  /// While a disposal is contested, nothing is recorded but sightings, which are no events, and what settles it.
  func checkSightingsOnly() throws(Refusal) {
    guard let asset, verb != .settle, verb != .correct,
      asset.discrepancies?.contains(where: { $0.kind == .contestedDisposal }) == true
    else { return }
    throw Refusal(
      "custody.asset.contestedDisposal",
      "\(asset.name) was disposed of at one place and something else was done with it at another.",
      remedy: "Keep it where it is until two people have settled which of the two holds.")
  }
}
