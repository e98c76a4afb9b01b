extension Deliberation {
  func correct(_ details: CorrectDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    let history = circumstances.history
    guard let wrong = history.first(where: { $0.eventID == details.event }) else {
      throw Refusal(
        code("unknownEvent"), "\(asset.name) has no such event.", remedy: "Choose the event in the asset's history.")
    }
    guard wrong.verb != .correct else {
      throw Refusal(
        code("isCorrection"), "A correction is not corrected: it stays in the record.",
        remedy: "Record again what was rightly there before.")
    }
    var takenBack: Set<EventID> = []
    for event in history {
      guard case .correct(let earlier) = event.details else { continue }
      takenBack.insert(earlier.event)
      guard earlier.event == wrong.eventID else { continue }
      throw Refusal(
        code("already"), "This event of \(asset.name) was corrected already: nothing was recorded again.",
        remedy: "Nothing to do: go on with the next one.", kind: .duplicate, previousAt: event.wallClock,
        previousBy: event.operator)
    }
    try check(details.reason, "reason")
    let newest = history.last { $0.verb != .correct && !takenBack.contains($0.eventID) }
    let isUndo =
      newest?.eventID == wrong.eventID && intent.session != nil && wrong.session == intent.session
      && wrong.operator != nil && wrong.operator == intent.actor?.person
    if details.approver != nil || !isUndo { try checkApprover(details.approver) }
    let refolded = try foldWithout(wrong, takenBack, history, name: asset.name)
    var draft = draft(asset, .correct(details), to: refolded?.standing)
    draft.corrects = wrong.eventID
    return draft
  }

  /// The asset as it would be without `wrong`; refuses when later events depend on it. A later event does when it no
  /// longer starts from where the asset stands, or what it names or relies on is not there; so does, in turn, what
  /// depends on that.
  private func foldWithout(_ wrong: CustodyEvent, _ takenBack: Set<EventID>, _ history: [CustodyEvent], name: String)
    throws(Refusal) -> Asset?
  {
    var asset: Asset?
    var dependent: [CustodyEvent] = []
    for event in history where event.verb != .correct && !takenBack.contains(event.eventID) {
      if event.eventID == wrong.eventID { continue }
      guard event.from == asset?.standing, !misses(event, on: asset, without: wrong) else {
        dependent.append(event)
        continue
      }
      do { asset = try advance(asset, by: event) } catch { dependent.append(event) }
    }
    guard dependent.isEmpty else {
      let names = dependent.reversed().map { "\($0.verb.rawValue) of \($0.wallClock)" }.joined(separator: ", ")
      throw Refusal(
        code("dependent"), "Later events of \(name) depend on this one: \(names).",
        remedy: "Have those corrected first, in this order, newest first.")
    }
    return asset
  }

  /// Whether `event` names or relies on something that only `wrong` brought.
  private func misses(_ event: CustodyEvent, on asset: Asset?, without wrong: CustodyEvent) -> Bool {
    guard let asset else { return false }
    switch event.details {
    case .unbind(let details): return !asset.identifiers.contains(details.identifier)
    case .detach(let details): return asset.parent != details.parent
    case .attach: return asset.parent != nil
    case .sanitize(let details): return asset.mediaList?.contains { $0.serial == details.record.medium.serial } != true
    case .repairIn(let details):
      guard let media = asset.mediaList else { return false }
      return details.mediaRemoved.contains { serial in !media.contains { $0.serial == serial } }
    // These passed a wipe gate, maybe with the very record that is to be taken back.
    case .dispose: return wrong.verb == .sanitize && !asset.isFreeOfData
    case .deploy: return wrong.verb == .sanitize && asset.state == .quarantined && !asset.isFreeOfData
    case .triage(let details):
      return wrong.verb == .sanitize && details.outcome == .inStock && details.sanitizationRequired == true
        && !asset.isFreeOfData
    default: return false
    }
  }
}
