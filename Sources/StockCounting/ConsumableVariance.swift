import Custody
import CustodyLedger

/// What a count came to for one consumable at one place.
public struct ConsumableLine: Hashable, Sendable {
  /// What it came to. The raw value is its name on the wire, the same as in ``ConsumableTally``.
  public enum Result: String, Hashable, Sendable, Codable, CaseIterable {
    /// Less than on record, by more than its tolerance.
    case short
    /// More than on record, by more than its tolerance.
    case over
    /// Nobody said how much there is.
    case notCounted
    /// As on record, or off by no more than its tolerance.
    case within

    /// In the order in which they are shown: what is odd comes first.
    public static let shown: [Result] = [.short, .over, .notCounted, .within]
  }

  /// As it was on record when the count was opened; of what was not expected there, when it was first seen.
  public let consumable: Consumable
  /// Whether it was on record there when the count was opened.
  public let isExpected: Bool
  /// How much was counted; nil where nobody said anything of it.
  public let counted: Int?

  /// A line.
  public init(consumable: Consumable, isExpected: Bool, counted: Int?) {
    self.consumable = consumable
    self.isExpected = isExpected
    self.counted = counted
  }

  /// Counted less recorded; nil where nobody said anything.
  public var difference: Int? { counted.map { $0 - consumable.quantity } }

  /// What it came to.
  public var result: Result {
    guard let difference else { return .notCounted }
    if consumable.tolerance.holds(difference, at: consumable.value) { return .within }
    return difference < 0 ? .short : .over
  }
}

/// Consumables on record against what was counted: the same for every order in which observations come, and however often.
public struct ConsumableVariance: Sendable {
  /// In order of their codes, then of their places.
  public let lines: [ConsumableLine]

  /// Compares. `known` are those on record that were seen at a place where the count did not expect them; `records` tells of others
  /// that are seen there now.
  ///
  /// What was said at a place goes to what is on record there; else in the nearest place around it; else in the one place within it;
  /// else it stands for itself, with nothing on record.
  public init(
    expected: [Consumable], known: [Consumable] = [], records: [Consumable] = [], observations: [Observation],
    places: PlaceTree
  ) {
    var lines: [Spot: (consumable: Consumable, isExpected: Bool, counted: Int?)] = [:]
    for one in known { lines[Spot(one.code, one.location)] = (one, false, nil) }
    for one in expected { lines[Spot(one.code, one.location)] = (one, true, nil) }
    var sites: [ConsumableCode: Set<LocationCode>] = [:]
    for one in expected { sites[one.code, default: []].insert(one.location) }
    for (sighting, seenAt) in Self.standing(observations) {
      let place = Self.place(seenAt, among: sites[sighting.code] ?? [], in: places)
      let spot = Spot(sighting.code, place)
      if lines[spot] == nil {
        guard let one = Self.record(of: sighting.code, at: place, among: records + expected + known) else { continue }
        lines[spot] = (one, false, nil)
      }
      let before = lines[spot]?.counted ?? 0
      lines[spot]?.counted = before + sighting.quantity
    }
    // What was not expected there and is said to be there no more comes to nothing.
    self.lines = lines.filter { $0.value.isExpected || $0.value.counted != nil }.sorted { $0.key < $1.key }.map {
      ConsumableLine(consumable: $0.value.consumable, isExpected: $0.value.isExpected, counted: $0.value.counted)
    }
  }

  /// A consumable at a place.
  private struct Spot: Hashable, Comparable {
    let code: ConsumableCode
    let place: LocationCode

    init(_ code: ConsumableCode, _ place: LocationCode) {
      self.code = code
      self.place = place
    }

    static func < (left: Spot, right: Spot) -> Bool {
      left.code == right.code ? left.place < right.place : left.code < right.code
    }
  }

  /// One counter's word.
  private struct Word: Hashable {
    let counter: CounterID
    let observation: ObservationID
  }

  /// What counts: each observation once, without those that their own counter has taken back.
  private static func standing(
    _ observations: [Observation]
  ) -> [(sighting: ConsumableSighting, place: LocationCode)] {
    var undone: Set<Word> = []
    for one in observations {
      if case .consumable(let sighting) = one.meaning, let former = sighting.undoes {
        undone.insert(Word(counter: one.counter, observation: former))
      }
    }
    var seen: Set<ObservationID> = []
    return observations.compactMap { one in
      guard case .consumable(let sighting) = one.meaning, sighting.undoes == nil, let place = one.place,
        seen.insert(one.id).inserted, !undone.contains(Word(counter: one.counter, observation: one.id))
      else { return nil }
      return (sighting, place)
    }
  }

  /// Where what was said at `place` belongs, of the places where it is on record.
  private static func place(
    _ place: LocationCode, among sites: Set<LocationCode>, in places: PlaceTree
  ) -> LocationCode {
    if sites.contains(place) { return place }
    if let around = places.above(place).first(where: sites.contains) { return around }
    let within = sites.filter { places.above($0).contains(place) }
    return within.count == 1 ? within.first ?? place : place
  }

  /// What is on record of it there; of what is on record elsewhere alone, the same with a quantity of 0.
  private static func record(
    of code: ConsumableCode, at place: LocationCode, among records: [Consumable]
  ) -> Consumable? {
    if let here = records.first(where: { $0.code == code && $0.location == place }) { return here }
    guard var other = records.first(where: { $0.code == code }) else { return nil }
    other.location = place
    other.quantity = 0
    return other
  }

  /// How many lines came to what.
  public var tally: ConsumableTally {
    ConsumableTally(lines)
  }
}

extension ConsumableTally {
  /// Counts lines.
  public init(_ lines: some Sequence<ConsumableLine>) {
    self.init()
    for line in lines { add(line.result) }
  }

  /// Counts a line in.
  public mutating func add(_ result: ConsumableLine.Result) {
    switch result {
    case .short: short += 1
    case .over: over += 1
    case .notCounted: notCounted += 1
    case .within: within += 1
    }
  }
}
