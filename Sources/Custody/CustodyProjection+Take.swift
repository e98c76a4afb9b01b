extension CustodyProjection {
  /// Takes an event that stands rightly in its chain into the projection, and judges anew what it bears on.
  ///
  /// An event that is decided after the asset's newest, and fits it, is applied in the same time however long the history
  /// is. Any other makes the asset be folded anew from all its events; so does every event about it from then on. What
  /// comes out does not depend on the order in which the events came.
  /// - Parameter moment: when it became known here.
  /// - Returns: what the event is now, and every other event that became something else by it.
  public func take(_ event: CustodyEvent, at moment: Instant) throws -> [EventID: Standpoint] {
    if try takeInRow(event) {
      try set(.applied, of: event)
      return [event.eventID: .applied]
    }
    var changes = try refold(event.asset, because: event.eventID, at: moment)
    if changes[event.eventID] == nil { changes[event.eventID] = try standpoint(of: event) }
    return changes
  }

  /// Applies an event that follows the asset's newest; false when more than that is to be judged.
  private func takeInRow(_ event: CustodyEvent) throws -> Bool {
    guard event.verb != .correct, event.verb != .settle, event.to != nil, try canonical(of: event.asset) == nil else {
      return false
    }
    let before = try asset(event.asset)
    if let before {
      guard before.isDivided != true, before.aliases == nil,
        before.discrepancies?.contains(where: { $0.kind != .identityQuestion }) != true
      else { return false }
    }
    // Where an event waits for one before it, the asset is divided, or there is none yet but events about it.
    guard fits(event, on: before) == nil else { return false }
    if before == nil, try hasEvents(about: event.asset, besides: event.eventID) { return false }
    let after = try advance(before, by: event)
    if before?.identityKey != after.identityKey || (after.identityKey != nil && before?.tag != after.tag) {
      for key in Set([before?.identityKey, after.identityKey].compactMap { $0 }) {
        guard try mates(of: event.asset, key).isEmpty else { return false }
      }
    }
    try project(after, of: event.asset, replacing: before)
    return true
  }

  /// Other assets that may be the same thing by a maker's serial number; more than the bound say only that there are many.
  private func mates(of id: AssetID, _ key: IdentityKey) throws -> [AssetID] {
    var mates: [AssetID] = []
    for mate in try assets(withSerial: key.serial).sorted() where mate != id {
      guard let asset = try asset(mate), asset.aliases != nil || asset.identityKey == key else { continue }
      mates.append(mate)
      if mates.count > IdentityGroup.largest + 1 { break }
    }
    return mates
  }

  /// Makes the projection of an asset anew from its events. Once that was done for every id that there are events about,
  /// the whole projection is made anew; what is recorded of discrepancies stays as it is.
  public func refold(_ id: AssetID) throws { _ = try refold(id, because: nil, at: Instant(milliseconds: 0)) }

  /// The same where other rules had made the projection: what disagrees by these rules is recorded too.
  ///
  /// - Parameter moment: when it is found out.
  public func refold(_ id: AssetID, recordingAt moment: Instant) throws {
    let newest = try events(about: id).max { ($0.hlc, $0.eventID) < ($1.hlc, $1.eventID) }
    _ = try refold(id, because: newest?.eventID, at: moment)
  }

  /// Folds an asset, and all that is or was taken for the same thing, anew from their events.
  private func refold(
    _ id: AssetID, because event: EventID?, at moment: Instant
  ) throws -> [EventID: Standpoint] {
    var members = Set(try group(of: id))
    var histories: [AssetID: [CustodyEvent]] = [id: try events(about: id)]
    var folded = [id: AssetHistory(histories[id] ?? []).folded(as: id)]
    var keys = Set(try members.flatMap { try asset($0)?.identityKeys ?? [] })
    if let key = folded[id]?.asset?.identityKey { keys.insert(key) }
    var crowded: Set<IdentityKey> = []
    for key in keys {
      let mates = try mates(of: id, key)
      if mates.count > IdentityGroup.largest + 1 {
        crowded.insert(key)
      } else {
        for mate in mates { members.formUnion(try group(of: mate)) }
      }
    }
    for member in members where member != id {
      let events = try events(about: member)
      histories[member] = events
      folded[member] = AssetHistory(events).folded(as: member)
    }

    var changes: [EventID: Standpoint] = [:]
    for unit in IdentityGroup.units(folded, crowded: crowded) {
      var result = folded[unit.canonical]
      if unit.members.count > 1 {
        result = AssetHistory(unit.members.flatMap { histories[$0] ?? [] }).folded(as: unit.canonical)
        result?.asset?.aliases = unit.members.filter { $0 != unit.canonical }
        result?.asset?.isDivided = true
      }
      guard var result else { continue }
      if let question = unit.question {
        let others = result.asset?.discrepancies ?? []
        result.asset?.discrepancies = others + [question]
        if unit.keepsQuestion { result.open.append(question) }
      }
      for ruling in unit.rulings where !result.settled.contains(ruling) { result.settled.append(ruling) }
      for member in unit.members {
        let canonical = member == unit.canonical ? nil : unit.canonical
        if try self.canonical(of: member) != canonical { try setCanonical(canonical, of: member) }
        let before = try asset(member)
        let after = canonical == nil ? result.asset : nil
        if before != after { try project(after, of: member, replacing: before) }
        guard let event else { continue }
        try keep(
          canonical == nil ? result.open : [], settled: canonical == nil ? result.settled : [], about: member,
          because: event, at: moment)
      }
      for event in result.events {
        guard let now = result.standpoints[event.eventID], try standpoint(of: event) != now else { continue }
        changes[event.eventID] = now
        try set(now, of: event)
      }
    }
    return changes
  }

  /// Writes down what the fold says now of an asset's discrepancies.
  private func keep(
    _ open: [Discrepancy], settled: [SettledDiscrepancy], about id: AssetID, because event: EventID, at moment: Instant
  ) throws {
    let recorded = try discrepancies(about: .asset(id))
    if recorded.isEmpty, open.isEmpty, settled.isEmpty { return }
    for change in RecordedDiscrepancy.changes(from: recorded, to: open, settled: settled, because: event) {
      try write(change, about: .asset(id), at: moment)
    }
  }

  /// All ids that the projection takes for one thing, this among them.
  private func group(of id: AssetID) throws -> [AssetID] {
    let canonical = try canonical(of: id) ?? id
    return [id, canonical] + (try asset(canonical)?.aliases ?? [])
  }
}

extension Asset {
  /// What tells it from every other thing: its maker's number. Nil while the maker or the number is not known.
  var identityKey: IdentityKey? {
    guard let serial, let maker = facts.manufacturer else { return nil }
    return IdentityKey(maker: maker.lowercased(), serial: serial)
  }

  /// The keys of all its numbers.
  var identityKeys: [IdentityKey] {
    guard let maker = facts.manufacturer?.lowercased() else { return [] }
    return identifiers.filter { $0.kind == .serial }.map { IdentityKey(maker: maker, serial: $0.value) }
  }
}
