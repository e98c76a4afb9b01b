extension AssetHistory {
  /// Two events that cannot both hold as they stand.
  struct Disagreement {
    let kind: Discrepancy.Kind
    let one: Int
    let other: Int
    /// The first settlement that knows of both; nil while it is open.
    let settlement: Int?
  }

  /// All pairs of events that disagree.
  func disagreements() -> [Disagreement] {
    var found: [Disagreement] = []
    func add(_ kind: Discrepancy.Kind, _ one: Int, _ other: Int) {
      let settlement = settlements.first { settles($0, kind, one, other) }
      found.append(Disagreement(kind: kind, one: one, other: other, settlement: settlement))
    }
    let disposals = order.filter { events[$0].verb == .dispose && !takenBack.contains($0) }
    for place in order where !takenBack.contains(place) {
      if let disposal = disposals.first(where: { isResurrected(place, after: $0) }) {
        add(.resurrection, disposal, place)
      }
      if isIrregular(place) { add(.contested, parent[place] ?? place, place) }
    }
    guard order.count > 1 else { return found }
    // Most histories are a plain row with a short fork at its end: what everything knows of is not compared.
    var knowing = [Int](repeating: 0, count: events.count)
    for place in order { for other in order where known[place].contains(other) { knowing[other] += 1 } }
    let compared = order.filter { knowing[$0] + known[$0].count - 1 < order.count }
    for (index, one) in compared.enumerated() {
      for other in compared[..<index] where areConcurrent(one, other) {
        if let kind = contest(one, other) { add(kind, one, other) }
      }
    }
    return found
  }

  /// How two events that did not know of one another disagree; nil when both can hold.
  private func contest(_ one: Int, _ other: Int) -> Discrepancy.Kind? {
    if takenBack.contains(one) || takenBack.contains(other) { return nil }
    if isIdle(one) || isIdle(other) { return nil }
    for (correction, act) in [(one, other), (other, one)] where events[correction].verb == .correct {
      guard isMove[correction], let wrong = corrected[correction], known[act].contains(wrong) else { return nil }
      return events[wrong].verb == .dispose ? .contestedDisposal : isMove[act] ? .contested : nil
    }
    let areOneID = events[one].asset == events[other].asset
    for (disposal, act) in [(one, other), (other, one)] where events[disposal].verb == .dispose {
      // What was received under another id is the same thing only by its number: the clocks tell which came first.
      if !areOneID {
        if events[act].hlc > events[disposal].hlc { return .resurrection }
        if !isMove[act] || beginsID(act) { return nil }
      }
      return .contestedDisposal
    }
    guard isMove[one], isMove[other] else { return nil }
    if !areOneID, beginsID(one) || beginsID(other) { return nil }
    return .contested
  }

  /// A settlement that moves nothing.
  private func isIdle(_ place: Int) -> Bool {
    guard case .settle(let details) = events[place].details else { return false }
    return !details.kind.movesAsset || !settlements.contains(place)
  }

  private func beginsID(_ place: Int) -> Bool {
    events[place].prior == nil && LifecycleTable.rule(for: events[place].verb).startsNew
  }

  /// Whether it was recorded after the asset had been disposed of, as it knew.
  private func isResurrected(_ place: Int, after disposal: Int) -> Bool {
    guard place != disposal, known[place].contains(disposal) else { return false }
    switch events[place].verb {
    case .correct, .settle: return false
    default: break
    }
    // A settlement in between may have brought it back.
    return !settlements.contains { settlement in
      settlement != place && known[place].contains(settlement) && known[settlement].contains(disposal)
        && events[settlement].to?.state != .disposed
    }
  }

  /// Whether it does not start from where the event before it left the asset, or along no arrow of the table: a station
  /// that does not follow the rules.
  private func isIrregular(_ place: Int) -> Bool {
    let event = events[place]
    let rule = LifecycleTable.rule(for: event.verb)
    switch event.verb {
    case .correct, .settle: return false
    default: break
    }
    guard let parent = parent[place] else { return !rule.startsNew }
    if event.verb == .expect || event.verb == .register { return true }
    switch events[parent].verb {
    // Where these leave it depends on more than themselves.
    case .correct, .settle: return false
    default: break
    }
    // An event under another id: whoever recorded it saw both histories together.
    guard events[parent].asset == event.asset else { return false }
    if case .dispose(let details) = event.details, details.fittedIn != nil { return false }
    guard event.from == events[parent].to else { return true }
    guard let from = event.from else { return true }
    if from.state == .disposed { return false }
    return !rule.from.contains(from.state)
  }

  /// Whether a settlement settles two events that disagree: it knows of both.
  private func settles(_ settlement: Int, _ kind: Discrepancy.Kind, _ one: Int, _ other: Int) -> Bool {
    settlement != one && settlement != other && known[settlement].contains(one) && known[settlement].contains(other)
      && (!kind.needsTwoPeople || events[settlement].hasTwoPeople)
      && (events[settlement].movesAsset)
  }

  /// Of disagreements of all kinds, one discrepancy for each kind and each group of events that hang together.
  func discrepancies(_ all: [Disagreement]) -> [Discrepancy] {
    Discrepancy.Kind.allCases.flatMap { kind -> [Discrepancy] in
      let pairs = all.filter { $0.kind == kind }
      let newest = newest(among: Set(pairs.flatMap { [$0.one, $0.other] }))
      return groups(earliest(pairs)).map { group in
        // Only what hangs together with the group's claims.
        Discrepancy(
          kind, claims: group.map { events[$0].eventID },
          newest: newest.filter { place in group.contains { known[place].contains($0) } }.map { events[$0].eventID })
      }
    }
  }

  /// What settlements ended, by settlement and kind.
  func settledDiscrepancies(_ all: [Disagreement]) -> [SettledDiscrepancy] {
    settlements.flatMap { settlement in
      discrepancies(all.filter { $0.settlement == settlement }).map {
        SettledDiscrepancy(discrepancy: $0, by: events[settlement].eventID)
      }
    }
  }

  /// The pairs that no other pair comes before. A claim that was settled against others stands as its settlement.
  private func earliest(_ pairs: [Disagreement]) -> [(Int, Int)] {
    var rivals: [Int: PlaceSet] = [:]
    for pair in pairs {
      rivals[pair.one, default: PlaceSet(count: events.count)].insert(pair.other)
      rivals[pair.other, default: PlaceSet(count: events.count)].insert(pair.one)
    }
    // Rivals of what each of them knows of, besides itself.
    var earlier: [Int: PlaceSet] = [:]
    for place in rivals.keys {
      var all = PlaceSet(count: events.count)
      for (other, theirs) in rivals where other != place && known[place].contains(other) { all.formUnion(theirs) }
      earlier[place] = all
    }
    return pairs.filter { pair in
      guard let before = earlier[pair.one], var beside = rivals[pair.one] else { return false }
      beside.remove(pair.other)
      return before.isDisjoint(with: known[pair.other]) && beside.isDisjoint(with: known[pair.other])
    }
    .map { pair in (standing(for: pair.one, against: pair.other), standing(for: pair.other, against: pair.one)) }
  }

  private func standing(for place: Int, against rival: Int) -> Int {
    settlements.last { settlement in
      settlement != rival && known[settlement].contains(place) && areConcurrent(settlement, rival)
    } ?? place
  }

  /// Events that hang together by pairs.
  private func groups(_ pairs: [(Int, Int)]) -> [Set<Int>] {
    var groups: [Set<Int>] = []
    for (one, other) in pairs {
      var group: Set = [one, other]
      groups.removeAll { candidate in
        guard !candidate.isDisjoint(with: group) else { return false }
        group.formUnion(candidate)
        return true
      }
      groups.append(group)
    }
    return groups.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }
  }

  private func newest(among places: Set<Int>) -> [Int] {
    places.filter { place in !places.contains { $0 != place && known[$0].contains(place) } }.sorted()
  }

  func standpoints(line: Set<Int>, open: [Discrepancy], _ all: [Disagreement]) -> [EventID: Standpoint] {
    var claims: [EventID: Discrepancy.Kind] = [:]
    for discrepancy in open {
      for claim in discrepancy.claims {
        claims[claim] = claims[claim].map { $0.heavier(discrepancy.kind) } ?? discrepancy.kind
      }
    }
    var contested: [Int: Discrepancy.Kind] = [:]
    for pair in all where pair.settlement == nil {
      for place in [pair.one, pair.other] {
        contested[place] = contested[place].map { $0.heavier(pair.kind) } ?? pair.kind
      }
    }
    let root = line.min { known[$0].count < known[$1].count }
    var standpoints: [EventID: Standpoint] = [:]
    for place in events.indices {
      let event = events[place]
      standpoints[event.eventID] =
        if !isPlaced(place) {
          event.to == nil && event.verb != .correct ? .unfitting : .waiting
        } else if let kind = claims[event.eventID] {
          .contested(kind)
        } else if line.contains(place) || !isMove[place] {
          .applied
        } else if let kind = contested[place] {
          .contested(kind)
        } else if isOtherReceipt(place, than: root) {
          .applied
        } else {
          .superseded
        }
    }
    return standpoints
  }

  var rulings: [IdentityRuling] {
    order.compactMap { place in
      guard case .settle(let details) = events[place].details, details.kind == .identityQuestion,
        let identity = details.identity, !takenBack.contains(place)
      else { return nil }
      return IdentityRuling(
        event: events[place].eventID, at: events[place].hlc, claims: Set(details.claims), identity: identity)
    }
  }
}

extension CustodyEvent {
  /// Whether it is a settlement that says where the asset stands.
  var movesAsset: Bool {
    guard case .settle(let details) = details else { return false }
    return details.kind.movesAsset
  }
}

extension Discrepancy.Kind {
  /// The graver of two.
  func heavier(_ other: Self) -> Self {
    func weight(_ kind: Self) -> Int {
      switch kind {
      case .skewedClock: 0
      case .identityQuestion: 1
      case .contested: 2
      case .fork: 3
      case .contestedDisposal: 4
      case .resurrection: 5
      }
    }
    return weight(self) < weight(other) ? other : self
  }
}
