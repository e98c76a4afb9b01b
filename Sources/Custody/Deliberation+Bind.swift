extension Deliberation {
  func bind(_ details: BindDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    try check(details.reason, "reason")
    if asset.identifiers.contains(details.identifier) { throw duplicate(asset, "carries this mark already") }
    try check(details.identifier)
    return draft(asset, .bind(details), to: asset.standing)
  }

  func unbind(_ details: BindDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    guard asset.identifiers.contains(details.identifier) else {
      throw Refusal(
        code("notBound"), "\(asset.name) does not carry this \(details.identifier.kind.rawValue).",
        remedy: "Look it up, and choose one of its marks.")
    }
    guard asset.identifiers.count > 1 else {
      throw Refusal(
        code("last"), "It is the last mark of \(asset.name): without it nobody could find it again.",
        remedy: "Bind its new mark first.")
    }
    guard let reason = details.reason else {
      throw Refusal(code("reasonMissing"), "It is not said why the mark is taken off.", remedy: "Enter why.")
    }
    try check(reason, "reason")
    return draft(asset, .unbind(details), to: asset.standing)
  }
}
