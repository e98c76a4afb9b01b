extension Asset {
  /// Takes over what an event brings, but for head, version and the like.
  mutating func take(_ event: CustodyEvent, to standing: Standing) {
    takeDetails(event)
    // What was done to its media while claims disagreed is not certain: it is wiped anew.
    if event.verb == .settle, standing.state != .disposed { expose(at: event.wallClock) }
    // What somebody has already as it is registered is written to.
    if event.verb == .register, standing.state == .deployed { expose(at: event.wallClock) }
    let old = self.standing
    state = standing.state
    custodian = standing.custodian
    location = standing.location
    if event.verb == .ship || event.verb == .declareMissing {
      before = old
    } else if state != .inTransit && state != .missing {
      before = nil
    }
    if state != .inTransit && state != .disposed { disposalOrder = nil }
    if state != .deployed && state != .inTransit && state != .missing { expectedReturn = nil }
  }

  private mutating func takeDetails(_ event: CustodyEvent) {
    switch event.details {
    case .expect(let details):
      facts.overlay(details.facts)
      bind(details.identifiers)
    case .register(let details):
      facts.overlay(details.facts)
      bind(details.identifiers)
      condition = details.condition
      expectedReturn = details.expectedReturn
    case .receive(let details):
      let listed = mediaList
      facts.overlay(details.facts)
      bind(details.identifiers)
      condition = details.condition ?? condition
      keepOutcomesOfListedMedia(before: listed, at: event.wallClock)
    case .amend(let details):
      let listed = mediaList
      facts.overlay(details.set)
      keepOutcomesOfListedMedia(before: listed, at: event.wallClock)
    case .bind(let details): bind([details.identifier])
    case .unbind(let details):
      identifiers.removeAll { $0 == details.identifier }
      if label?.mark == details.identifier { label = nil }
    case .attach(let details):
      parent = details.parent
      slot = details.slot
      expose(at: event.wallClock)
    case .detach:
      parent = nil
      slot = nil
      expose(at: event.wallClock)
    case .deploy(let details):
      expectedReturn = details.expectedReturn
      expose(at: event.wallClock)
    case .return(let details): condition = details.condition ?? condition
    case .triage(let details): condition = details.grade
    case .repairIn(let details):
      condition = details.condition ?? condition
      let listed = mediaList
      if var media = listed, !(details.mediaRemoved.isEmpty && details.mediaAdded.isEmpty) {
        media.removeAll { details.mediaRemoved.contains($0.serial) }
        for medium in details.mediaAdded where !media.contains(where: { $0.serial == medium.serial }) {
          media.append(medium)
        }
        facts.media = media
        for medium in details.mediaAdded { expose(medium.serial, at: event.wallClock) }
        keepOutcomesOfListedMedia(before: listed, at: event.wallClock)
      }
    case .ship(let details): disposalOrder = details.order
    case .arrive(let details): condition = details.condition ?? condition
    case .found(let details): condition = details.condition ?? condition
    case .sanitize(let details):
      let record = details.record
      sanitized[record.medium.serial] = SanitizationOutcome(
        event: event.eventID, method: record.achieved, passes: record.passes)
    case .dispose(let details): disposalOrder = details.order
    case .label(let details):
      label = LabelStanding(
        event: event.eventID, mark: details.mark, epc: details.epc, replaces: details.replaces,
        printedAt: event.wallClock)
    case .proveLabel(let details):
      // The proof of an earlier label says nothing about the one that came after it.
      if label?.event == details.label {
        label?.proof = event.eventID
        label?.provedAt = event.wallClock
      }
    case .transfer, .repairOut, .retire, .declareMissing, .correct, .settle: break
    }
  }

  /// Takes over the marks that the receipt of the same thing under another id brings, and the facts that are not known.
  mutating func takeReceipt(_ event: CustodyEvent) {
    let (brought, marks): (AssetFacts, [BoundIdentifier])
    switch event.details {
    case .expect(let details): (brought, marks) = (details.facts, details.identifiers)
    case .register(let details): (brought, marks) = (details.facts, details.identifiers)
    case .receive(let details): (brought, marks) = (details.facts, details.identifiers)
    default: return
    }
    facts = brought.overlaid(with: facts)
    bind(marks)
  }

  private mutating func bind(_ marks: [BoundIdentifier]) {
    for mark in marks where !identifiers.contains(mark) { identifiers.append(mark) }
  }

  /// A drive that left the list may come back with new data on it: its outcome does not wait for it, and a run from before
  /// it left says nothing of it then.
  private mutating func keepOutcomesOfListedMedia(before: [Medium]?, at moment: Instant) {
    guard let media = mediaList else { return }
    let listed = Set(media.map(\.serial))
    for medium in before ?? [] where !listed.contains(medium.serial) { expose(medium.serial, at: moment) }
    sanitized = sanitized.filter { listed.contains($0.key) }
  }
}
