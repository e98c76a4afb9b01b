import Custody

/// Loading the vehicle, and its departure.
extension DisposalOrder {
  /// Scans an asset onto the vehicle. What has changed since the sealing is asked again.
  public mutating func load(
    _ cargo: Cargo, seenBy sighting: ReadingEvidence?, by person: PersonID, at now: Instant
  ) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      let asset = cargo.asset
      try next.need(.sealed, to: "loaded")
      guard let place = next.place(of: asset.id) else { throw next.notOnIt(asset.name) }
      guard next.lines[place].loaded == nil else {
        throw DisposalRefusal(
          "disposal.load.already", "\(asset.name) is loaded already.",
          remedy: "Nothing to do: go on with the next one.", kind: .duplicate)
      }
      let hindrances = cargo.hindrances
      if let first = hindrances.first { throw DisposalRefusal(first.refusal, hindrances: hindrances) }
      next.lines[place].loaded = DisposalMark(at: now, by: person)
      next.lines[place].sighting = sighting
      return .keep
    }
  }

  /// Takes an asset off the vehicle again.
  public mutating func unload(_ asset: AssetID, named name: String) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.sealed, to: "unloaded")
      guard let place = next.place(of: asset) else { throw next.notOnIt(name) }
      guard next.lines[place].loaded != nil else {
        throw DisposalRefusal(
          "disposal.unload.already", "\(name) is not on the vehicle.", remedy: "Nothing to do.", kind: .duplicate)
      }
      next.lines[place].loaded = nil
      next.lines[place].sighting = nil
      return .keep
    }
  }

  /// Lets the vehicle go: one `ship` for each asset on it. What was not scanned onto it is named, and stays behind only
  /// when the caller says so.
  ///
  /// - Parameters:
  ///   - carrier: who drives, where the terms do not say it or it is another.
  ///   - vehicle: the registration, likewise.
  public mutating func depart(
    carrier: String?, vehicle: String?, leavingBehind: Bool, _ cargo: [AssetID: Cargo], by person: PersonID,
    at now: Instant
  ) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.sealed, to: "sent off")
      let mark = DisposalMark(at: now, by: person)
      if let carrier = try DisposalText.checked(carrier, "carrier") { next.terms.carrier = carrier }
      if let vehicle = try DisposalText.checked(vehicle, "vehicle") { next.terms.vehicle = vehicle }
      let notLoaded = next.going.filter { $0.loaded == nil }
      guard notLoaded.count < next.going.count else {
        throw DisposalRefusal(
          "disposal.depart.nothingLoaded", "Nothing of \(next.number) was scanned onto the vehicle.",
          remedy: "Scan each asset as it is loaded.")
      }
      guard leavingBehind || notLoaded.isEmpty else {
        let hindrances = notLoaded.map { line in
          let name = cargo[line.asset]?.asset.name ?? line.asset.description
          return DisposalHindrance(
            asset: line.asset, name: name,
            refusal: Refusal(
              "disposal.line.notLoaded", "\(name) was not scanned onto the vehicle.",
              remedy: "Scan it as it is loaded, or let the order leave without it."))
        }
        throw DisposalRefusal(
          "disposal.depart.notLoaded",
          "\(notLoaded.count) of \(next.going.count) assets were not scanned onto the vehicle: "
            + Self.named(hindrances) + ".",
          remedy: "Scan them, or let the order leave without them: they stay listed as left behind.",
          hindrances: hindrances)
      }
      guard next.terms.carrier != nil else {
        throw DisposalRefusal(
          "disposal.depart.carrier", "It is not said who drives.", remedy: "Enter the carrier, then let it depart.")
      }
      for place in next.lines.indices where next.lines[place].loaded == nil && next.lines[place].left == nil {
        next.lines[place].left = mark
      }
      let hindrances = next.hindrances(cargo)
      if !hindrances.isEmpty {
        throw DisposalRefusal(
          "disposal.depart.hindered",
          "What is on the vehicle has changed since the sealing, and may not leave: \(Self.named(hindrances))."
            + Self.unwiped(hindrances),
          remedy: "Take it off the vehicle, and let the order leave without it.", hindrances: hindrances)
      }
      next.state = .departed
      let words = notLoaded.isEmpty ? nil : "\(notLoaded.count) left behind"
      next.steps.append(DisposalStep(.departed, mark, words: words))
      return .ship(next.going.map(\.asset))
    }
  }
}
