import Custody
import StationStore
import StockCounting

extension CountPresenter {
  /// Consumables of a count, what is odd first.
  func stock(_ count: StoredCount, roles: Set<Role>) throws -> [CountStockLine] {
    let lines = try snapshot.consumableLines(of: count.id)
    return try ConsumableLine.Result.shown.flatMap { result in
      try lines.filter { $0.line.result == result }.map { try stockLine($0, of: count, roles: roles) }
    }
  }

  private func stockLine(
    _ stored: StoredConsumableLine, of count: StoredCount, roles: Set<Role>
  ) throws -> CountStockLine {
    let (line, isOpen) = (stored.line, count.ending == nil)
    let one = line.consumable
    var parts = [line.counted.map { "\($0) counted" } ?? "nothing said yet", "\(one.quantity) on record"]
    if let difference = line.difference, difference != 0 { parts.append("difference \(difference)") }
    switch one.tolerance {
    case .quantity(0): break
    case .quantity(let units): parts.append("tolerance ± \(units)")
    case .value(let worth):
      guard let currency = one.value?.currency else { break }
      parts.append("tolerance ± \(Consumable.UnitValue.text(worth, of: currency)) \(currency)")
    }
    if !line.isExpected { parts.append("not expected here") }
    var view = CountStockLine(
      state: line.result.state, icon: line.result.icon, words: line.result.label, code: one.code.text, name: one.name,
      place: one.location.text, href: one.href, detail: parts.joined(separator: " · "),
      canSay: isOpen && !StockCount.roles.isDisjoint(with: roles))
    if let accepted = stored.accepted {
      let name = try AssetPresenter(snapshot: snapshot, moments: moments).person(accepted.by) ?? "somebody"
      view.note = "Accepted by \(name), \(moments.dated(accepted.at))"
    } else if !isOpen, let counted = line.counted, line.difference != 0 {
      if Consumable.roles.isDisjoint(with: roles) {
        view.note = Refusal.noStockKeeper.remedy
      } else {
        view.act = "Set to \(counted)"
      }
    } else if !isOpen, line.counted == nil {
      view.note = "Count again, and say 0 where there is none."
    }
    return view
  }

  /// What was scanned last, where it is a consumable.
  func inHand(_ id: ObservationID?, of count: StoredCount) throws -> CountStockInHand? {
    guard let id, let (observation, isLate) = try snapshot.observation(id, of: count.id), !isLate,
      case .consumable(let sighting) = observation.meaning, let place = observation.place
    else { return nil }
    let line = try stood(sighting, at: place, in: count)
    guard let one = line?.consumable else { return nil }
    return CountStockInHand(
      code: one.code.text, name: one.name, unit: one.unit, place: place.text, words: "\(line?.counted ?? 0) counted")
  }

  /// What came of an observation of a consumable.
  func result(
    of sighting: ConsumableSighting, _ observation: Observation, in count: StoredCount, _ begun: ResultView
  ) throws -> ResultView {
    var view = begun
    guard let place = observation.place, let line = try stood(sighting, at: place, in: count) else { return view }
    view.tag = line.consumable.code.text
    view.asset = line.consumable.name
    view.words = sighting.undoes == nil ? "Counted: \(sighting.quantity)" : "Taken back"
    var parts = ["\(line.counted ?? 0) counted", place.text]
    if !count.hides { parts.append("\(line.consumable.quantity) on record") }
    view.detail = parts.joined(separator: " · ")
    return view
  }

  /// The line that something said at a place belongs to.
  private func stood(
    _ sighting: ConsumableSighting, at place: LocationCode, in count: StoredCount
  ) throws -> ConsumableLine? {
    let lines = try snapshot.consumableLines(of: count.id, coded: sighting.code).map(\.line)
    if let here = lines.first(where: { $0.consumable.location == place }) { return here }
    let places = try snapshot.placeTree()
    return lines.first { places.relation(of: place, to: $0.consumable.location) == .same } ?? lines.first
  }
}

extension Consumable {
  /// Its page.
  var href: String {
    "/consumable" + DeskPages.query([("code", code.text), ("location", location.text)])
  }
}

extension ConsumableLine.Result {
  /// As it stands on a page.
  var label: String {
    switch self {
    case .short: "Short"
    case .over: "Over"
    case .notCounted: "Not counted yet"
    case .within: "Within tolerance"
    }
  }

  fileprivate var state: String {
    switch self {
    case .short: "refused"
    case .over: "unknown"
    case .notCounted: "expected"
    case .within: "done"
    }
  }

  fileprivate var icon: String {
    switch self {
    case .short: "cross"
    case .over: "question"
    case .notCounted: "dot"
    case .within: "check"
    }
  }
}
