extension Asset {
  /// Takes over what an event brings, but for head, version and the like.
  mutating func take(_ event: CustodyEvent, to standing: Standing) {
    takeDetails(event)
    // What was done to its media while claims disagreed is not certain: it is wiped anew.
    if event.verb == .settle, standing.state != .disposed { sanitized = [:] }
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
      facts.overlay(details.facts)
      bind(details.identifiers)
      condition = details.condition ?? condition
      keepOutcomesOfListedMedia()
    case .amend(let details):
      facts.overlay(details.set)
      keepOutcomesOfListedMedia()
    case .bind(let details): bind([details.identifier])
    case .unbind(let details):
      identifiers.removeAll { $0 == details.identifier }
      if label?.mark == details.identifier { label = nil }
    case .attach(let details):
      parent = details.parent
      slot = details.slot
      sanitized = [:]
    case .detach:
      parent = nil
      slot = nil
      sanitized = [:]
    case .deploy(let details):
      expectedReturn = details.expectedReturn
      sanitized = [:]
    case .return(let details): condition = details.condition ?? condition
    case .triage(let details): condition = details.grade
    case .repairIn(let details):
      condition = details.condition ?? condition
      if var media = mediaList, !(details.mediaRemoved.isEmpty && details.mediaAdded.isEmpty) {
        media.removeAll { details.mediaRemoved.contains($0.serial) }
        for medium in details.mediaAdded where !media.contains(where: { $0.serial == medium.serial }) {
          media.append(medium)
        }
        facts.media = media
        for medium in details.mediaAdded { sanitized[medium.serial] = nil }
        keepOutcomesOfListedMedia()
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

  /// A drive that left the list may come back with new data on it: its outcome does not wait for it.
  private mutating func keepOutcomesOfListedMedia() {
    guard !sanitized.isEmpty, let media = mediaList else { return }
    let listed = Set(media.map(\.serial))
    sanitized = sanitized.filter { listed.contains($0.key) }
  }
}
