/// All well signed events about one asset, as the graph that they make: each names the event that it was decided after,
/// a settlement also the claims that it settles. What follows from them does not depend on the order they came in.
///
/// - A *move* changes where the asset stands, or could: all verbs but amend, bind, unbind, label and proveLabel, which
///   only *note* something. Notes that did not know of one another all count, in the order of their clocks.
/// - Moves that did not know of one another contest the asset. Provisionally the line with most moves holds, then the one
///   whose last event has the later clock, then the higher id.
/// - What is corrected, and the correction, contest only what relies on the corrected event.
struct AssetHistory {
  /// In order of their clocks, then ids.
  let events: [CustodyEvent]
  /// The event before it, by `prior`; nil for a first event.
  let parent: [Int?]
  /// Places in `events` of what can be folded, each after all that it knows of.
  let order: [Int]
  /// For each event those that it knows of, itself among them, as a set of places.
  let known: [PlaceSet]
  /// Corrections, each with the event that it took back.
  let corrected: [Int: Int]
  /// Events that a correction took back.
  let takenBack: Set<Int>
  let isMove: [Bool]
  /// Settlements that hold: two people where a disposal is among what they know.
  let settlements: [Int]

  /// A history of events with different ids, in any order.
  init(_ unordered: [CustodyEvent]) {
    let events = unordered.sorted { ($0.hlc, $0.eventID) < ($1.hlc, $1.eventID) }
    self.events = events
    let places = Dictionary(uniqueKeysWithValues: events.indices.map { (events[$0].eventID, $0) })
    let parent = events.map { event in event.prior.flatMap { places[$0.head] } }
    self.parent = parent
    let claims = events.map { event -> [Int] in
      guard case .settle(let details) = event.details else { return [] }
      return details.claims.compactMap { places[$0] }
    }
    order = Self.order(events, parent, claims)
    var known = [PlaceSet](repeating: PlaceSet(count: events.count), count: events.count)
    var placed = PlaceSet(count: events.count)
    for place in order {
      if let parent = parent[place] { known[place].formUnion(known[parent]) }
      for claim in claims[place] where placed.contains(claim) { known[place].formUnion(known[claim]) }
      known[place].insert(place)
      placed.insert(place)
    }
    self.known = known

    var corrected: [Int: Int] = [:]
    for place in order {
      if case .correct(let details) = events[place].details, let wrong = places[details.event],
        wrong != place, known[place].contains(wrong)
      {
        corrected[place] = wrong
      }
    }
    self.corrected = corrected
    let takenBack = Set(corrected.values)
    self.takenBack = takenBack
    isMove = events.map { event in
      switch event.details {
      case .amend, .bind, .unbind, .label, .proveLabel: false
      case .correct(let details): places[details.event].map { !events[$0].isNote } ?? false
      case .settle(let details): details.kind.movesAsset
      default: true
      }
    }
    let disposals = order.filter { events[$0].verb == .dispose && !takenBack.contains($0) }
    settlements = order.filter { place in
      guard events[place].verb == .settle, !takenBack.contains(place) else { return false }
      return events[place].hasTwoPeople || !disposals.contains { known[place].contains($0) }
    }
  }

  /// Whether an event can be folded: all before it are here, and it says where the asset stands.
  func isPlaced(_ place: Int) -> Bool { known[place].contains(place) }

  /// Whether neither event knows of the other.
  func areConcurrent(_ one: Int, _ other: Int) -> Bool {
    !known[one].contains(other) && !known[other].contains(one)
  }

  /// First events first, then what is decided after them. Claims that are named in a ring do not count as known.
  private static func order(_ events: [CustodyEvent], _ parent: [Int?], _ claims: [[Int]]) -> [Int] {
    func order(withClaims: Bool, among: [Bool]) -> [Int] {
      var followers = [[Int]](repeating: [], count: events.count)
      var missing = [Int](repeating: 0, count: events.count)
      var ready: [Int] = []
      for place in events.indices where among[place] {
        if let parent = parent[place] {
          followers[parent].append(place)
          missing[place] += 1
        }
        if withClaims {
          for claim in claims[place] where among[claim] {
            followers[claim].append(place)
            missing[place] += 1
          }
        }
        if missing[place] == 0, events[place].prior == nil { ready.append(place) }
      }
      var order: [Int] = []
      while let place = ready.popLast() {
        order.append(place)
        for follower in followers[place] {
          missing[follower] -= 1
          if missing[follower] == 0 { ready.append(follower) }
        }
      }
      return order
    }
    let fitting = events.map { $0.to != nil || $0.verb == .correct }
    let plain = order(withClaims: false, among: fitting)
    var reached = [Bool](repeating: false, count: events.count)
    for place in plain { reached[place] = true }
    let full = order(withClaims: true, among: reached)
    return full.count == plain.count ? full : plain
  }
}

extension CustodyEvent {
  /// Whether it only notes something of the asset, wherever that stands.
  var isNote: Bool {
    switch verb {
    case .amend, .bind, .unbind, .label, .proveLabel: true
    default: false
    }
  }

  /// Whether somebody else stood by who acted.
  var hasTwoPeople: Bool { witness != nil && self.operator != nil && witness != self.operator }
}

/// Places of a history, a bit each.
struct PlaceSet: Hashable {
  private var words: [UInt64]

  init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  func contains(_ place: Int) -> Bool { words[place >> 6] & (1 << UInt64(place & 63)) != 0 }

  mutating func insert(_ place: Int) { words[place >> 6] |= 1 << UInt64(place & 63) }

  mutating func formUnion(_ other: PlaceSet) {
    for word in words.indices { words[word] |= other.words[word] }
  }

  mutating func remove(_ place: Int) { words[place >> 6] &= ~(1 << UInt64(place & 63)) }

  func isDisjoint(with other: PlaceSet) -> Bool {
    for word in words.indices where words[word] & other.words[word] != 0 { return false }
    return true
  }

  /// How many places are in it.
  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
