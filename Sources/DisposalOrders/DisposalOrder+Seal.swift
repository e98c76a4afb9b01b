import Custody

/// Sealing: everything on it may leave, and two people say so.
extension DisposalOrder {
  /// Seals it. Refused while anything on it may not leave: the refusal names each asset and each drive.
  ///
  /// - Parameter cargo: the assets of its lines as they stand.
  public mutating func seal(
    _ number: String, _ cargo: [AssetID: Cargo], by actor: Actor, with witness: Actor?, at now: Instant
  ) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.draft, to: "sealed")
      guard !next.going.isEmpty else {
        throw DisposalRefusal(
          "disposal.seal.empty", "Nothing is on \(next.number).", remedy: "Scan what is to leave, then seal it.")
      }
      let hindrances = next.hindrances(cargo)
      if !hindrances.isEmpty {
        let count = Set(hindrances.map(\.asset)).count
        throw DisposalRefusal(
          "disposal.seal.hindered",
          "\(count) of \(next.going.count) assets on \(next.number) may not leave yet: "
            + Self.named(hindrances) + "." + Self.unwiped(hindrances),
          remedy: "Each line says what to do. Do it, or take the asset off the order; then seal it again.",
          hindrances: hindrances)
      }
      guard let seal = try DisposalText.checked(number, "seal") else {
        throw DisposalRefusal(
          "disposal.seal.number", "The number on the seal is missing.", remedy: "Enter or scan the number on the seal.")
      }
      let second = try next.witness(witness, beside: actor, to: "sealed")
      next.seal = seal
      next.state = .sealed
      next.steps.append(
        DisposalStep(.sealed, DisposalMark(at: now, by: actor.person), with: second.person, words: seal))
      return .declare(next.declaration(.sealed, witness: second))
    }
  }

  /// Opens it again, so that assets can be put on it and taken off. What was loaded is to be loaded anew.
  public mutating func unseal(_ reason: String, by person: PersonID, at now: Instant) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.sealed, to: "unsealed")
      let reason = try Self.reason(reason)
      let broken = next.seal
      next.state = .draft
      next.seal = nil
      for place in next.lines.indices {
        next.lines[place].loaded = nil
        next.lines[place].sighting = nil
      }
      next.steps.append(DisposalStep(.unsealed, DisposalMark(at: now, by: person), words: reason))
      return .declare(next.declaration(.unsealed, seal: broken, reason: reason))
    }
  }

  /// What keeps the assets that go with it from leaving, in the order of its lines.
  func hindrances(_ cargo: [AssetID: Cargo]) -> [DisposalHindrance] {
    going.flatMap { line in
      cargo[line.asset]?.hindrances ?? [
        DisposalHindrance(
          asset: line.asset, name: line.asset.description,
          refusal: Refusal(
            "disposal.line.unknown", "An asset of the order is not known here any longer.",
            remedy: "Take it off the order."))
      ]
    }
  }

  /// To follow a sentence that names assets: a sentence for each of the first drives without a passing record, and how many
  /// there are besides. Empty without any.
  static func unwiped(_ hindrances: [DisposalHindrance]) -> String {
    let drives = hindrances.filter { $0.drive != nil }
    let more = drives.count - 3
    return drives.prefix(3).map { " " + $0.refusal.sentence }.joined()
      + (more > 0 ? " Further drives without one: \(more)." : "")
  }

  /// The first few of those in the way, and how many there are besides.
  static func named(_ hindrances: [DisposalHindrance]) -> String {
    var names: [String] = []
    for one in hindrances where !names.contains(one.name) { names.append(one.name) }
    return names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
