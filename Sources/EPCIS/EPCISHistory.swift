import Custody
import TamperEvidence

/// The custody events of one asset as events of EPCIS.
///
/// An event names its asset by the first GS1 key that the asset carried then, so that exporting it again, later and with
/// more events, gives the same event with the same hash; else by `urn:uuid:` and the asset's id. What it carried then is
/// what the events before it had bound: each names the one before (`prior`), so that concurrent lines do not mix.
public struct EPCISHistory: Sendable {
  /// An event with the hash of its ledger entry.
  public struct Recorded: Sendable {
    public let event: CustodyEvent
    public let entry: EntryHash

    /// An event.
    public init(event: CustodyEvent, entry: EntryHash) {
      self.event = event
      self.entry = entry
    }
  }

  /// An event with what became of it.
  public struct Viewed: Sendable {
    public let source: CustodyEvent
    public let event: EPCISEvent
  }

  /// One for each event given, in their order.
  public let events: [Viewed]

  /// The events of one asset, in any order.
  public init(_ recorded: [Recorded]) {
    var byID: [EventID: Recorded] = [:]
    for item in recorded where byID[item.event.eventID] == nil { byID[item.event.eventID] = item }
    var marks: [EventID: CarriedMarks] = [:]
    func carried(after event: CustodyEvent) -> CarriedMarks {
      var line: [CustodyEvent] = []
      var place: CustodyEvent? = event
      var passed: Set<EventID> = []
      while let here = place, marks[here.eventID] == nil, passed.insert(here.eventID).inserted {
        line.append(here)
        place = here.prior.flatMap { byID[$0.head]?.event }
      }
      var known = place.flatMap { marks[$0.eventID] } ?? CarriedMarks()
      while let next = line.popLast() {
        known.take(next)
        marks[next.eventID] = known
      }
      return marks[event.eventID] ?? known
    }
    events = recorded.map { item in
      let own = carried(after: item.event)
      if case .correct(let details) = item.event.details, let wrong = byID[details.event], wrong.event.verb != .correct
      {
        var event = EPCISEvent(wrong, carried(after: wrong.event))
        event.error = .init(
          declaredAt: item.event.wallClock, reason: .standard(.error, "did_not_occur"),
          event: EPCISNames.event(item.event.eventID), entry: EPCISNames.entry(item.entry))
        return Viewed(source: item.event, event: event)
      }
      return Viewed(source: item.event, event: EPCISEvent(item, own))
    }
  }
}

/// The marks that an asset carries at one point of its history.
struct CarriedMarks: Sendable {
  private struct Bound {
    let mark: BoundIdentifier
    let by: EventID
  }

  private var bound: [Bound] = []
  /// What was taken off, and by which event, in case that is corrected.
  private var takenOff: [EventID: [(place: Int, bound: Bound)]] = [:]

  var marks: [BoundIdentifier] { bound.map(\.mark) }

  /// How EPCIS calls the asset.
  func name(of asset: AssetID) -> String {
    for item in bound {
      if let name = EPCISNames.gs1(item.mark) { return name }
    }
    return EPCISNames.asset(asset)
  }

  mutating func take(_ event: CustodyEvent) {
    switch event.details {
    case .unbind(let details):
      takenOff[event.eventID] = bound.enumerated().filter { $0.element.mark == details.identifier }.map {
        (place: $0.offset, bound: $0.element)
      }
      bound.removeAll { $0.mark == details.identifier }
    case .correct(let details):
      bound.removeAll { $0.by == details.event }
      for (place, item) in takenOff.removeValue(forKey: details.event) ?? [] {
        bound.insert(item, at: min(place, bound.count))
      }
    default:
      for mark in event.details.identifiers where !bound.contains(where: { $0.mark == mark }) {
        bound.append(Bound(mark: mark, by: event.eventID))
      }
    }
  }
}
