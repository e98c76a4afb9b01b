extension Deliberation {
  func attach(_ details: AttachDetails) throws(Refusal) -> [EventDraft] {
    let known = try known()
    if known.parent == details.parent { throw duplicate(known, "is fitted there already") }
    guard details.parent != known.id else {
      throw Refusal(
        code("self"), "\(known.name) cannot be fitted in itself.", remedy: "Scan the part, then what it goes into.")
    }
    let asset = try startable()
    let parent = try parent(details, in: LifecycleState.held)
    guard parent.parent != asset.id, !circumstances.parts.contains(where: { $0.id == parent.id }) else {
      throw Refusal(
        code("cycle"), "\(parent.name) is fitted in \(asset.name), so it cannot be the other way round too.",
        remedy: "Take \(parent.name) out first, or scan the two in the other order.")
    }
    guard asset.parent == nil else {
      throw Refusal(
        code("fittedElsewhere"), "\(asset.name) is fitted in another asset.", remedy: "Take it out there first.")
    }
    let drafts = [draft(asset, .attach(details), to: asset.standing)]
    // An unknown list stays unknown: one drive more does not tell which others there are.
    guard asset.facts.isDrive, let drives = asset.mediaList, let media = parent.facts.media else { return drafts }
    let new = drives.filter { drive in !media.contains { $0.serial == drive.serial } }
    guard !new.isEmpty else { return drafts }
    return drafts + [amendMedia(of: parent, from: media, to: media + new, "Drive \(asset.name) was fitted.")]
  }

  func detach(_ details: AttachDetails) throws(Refusal) -> [EventDraft] {
    let known = try known()
    if known.parent == nil, known.lastVerb == .detach { throw duplicate(known, "is taken out already") }
    let asset = try startable()
    guard asset.parent == details.parent else {
      throw Refusal(
        code("notFitted"), "\(asset.name) is not fitted there.", remedy: "Look it up to see where it is fitted.")
    }
    // A part that was elsewhere when the rest was disposed of, and turned up, can still be taken out of it.
    let parent = try parent(details, in: LifecycleState.held.union([.disposed]))
    let drafts = [draft(asset, .detach(details), to: asset.standing)]
    guard parent.state != .disposed, let media = parent.facts.media else { return drafts }
    // Only a drive that the part itself is then gated for: a cable with a drive's serial on it takes nothing off the list.
    let serials = asset.isDataBearing ? Set((asset.mediaList ?? []).map(\.serial)) : []
    let left = media.filter { !serials.contains($0.serial) }
    guard left.count < media.count else { return drafts }
    return drafts + [amendMedia(of: parent, from: media, to: left, "Drive \(asset.name) was taken out.")]
  }

  private func parent(_ details: AttachDetails, in states: Set<LifecycleState>) throws(Refusal) -> Asset {
    try check(details.slot, "slot")
    try check(details.reason, "reason")
    guard let parent = circumstances.parent, parent.id == details.parent else {
      throw Refusal(
        code("parentUnknown"), "What it is fitted in is not known here.",
        remedy: "Receive that first, or scan another of its marks.")
    }
    guard states.contains(parent.state) else {
      throw Refusal(
        code("parentState"), "\(parent.name) is \(parent.state.words), so nothing can be fitted or taken out.",
        remedy: parent.state.firstStep)
    }
    return parent
  }

  private func amendMedia(of parent: Asset, from old: [Medium], to new: [Medium], _ reason: String) -> EventDraft {
    var facts = AssetFacts()
    facts.media = new
    var details = AmendDetails(set: facts, reason: reason)
    facts.media = old
    details.was = facts
    return draft(parent, .amend(details), to: parent.standing)
  }
}
