import Custody

/// While it is a draft: its terms, and what is on it.
extension DisposalOrder {
  /// Says anew where it goes, with whom, and when. Once it has departed its events say so.
  public mutating func change(_ terms: DisposalTerms, by person: PersonID, at now: Instant) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.draft, to: "changed")
      let terms = try terms.checked()
      guard terms != next.terms else { return .keep }
      next.terms = terms
      next.steps.append(DisposalStep(.changed, DisposalMark(at: now, by: person)))
      return .keep
    }
  }

  /// Puts an asset on it. Only what is retired goes on; whether its drives are wiped is asked when it is sealed.
  ///
  /// - Parameter elsewhere: another order that is not closed and that it goes with.
  public mutating func add(
    _ cargo: Cargo, elsewhere: DisposalNumber?, by person: PersonID, at now: Instant
  ) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      let asset = cargo.asset
      try next.need(.draft, to: "given another asset")
      guard next.place(of: asset.id) == nil else {
        throw DisposalRefusal(
          "disposal.add.already", "\(asset.name) is on \(next.number) already: nothing was changed.",
          remedy: "Nothing to do: go on with the next one.", kind: .duplicate)
      }
      if let no = cargo.hindrances(isOnOrder: false).first(where: { Self.fromTheStart.contains($0.refusal.code) }) {
        throw DisposalRefusal(no.refusal, hindrances: [no])
      }
      if let elsewhere {
        throw DisposalRefusal(
          "disposal.add.otherOrder", "\(asset.name) is on \(elsewhere), which is not closed.",
          remedy: "Take it off \(elsewhere) first, or leave it there.")
      }
      guard next.lines.count < Self.mostLines else {
        throw DisposalRefusal(
          "disposal.add.full", "\(next.number) holds \(Self.mostLines) assets, and no order holds more.",
          remedy: "Make a further order for the rest.")
      }
      let position = (next.lines.map(\.position).max() ?? 0) + 1
      next.lines.removeAll { $0.asset == asset.id }
      next.lines.append(
        DisposalLine(asset: asset.id, position: position, added: DisposalMark(at: now, by: person)))
      return .keep
    }
  }

  /// What is asked at once, not at the sealing.
  private static let fromTheStart: Set = [
    "disposal.line.notRetired", "disposal.line.fitted", "disposal.line.contested",
  ]

  /// Takes an asset off it.
  public mutating func remove(_ asset: AssetID, named name: String) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.draft, to: "relieved of an asset")
      guard let place = next.place(of: asset) else { throw next.notOnIt(name) }
      next.lines.remove(at: place)
      return .keep
    }
  }

  func notOnIt(_ name: String) -> DisposalRefusal {
    DisposalRefusal(
      "disposal.line.notOnOrder", "\(name) is not on \(number): it stays here.",
      remedy: "Set it aside. To take it along, unseal the order and put it on.")
  }
}
