import Custody

extension CountLine {
  /// What follows when a person accepts a line.
  public enum Acceptance: Hashable, Sendable {
    /// This becomes an event of the asset.
    case record(EventDetails)
    /// It is noted that a person took the readers' word, or left the record as it is; nothing moves.
    case note
    case refuse(Refusal)
  }

  /// What accepting the line in the way that `answer` names means for `asset` as it stands now; nil is an asset that is not there.
  /// `late` is that it was seen all the same, where a word of that came after the closing: then it is not declared missing. `name`
  /// is how the count is named in what is recorded. Whether the person may, and the rest of the rules, is judged by `decide`.
  public func acceptance(
    for asset: Asset?, seenLate late: LateSighting? = nil, countNamed name: String, _ answer: Answer = Answer()
  ) -> Acceptance {
    let choice: Choice
    switch self.choice(for: asset, seenLate: late) {
    case .failure(let refusal): return .refuse(refusal)
    case .success(let ways): choice = ways
    }
    guard let way = answer.way ?? choice.usual else { return .refuse(Self.unchosen(choice.ways)) }
    guard choice.ways.contains(way) else { return .refuse(Self.unfit(way, choice.ways)) }
    switch way {
    case .confirm, .leave: return .note
    case .declareMissing:
      return .record(.declareMissing(MissingDetails(reason: "Not seen in \(name)", incident: name)))
    case .transfer:
      return seen { .transfer(TransferDetails(location: $0, reason: "Seen there in \(name)")) }
    case .takeBack:
      return seen {
        .return(
          ReturnDetails(condition: answer.condition, location: $0, missingAccessories: answer.missingAccessories))
      }
    case .repairIn:
      return seen { place in
        var details = RepairInDetails(outcome: answer.outcome ?? "")
        details.condition = answer.condition
        details.location = place
        return .repairIn(details)
      }
    case .arrive:
      return seen { place in
        var details = ArriveDetails(location: place)
        details.condition = answer.condition
        details.sealIntact = answer.sealIntact
        return .arrive(details)
      }
    case .found:
      return seen { .found(FoundDetails(location: $0, condition: answer.condition, incident: name)) }
    }
  }

  /// What is recorded of it at the place where it was seen.
  private func seen(_ details: (LocationCode) -> EventDetails) -> Acceptance {
    guard let place = sighting?.place else { return .refuse(.countedNowhere) }
    return .record(details(place))
  }

  private static func unchosen(_ ways: [Way]) -> Refusal {
    Refusal(
      "count.accept.choose", "What it is recorded as lets more than one thing follow, and none was chosen.",
      remedy: "Choose on its line: \(ways.map(\.rawValue).joined(separator: ", ")).")
  }

  private static func unfit(_ way: Way, _ ways: [Way]) -> Refusal {
    Refusal(
      "count.accept.way", "As it is recorded now, \(way.rawValue) does not follow from what was seen.",
      remedy: "Choose on its line: \(ways.map(\.rawValue).joined(separator: ", ")).")
  }
}

extension Refusal {
  static let countedNowhere = Refusal(
    "count.accept.noPlace", "Nobody said where it was seen.",
    remedy: "Scan the location's label, then the asset, in a recount; or transfer it at the desk.")
}
