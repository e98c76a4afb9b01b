import Custody

extension CountLine {
  /// What follows when a person accepts a line.
  public enum Acceptance: Hashable, Sendable {
    /// This becomes an event of the asset.
    case record(EventDetails)
    /// It is noted that a person took the readers' word; nothing moves.
    case note
    case refuse(Refusal)
  }

  /// What accepting the line means for `asset` as it stands now; nil is an asset that is not there. `late` is that it was seen all
  /// the same, where a word of that came after the closing: then it is not declared missing. `name` is how the count is named in
  /// what is recorded. Whether the person may, and the rest of the rules, is judged by `decide`.
  public func acceptance(
    for asset: Asset?, seenLate late: LateSighting? = nil, countNamed name: String
  ) -> Acceptance {
    if result == .found {
      return isProvisional
        ? .note
        : .refuse(
          Refusal(
            "count.accept.nothing", "It was found where it is recorded: there is nothing to accept.",
            remedy: "Nothing to do: go on with the next one."))
    }
    guard case .asset = subject, result != .duplicate else {
      return .refuse(
        Refusal(
          "count.accept.code",
          result == .unknown
            ? "No asset carries this code, so nothing can be recorded of it."
            : "Its marks contradict one another, so nobody can say which asset it is.",
          remedy: result == .unknown
            ? "Receive or register the thing at the desk, or bind the code to its asset."
            : "Look at both things, take the wrong mark off (unbind), and count again."))
    }
    guard let asset else {
      return .refuse(
        Refusal(
          "count.accept.unknownAsset", "The asset is not known here any longer.", remedy: "Look at it on its page."))
    }
    return result == .missing ? missing(asset, late, name) : moved(asset, name)
  }

  private func missing(_ asset: Asset, _ late: LateSighting?, _ name: String) -> Acceptance {
    if let late { return .refuse(late.refusal) }
    if asset.state != .missing, let recorded, asset.standing != recorded { return .refuse(changed(asset)) }
    return .record(.declareMissing(MissingDetails(reason: "Not seen in \(name)", incident: name)))
  }

  private func moved(_ asset: Asset, _ name: String) -> Acceptance {
    guard let place = sighting?.place else {
      return .refuse(
        Refusal(
          "count.accept.noPlace", "Nobody said where it was seen.",
          remedy: "Scan the location's label, then the asset, in a recount; or transfer it at the desk."))
    }
    if asset.state == .missing { return .record(.found(FoundDetails(location: place, incident: name))) }
    if let recorded, asset.standing != recorded, asset.location != place { return .refuse(changed(asset)) }
    return .record(.transfer(TransferDetails(location: place, reason: "Seen there in \(name)")))
  }

  private func changed(_ asset: Asset) -> Refusal {
    Refusal(
      "count.accept.changed",
      "Something was recorded of \(asset.tag ?? asset.serial ?? "it") since the count looked at it: it stands elsewhere now.",
      remedy: "Look at it on its page; if it is still in doubt, count again.")
  }
}
