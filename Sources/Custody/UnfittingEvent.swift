/// An event that cannot be applied to what is there at all, such as a deploy of an asset that nobody brought in.
public struct UnfittingEvent: Error, Hashable, Sendable {
  public let event: EventID
  /// What does not go together, one sentence.
  public let sentence: String

  init(_ event: CustodyEvent, _ sentence: String) {
    self.event = event.eventID
    self.sentence = sentence
  }
}

/// Why an event does not continue an asset's history: it was decided on other knowledge than is here now.
public enum Misfit: Hashable, Sendable {
  /// It is about another asset.
  case asset
  /// It was decided after another event than the asset's newest.
  case prior(recorded: Prior?, here: Prior?)
  /// It starts from another state, custodian or location.
  case standing(recorded: Standing?, here: Standing?)
  /// No arrow of ``LifecycleTable`` leads there with this verb.
  case arrow(verb: Verb, from: LifecycleState?, to: LifecycleState?)

  /// What does not fit, one sentence.
  public var sentence: String {
    switch self {
    case .asset: "The event is about another asset."
    case .prior(let recorded, let here):
      "The event was decided after \(recorded.map { "event \($0.head), number \($0.version)," } ?? "no event,") "
        + "but the asset stands at \(here.map { "event \($0.head), number \($0.version)" } ?? "no event")."
    case .standing(let recorded, let here):
      "The event starts from \(recorded?.state.words ?? "no asset"), but the asset is \(here?.state.words ?? "not there")"
        + (recorded?.state == here?.state ? " with another custodian or location." : ".")
    case .arrow(let verb, let from, let to):
      "\(verb.rawValue) does not lead from \(from?.rawValue ?? "nothing") to \(to?.rawValue ?? "nothing")."
    }
  }
}

/// Whether `event` continues the history of `asset`: decided on its newest event, from where it stands, along an arrow of
/// the table. Nil when it does. The centre classifies what does not; nothing is refused here.
public func fits(_ event: CustodyEvent, on asset: Asset?) -> Misfit? {
  if let asset, asset.id != event.asset { return .asset }
  let here = asset.map { Prior(head: $0.head, version: $0.version) }
  guard event.prior == here else { return .prior(recorded: event.prior, here: here) }
  guard event.from == asset?.standing else { return .standing(recorded: event.from, here: asset?.standing) }
  let rule = LifecycleTable.rule(for: event.verb)
  guard rule.starts(from: asset) || goesAlong(event, asset), rule.leads(from: asset, to: event.to?.state) else {
    return .arrow(verb: event.verb, from: asset?.state, to: event.to?.state)
  }
  return nil
}

/// Whether the event disposes of a part together with what it is fitted in: then it may start wherever a part is held.
private func goesAlong(_ event: CustodyEvent, _ part: Asset?) -> Bool {
  guard case .dispose(let details) = event.details, let part, let fittedIn = details.fittedIn else { return false }
  return part.parent == fittedIn && LifecycleState.held.contains(part.state)
}
