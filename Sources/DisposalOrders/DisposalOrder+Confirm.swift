import Custody

/// What the vendor says, two people's signature under it, and the end.
extension DisposalOrder {
  /// Takes the vendor's list; one that came before is replaced by it. Nothing is confirmed by it yet.
  public mutating func take(_ list: RecyclerList, by person: PersonID, at now: Instant) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.departed, .confirmed, to: "held against a recycler's list")
      guard !list.rows.isEmpty else {
        throw DisposalRefusal(
          "disposal.list.empty", "The list has no row with a serial number or a tag.",
          remedy: "Ask the recycler for the list of what they received.")
      }
      guard list.rows.count <= RecyclerList.mostRows else {
        throw DisposalRefusal(
          "disposal.list.tooLong", "The list has \(list.rows.count) rows; \(RecyclerList.mostRows) are taken at most.",
          remedy: "Ask for the list of this order alone.")
      }
      next.list = list
      let words = list.rows.count == 1 ? "1 row" : "\(list.rows.count) rows"
      next.steps.append(DisposalStep(.listed, DisposalMark(at: now, by: person), words: words))
      return .declare(next.declaration(.listTaken))
    }
  }

  /// Two people sign that the vendor has what is on their list: one `dispose` for each. What is not on it, and what was put
  /// on hold on the way, stays in transit. May be done again for the rest.
  ///
  /// - Parameter certificate: the vendor's certificate for all rows that name none.
  public mutating func confirm(
    certificate: String?, _ cargo: [AssetID: Cargo], by actor: Actor, with witness: Actor?, at now: Instant
  ) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.departed, .confirmed, to: "confirmed")
      let certificate = try DisposalText.checked(certificate, "certificate")
      guard let match = next.match(cargo) else {
        throw DisposalRefusal(
          "disposal.confirm.noList", "The recycler's list is not here yet.",
          remedy: "Upload their list as CSV, with a column of serial numbers.")
      }
      let listed = next.going.filter { line in
        match.confirmed[line.asset] != nil && cargo[line.asset]?.isInTransit(on: next.number) == true
      }
      // A hold that was set on one of them on the way must not keep the others in transit.
      let hindrances = listed.flatMap { cargo[$0.asset]?.hindrancesOnTheWay ?? [] }
      let held = Set(hindrances.map(\.asset))
      let confirmed = listed.filter { !held.contains($0.asset) }
      guard !confirmed.isEmpty else {
        guard hindrances.isEmpty else {
          throw DisposalRefusal(
            "disposal.confirm.hindered",
            "What is on the recycler's list may not be confirmed as gone: \(Self.named(hindrances))."
              + Self.unwiped(hindrances),
            remedy: "Each line says what to do; then confirm again.", hindrances: hindrances)
        }
        throw DisposalRefusal(
          "disposal.confirm.nothing", "Nothing that is on its way stands on the recycler's list.",
          remedy: "Look at what their list has instead, and ask them; or upload the right list.")
      }
      let second = try next.witness(witness, beside: actor, to: "confirmed")
      let mark = DisposalMark(at: now, by: actor.person)
      var actions: [DisposalAction.Confirmed] = []
      for line in confirmed {
        guard let place = next.place(of: line.asset), let row = match.confirmed[line.asset] else { continue }
        next.lines[place].confirmed = mark
        next.lines[place].certificate = try DisposalText.checked(row.certificate, "certificate") ?? certificate
        actions.append(.init(asset: line.asset, certificate: next.lines[place].certificate))
      }
      next.state = .confirmed
      let words = confirmed.count == 1 ? "1 asset" : "\(confirmed.count) assets"
      next.steps.append(DisposalStep(.confirmed, mark, with: second.person, words: words))
      return .dispose(actions)
    }
  }

  /// Takes back the confirmation, or the departure when nothing is confirmed: the events are corrected, and stay in the
  /// record.
  public mutating func takeBack(
    _ reason: String, _ cargo: [AssetID: Cargo], by person: PersonID, at now: Instant
  ) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      try next.need(.departed, .confirmed, to: "taken back")
      let reason = try Self.reason(reason)
      let gone = next.going.filter { cargo[$0.asset]?.isDisposed(on: next.number) == true }
      let mark = DisposalMark(at: now, by: person)
      next.steps.append(DisposalStep(.tookBack, mark, words: reason))
      if next.state == .confirmed {
        for place in next.lines.indices {
          next.lines[place].confirmed = nil
          next.lines[place].certificate = nil
        }
        next.state = .departed
        return .correctConfirmation(gone.map(\.asset))
      }
      guard gone.isEmpty else {
        throw DisposalRefusal(
          "disposal.takeBack.confirmed", "\(gone.count) of its assets are confirmed as gone already.",
          remedy: "Have those corrected on the assets' pages first.")
      }
      next.state = .sealed
      next.list = nil
      return .correctDeparture(
        next.going.filter { cargo[$0.asset]?.isInTransit(on: next.number) == true }.map(\.asset))
    }
  }

  /// Ends it. While something that left is not confirmed, a manager gives the reason; it stays in transit.
  ///
  /// - Parameter approver: a manager who stands beside somebody who is none.
  public mutating func close(
    _ reason: String?, _ cargo: [AssetID: Cargo], by actor: Actor, approver: Actor?, at now: Instant
  ) -> DisposalAnswer {
    act { next throws(DisposalRefusal) in
      if next.state == .closed {
        throw DisposalRefusal(
          "disposal.close.already", "\(next.number) is closed already.", remedy: "Nothing to do.", kind: .duplicate)
      }
      let mark = DisposalMark(at: now, by: actor.person)
      if next.state == .draft, next.going.isEmpty {
        let words = try DisposalText.checked(reason, "reason")
        next.state = .closed
        next.steps.append(DisposalStep(.closed, mark, words: words))
        return .declare(next.declaration(.closed, reason: words))
      }
      try next.need(.departed, .confirmed, to: "closed")
      let match = next.match(cargo)
      let open = next.going.filter { next.standing(of: $0, cargo[$0.asset], match: match).isOpen }
      var (second, approval): (PersonID?, Actor?) = (nil, nil)
      if !open.isEmpty {
        let hindrances = open.map { line in
          let name = cargo[line.asset]?.asset.name ?? line.asset.description
          return DisposalHindrance(
            asset: line.asset, name: name,
            refusal: Refusal(
              "disposal.line.notConfirmed", "\(name) left, and nobody has confirmed that it came.",
              remedy: "Ask the recycler, and upload their next list."))
        }
        let managers = [actor, approver].compactMap(\.self).filter {
          $0.authStrength.authenticates && $0.roles.contains(.manager)
        }
        guard let manager = managers.first else {
          throw DisposalRefusal(
            "disposal.close.missing",
            "\(open.count) of \(next.going.count) assets that left are not confirmed: \(Self.named(hindrances)).",
            remedy: "Wait for the recycler's next list; or let a manager close it with a reason.",
            hindrances: hindrances)
        }
        if manager.person != actor.person { second = manager.person }
        approval = manager
        _ = try Self.reason(reason)
      }
      let words = try DisposalText.checked(reason, "reason")
      next.state = .closed
      next.steps.append(
        DisposalStep(
          .closed, mark, with: second,
          words: open.isEmpty
            ? words : "\(open.count) not confirmed: \(words ?? "")"))
      return .declare(next.declaration(.closed, approver: approval, open: open.map(\.asset), reason: words))
    }
  }
}
