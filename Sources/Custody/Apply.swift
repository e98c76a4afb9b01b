/// The asset as `event` leaves it. The event happened: no rule is judged here, only its effect is taken.
///
/// State, custodian and location are what the event's `to` says. Besides:
/// - deploy forgets sanitizations, for data may be written again; so do attach and detach for the part that moves, whose
///   own record says nothing about its time inside the other. Since when is kept: an older run does not count any more;
/// - outcomes of media that leave the list are forgotten, so that a drive that comes back counts as unsanitized;
/// - repair brings and takes media only on a list that is known: what is unknown stays unknown.
/// - Parameter history: the asset's events before this one, oldest first; called for `correct` only.
/// - Returns: nil when a correction leaves no asset.
/// - Throws: ``UnfittingEvent`` when there is nothing that it could be applied to; what `history` throws.
public func apply(_ event: CustodyEvent, to asset: Asset?, history: () throws -> [CustodyEvent]) throws -> Asset? {
  if let asset, asset.id != event.asset {
    throw UnfittingEvent(event, "The event is about asset \(event.asset), not about \(asset.id).")
  }
  guard case .correct(let details) = event.details else { return try advance(asset, by: event) }
  let events = try history()
  guard var corrected = try replay(events, leavingOut: details.event) else { return nil }
  corrected.stamp(event, version: (asset?.version ?? events.count) + 1)
  return corrected
}

/// The asset that `events` make, oldest first: the same as applying them one by one. A corrected event has no effect
/// from its correction on, but it counts in the version. Nil when there are no events, or when a correction left none.
/// - Throws: ``UnfittingEvent`` for an event that cannot be applied at all.
public func fold(_ events: [CustodyEvent]) throws -> Asset? {
  var asset: Asset?
  for (index, event) in events.enumerated() { asset = try apply(event, to: asset) { Array(events[..<index]) } }
  return asset
}

/// What the events give without `left`, and without all that corrections among them took back.
private func replay(_ events: [CustodyEvent], leavingOut left: EventID) throws -> Asset? {
  var takenBack: Set<EventID> = [left]
  for event in events { if case .correct(let details) = event.details { takenBack.insert(details.event) } }
  var asset: Asset?
  for event in events where event.verb != .correct && !takenBack.contains(event.eventID) {
    asset = try advance(asset, by: event)
  }
  return asset
}

/// One step that is no correction.
func advance(_ asset: Asset?, by event: CustodyEvent) throws -> Asset {
  guard let to = event.to else {
    throw UnfittingEvent(event, "A \(event.verb.rawValue) event must say where the asset stands after it.")
  }
  guard var next = asset else {
    guard LifecycleTable.rule(for: event.verb).startsNew else {
      throw UnfittingEvent(event, "A \(event.verb.rawValue) event needs an asset, and there is none.")
    }
    var new = Asset(
      id: event.asset, state: to.state, head: event.eventID, at: event.wallClock, verb: event.verb,
      operator: event.operator)
    new.take(event, to: to)
    return new
  }
  guard event.verb != .expect, event.verb != .register else {
    throw UnfittingEvent(event, "A \(event.verb.rawValue) event begins an asset, and \(next.name) is there already.")
  }
  next.take(event, to: to)
  next.stamp(event, version: next.version + 1)
  return next
}

extension Asset {
  mutating func stamp(_ event: CustodyEvent, version: Int) {
    head = event.eventID
    self.version = version
    changedAt = event.wallClock
    lastVerb = event.verb
    lastOperator = event.operator
  }
}
