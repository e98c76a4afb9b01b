/// The events of an asset that count, in the order in which they do: the line that holds, and the notes beside it. The events
/// may come in any order; those of claims that do not prevail are left out.
public func line(of events: [CustodyEvent]) -> [CustodyEvent] {
  let history = AssetHistory(events)
  return history.sequence(history.line()).map { history.events[$0] }
}

extension AssetHistory {
  /// What the history makes of the asset.
  struct Folded {
    /// Nil when no event that counts begins it.
    var asset: Asset?
    /// Its events, each after all that it knows of; then those that wait.
    var events: [CustodyEvent]
    /// What it makes of each event.
    var standpoints: [EventID: Standpoint]
    var open: [Discrepancy]
    var settled: [SettledDiscrepancy]
    /// The event that it began with.
    var root: EventID?
    /// Settlements of identity questions that are among its events.
    var rulings: [IdentityRuling]
  }

  /// The asset under `id`, as the line that holds leaves it, and every event's part in it.
  func folded(as id: AssetID) -> Folded {
    let disagreements = disagreements()
    let line = line()
    let sequence = sequence(line)
    var asset = fold(sequence, as: id, along: line)
    let open = discrepancies(disagreements.filter { $0.settlement == nil })
    asset?.discrepancies = open.isEmpty ? nil : open
    asset?.isDivided = isDivided ? true : nil
    return Folded(
      asset: asset, events: (order + events.indices.filter { !isPlaced($0) }).map { events[$0] },
      standpoints: standpoints(line: Set(line), open: open, disagreements), open: open,
      settled: settledDiscrepancies(disagreements), root: line.first.map { events[$0].eventID }, rulings: rulings)
  }

  /// Whether its events are no plain row, each after the one before it. Settlements and corrections do not make them so
  /// again: the history is folded as a whole from then on.
  private var isDivided: Bool {
    guard order.count == events.count else { return true }
    var followed = Set<Int>()
    var roots = 0
    for place in order {
      if let parent = parent[place] {
        if !followed.insert(parent).inserted { return true }
      } else {
        roots += 1
      }
    }
    // Where the first event and a correction of it are followed by a new beginning, the asset begins anew.
    return roots > 1
  }

  /// How many moves that count lie on the longest way to each event.
  private var depths: [Int] {
    var depths = [Int](repeating: 0, count: events.count)
    for place in order {
      var depth = parent[place].map { depths[$0] } ?? 0
      if settlements.contains(place) {
        // It knows of all the claims, and weighs more than any of them.
        for other in order where other != place && known[place].contains(other) { depth = max(depth, depths[other]) }
      }
      depths[place] = depth + (counts(place) ? 1 : 0)
    }
    return depths
  }

  /// Whether it is a move that moves something.
  func counts(_ place: Int) -> Bool {
    guard isMove[place], !takenBack.contains(place) else { return false }
    switch events[place].verb {
    case .correct: return false
    case .settle: return settlements.contains(place)
    default: return true
    }
  }

  /// The line that holds, as things are: from the first event to its newest, each after the one before it.
  func line() -> [Int] {
    let depths = depths
    var hasFollower = Set<Int>()
    for place in order where isMove[place] {
      var above = parent[place]
      while let next = above, !isMove[next] { above = parent[next] }
      if let above { hasFollower.insert(above) }
      guard settlements.contains(place) else { continue }
      for other in order where other != place && known[place].contains(other) { hasFollower.insert(other) }
    }
    func weighsMore(_ one: Int, _ other: Int) -> Bool {
      // Places are in the order of clocks and ids.
      (depths[one], one) > (depths[other], other)
    }
    let tips = order.filter { isMove[$0] && !hasFollower.contains($0) }
    guard var tip = tips.max(by: { weighsMore($1, $0) }) ?? order.first else { return [] }
    // Notes that follow the newest move: the longest row of them, then as above.
    var length: [Int: Int] = [:]
    length[tip] = 0
    var end = tip
    for place in order where !isMove[place] {
      guard let above = parent[place], let before = length[above] else { continue }
      length[place] = before + 1
      if (before + 1, place) > (length[end] ?? 0, end) { end = place }
    }
    tip = end
    var line: [Int] = []
    var next: Int? = tip
    while let place = next {
      line.append(place)
      next = parent[place]
    }
    return line.reversed()
  }

  /// The line, and the notes beside it in the order of their clocks, each after what it was decided after. The receipts
  /// of one thing under other ids bring their marks and facts as notes do.
  func sequence(_ line: [Int]) -> [Int] {
    guard line.count < order.count else { return line }
    let onLine = Set(line)
    var included = onLine
    for place in order where !onLine.contains(place) {
      if !isMove[place] || isOtherReceipt(place, than: line.first) { included.insert(place) }
    }
    guard included.count > line.count else { return line }
    var above: [Int: Int] = [:]
    var followers: [Int: [Int]] = [:]
    for place in order where included.contains(place) {
      var next = parent[place]
      while let candidate = next, !included.contains(candidate) { next = parent[candidate] }
      guard let next else { continue }
      above[place] = next
      followers[next, default: []].append(place)
    }
    var ready = order.filter { included.contains($0) && above[$0] == nil }
    var sequence: [Int] = []
    while let place = ready.min() {
      ready.removeAll { $0 == place }
      sequence.append(place)
      ready += followers[place] ?? []
    }
    return sequence
  }

  /// Whether it is the first event under another id than the line's.
  func isOtherReceipt(_ place: Int, than root: Int?) -> Bool {
    guard let root, place != root, events[place].prior == nil, events[place].asset != events[root].asset,
      !takenBack.contains(place)
    else { return false }
    return LifecycleTable.rule(for: events[place].verb).startsNew
  }

  private func fold(_ sequence: [Int], as id: AssetID, along line: [Int]) -> Asset? {
    let withdrawn = Set(sequence.compactMap { corrected[$0] })
    let onLine = Set(line)
    var asset: Asset?
    for place in sequence where !withdrawn.contains(place) {
      let event = events[place]
      guard let to = event.to, event.verb != .correct, event.verb != .settle || counts(place) else { continue }
      let isBeside = !onLine.contains(place)
      if asset == nil {
        guard !event.isNote else { continue }
        asset = Asset(
          id: id, state: to.state, head: event.eventID, at: event.wallClock, verb: event.verb, operator: event.operator)
        asset?.take(event, to: to)
      } else if event.isNote, let standing = asset?.standing {
        // Beside a move that it did not know of, it moves nothing.
        asset?.take(event, to: standing)
      } else if isBeside {
        asset?.takeReceipt(event)
      } else {
        asset?.take(event, to: to)
      }
    }
    guard let head = line.last else { return nil }
    asset?.stamp(events[head], version: sequence.count)
    return asset
  }
}

/// A discrepancy that a settlement or a correction ended.
public struct SettledDiscrepancy: Hashable, Sendable {
  public let discrepancy: Discrepancy
  /// The settlement.
  public let by: EventID
}

/// A settlement of an identity question.
struct IdentityRuling: Hashable {
  let event: EventID
  let at: HybridTime
  let claims: Set<EventID>
  let identity: SettleDetails.Identity
}
