import Custody
import StationStore
import StockCounting

extension CountPresenter {
  /// What can follow from a line of a closed count, and what has to be done elsewhere instead.
  func acts(
    _ line: CountLine, _ asset: Asset?, _ roles: Set<Role>, _ late: LateSighting?
  ) throws -> (acts: [CountActView], note: String?) {
    switch line.choice(for: asset, seenLate: late) {
    case .failure(let refusal): return ([], line.result == .found ? nil : refusal.remedy)
    case .success(let choice):
      var (acts, note): ([CountActView], String?) = ([], nil)
      for way in choice.ways {
        if let refusal = way.refusal(forRoles: roles) {
          note = refusal.remedy
        } else if let asset, let verb = way.verb, !LifecycleTable.rule(for: verb).starts(from: asset) {
          note = "It is \(asset.state.label.lowercased()): move it at the desk by the step that fits."
        } else {
          acts.append(try act(way, line, asset, isOneOfSeveral: choice.usual == nil))
        }
      }
      return (acts, acts.isEmpty ? note : nil)
    }
  }

  private func act(
    _ way: CountLine.Way, _ line: CountLine, _ asset: Asset?, isOneOfSeveral: Bool
  ) throws -> CountActView {
    let place = line.sighting?.place?.text ?? ""
    let holder = try AssetPresenter(snapshot: snapshot, moments: moments).name(asset?.custodian)
    var act = CountActView(way: way.rawValue, label: "", isOneOfSeveral: isOneOfSeveral)
    switch way {
    case .declareMissing: act.label = "Declare missing"
    case .confirm: act.label = "Accept"
    case .transfer:
      act.label = holder.map { "Still with \($0): now at \(place)" } ?? "Move to \(place)"
    case .takeBack:
      act.label = "Return to \(place)"
      act.asks = CountActView.Asks(
        conditions: Self.grades, accessories: true, licences: asset?.facts.licences?.joined(separator: ", ").nonEmpty)
    case .repairIn:
      act.label = "Back from repair, at \(place)"
      act.asks = CountActView.Asks(conditions: Self.grades, outcome: true)
    case .arrive:
      act.label = "Arrived at \(place)"
      act.asks = CountActView.Asks(conditions: Self.grades, seal: true)
    case .found:
      act.label = "Found at \(place)"
      act.asks = CountActView.Asks(conditions: Self.grades)
    case .leave:
      act.label = holder.map { "Leave it with \($0)" } ?? "Leave it as it is"
      act.isOneOfSeveral = true
    }
    return act
  }

  /// Condition grades, none of them first.
  private static let grades =
    [FieldOption(value: "", label: "—")] + DetailField.grades.map { FieldOption(value: $0.value, label: $0.label) }
}

extension CountLine.Way {
  /// Why nobody with these roles may take this way; nil for who may.
  func refusal(forRoles roles: Set<Role>) -> Refusal? {
    if let verb { return verb.refusal(forRoles: roles) }
    return StockCount.roles.isDisjoint(with: roles) ? .noCounter : nil
  }
}
