import Custody
import CustodyLedger

/// A count on its way: who counts, who still holds observations, and whether it is closed. A struct whose methods decide; whoever
/// holds it does what they say.
///
///     open ── join, report ──▶ open ── close ──▶ closed
///
/// A closed count stays closed. What comes for it afterwards is kept, and does not count: a count that was closed before a
/// counter's queue had drained would otherwise report as missing what was found.
public struct StockCount: Hashable, Sendable {
  /// One person with one device.
  public struct Counter: Hashable, Sendable {
    public let id: CounterID
    public let person: PersonID
    /// Such as `desk`, or what a phone calls itself.
    public let device: String
    /// Observations that the device still holds; nil for one that has not said since it joined.
    public var held: Int?

    /// A counter.
    public init(id: CounterID, person: PersonID, device: String, held: Int?) {
      self.id = id
      self.person = person
      self.device = device
      self.held = held
    }

    /// Whether observations of it may be out.
    public var isOut: Bool { held != 0 }
  }

  /// That it was closed.
  public struct Closed: Hashable, Sendable {
    public let at: Instant
    public let by: PersonID
    /// Observations that counters held, or might hold, when it was closed all the same; nil when none did.
    public let outstanding: Int?

    /// That it was closed.
    public init(at moment: Instant, by person: PersonID, outstanding: Int?) {
      at = moment
      by = person
      self.outstanding = outstanding
    }
  }

  /// What becomes of an observation that came.
  public enum Taking: Hashable, Sendable {
    /// It is new, and counts.
    case count
    /// It was here before: nothing to do.
    case again
    /// The count was closed before it came: it is kept, and does not count.
    case keepLate(Refusal)
    case refuse(Refusal)
  }

  /// What becomes of a wish to close.
  public enum Closing: Hashable, Sendable {
    case close(Closed)
    case refuse(Refusal)
  }

  public let id: CountID
  public private(set) var counters: [CounterID: Counter]
  /// Nil while it is open.
  public private(set) var closed: Closed?

  /// A count as it stands.
  public init(id: CountID, counters: [Counter] = [], closed: Closed? = nil) {
    self.id = id
    self.counters = Dictionary(counters.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.closed = closed
  }

  /// Roles that may count, open and close. Accepting what a count came to takes the role of the act that follows.
  public static let roles: Set<Role> = [.counter, .technician, .disposalOperator, .manager, .admin]

  /// Counters of which observations may be out, in order of their ids.
  public var out: [Counter] { counters.values.filter(\.isOut).sorted { $0.id < $1.id } }

  /// A counter joins, or says anew how many observations it holds. Nil when that was taken.
  public mutating func report(_ counter: Counter) -> Refusal? {
    if let known = counters[counter.id], known.person != counter.person {
      return Refusal(
        "count.counter.other", "This counter is somebody else's.",
        remedy: "Join under an id of your own: one for each person and device.")
    }
    if closed != nil, counters[counter.id] == nil { return refusalOfClosed() }
    counters[counter.id] = counter
    return nil
  }

  /// An observation came; `isKnown` tells whether one of its id was here before.
  public func take(of counter: CounterID, by person: PersonID, isKnown: Bool) -> Taking {
    guard let known = counters[counter] else {
      return .refuse(
        Refusal(
          "count.counter.unknown", "No counter of this id has joined the count.",
          remedy: "Join it first: PUT /api/v1/counts/{id}/counters/{counter}."))
    }
    guard known.person == person else {
      return .refuse(
        Refusal(
          "count.counter.other", "This counter is somebody else's.",
          remedy: "Join under an id of your own: one for each person and device."))
    }
    if isKnown { return .again }
    guard closed != nil else { return .count }
    return .keepLate(
      Refusal(
        "count.closed", "The count was closed before this came. It is kept, and does not count.",
        remedy: "Open a recount: it names this one."))
  }

  /// Somebody wants to close it; `anyway` though observations are out.
  public mutating func close(by person: PersonID, at moment: Instant, anyway: Bool) -> Closing {
    if closed != nil { return .refuse(refusalOfClosed()) }
    let out = out
    guard out.isEmpty || anyway else { return .refuse(Self.refusal(of: out)) }
    // A counter that never said is taken for one observation at least.
    let closed = Closed(at: moment, by: person, outstanding: out.isEmpty ? nil : out.map { $0.held ?? 1 }.reduce(0, +))
    self.closed = closed
    return .close(closed)
  }

  private func refusalOfClosed() -> Refusal {
    Refusal(
      "count.closed", "The count is closed already.", remedy: "To count again, open a recount: it names this one.",
      kind: .duplicate, previousAt: closed?.at, previousBy: closed?.by)
  }

  private static func refusal(of out: [Counter]) -> Refusal {
    let held = out.compactMap(\.held).reduce(0, +)
    let silent = out.filter { $0.held == nil }
    var parts: [String] = []
    if held > 0 {
      let holders = out.filter { $0.held != nil }.map(\.device).joined(separator: ", ")
      parts.append("\(held) \(held == 1 ? "observation is" : "observations are") still on \(holders)")
    }
    if !silent.isEmpty {
      parts.append("\(silent.map(\.device).joined(separator: ", ")) joined and did not say that nothing is left")
    }
    return Refusal(
      "count.close.out", "\(parts.joined(separator: "; ")). Closed now, what they saw would be reported as missing.",
      remedy: "Wait until they have sent everything, then try again; or close anyway, which is recorded.")
  }
}
