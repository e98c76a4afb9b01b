import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

extension AdmissionLedger {
  /// The rules of admission, the same for every backend.
  ///
  /// - Not signed by the station's key: not admitted, kept aside.
  /// - The same bytes again: the same index as before.
  /// - Well signed: admitted, whatever it says, for it is evidence. It is applied to the projection when it follows the
  ///   entry before it in its chain and continues its asset's history; else the log says why not.
  /// - Other bytes in a place of the chain that is taken: admitted, never applied, a fork.
  ///
  /// Every entry is judged by itself, so that one that does not fit holds nothing else up. One that comes late may be
  /// what others waited for: those are judged again, and applied in the order in which they then fit.
  public func admit(
    _ entries: [CheckedEntry], from station: EnrolledStation, at moment: Instant
  ) throws -> [PushResult] {
    var results: [PushResult] = []
    var positions: [Int64: Int] = [:]
    for entry in entries {
      let (result, released) = try admit(entry, from: station, at: moment)
      if let index = result.logIndex, result.status != .duplicate { positions[index] = results.count }
      results.append(result)
      // What this very push left waiting may have been released by a later entry of it.
      for index in released {
        guard let position = positions[index] else { continue }
        results[position].status = .applied
        results[position].code = nil
        results[position].message = nil
      }
    }
    return results
  }

  private func admit(
    _ entry: CheckedEntry, from station: EnrolledStation, at moment: Instant
  ) throws -> (PushResult, released: [Int64]) {
    let place = entry.content.header?.place
    func result(_ status: PushStatus, _ index: Int64?, _ reason: AdmissionReason?) -> PushResult {
      PushResult(
        seq: place?.seq, epoch: place?.epoch, status: status, logIndex: index, code: reason?.code,
        message: reason?.sentence)
    }
    if case .rejected(let reason) = entry.verdict {
      try keepAside(entry, from: station.name, reason: reason, at: moment)
      return (result(.rejected, nil, reason), [])
    }
    if let held = try self.entry(withHash: entry.hash) {
      return (result(.duplicate, held.index, held.reason), [])
    }
    if let place, let holder = try self.entry(of: station.name, at: place) {
      let reason = AdmissionReason(
        "sync.fork",
        "Entry \(place.seq) of epoch \(place.epoch) was here before with other bytes, at index \(holder.index): two "
          + "stations sign with one key, or this one was restored from a backup.")
      let index = try add(entry, from: station.name, at: moment, holdsPlace: false)
      try mark(index, .quarantined, reason)
      return (result(.quarantined, index, reason), [])
    }
    let index = try add(entry, from: station.name, at: moment, holdsPlace: place != nil)
    switch entry.content {
    case .event(let event):
      let reason = try take(event, at: index, keyID: station.key.keyID)
      let released = try release(after: event, wasApplied: reason == nil, of: station.name, keyID: station.key.keyID)
      return (result(reason == nil ? .applied : .quarantined, index, reason), released)
    case .unsupported(let header):
      let reason = AdmissionReason(
        "event.unsupported", "This centre does not know type '\(header.type)' of version \(header.v).")
      try mark(index, .unsupported, reason)
      let released = try release(
        behind: ChainPlace(epoch: header.epoch, seq: header.seq), of: station.name, keyID: station.key.keyID)
      return (result(.unsupported, index, reason), released)
    case .statement(let statement):
      let reason = AdmissionReason(
        "event.unsupported",
        "This centre keeps '\(statement.details.kind.rawValue)' of a station and does not act on it.")
      try mark(index, .unsupported, reason)
      let released = try release(behind: statement.place, of: station.name, keyID: station.key.keyID)
      return (result(.unsupported, index, reason), released)
    case .unreadable(_, let fault):
      let reason = AdmissionReason("event.unreadable", "The event is signed, but cannot be read: \(fault).")
      try mark(index, .quarantined, reason)
      let released = try place.map { try release(behind: $0, of: station.name, keyID: station.key.keyID) } ?? []
      return (result(.quarantined, index, reason), released)
    }
  }

  /// Adds an entry at the end of the log.
  func add(_ entry: CheckedEntry, from station: String, at moment: Instant, holdsPlace: Bool) throws -> Int64 {
    let index = try sequencer.next(entry.leaf)
    try insert(entry, at: index, from: station, received: moment, holdsPlace: holdsPlace)
    return index
  }

  /// Judges an event of the log: applies it and gives nil, or marks it and gives the reason.
  private func take(_ event: CustodyEvent, at index: Int64, keyID: String) throws -> AdmissionReason? {
    let before = try asset(event.asset)
    if let reason = try judge(event, at: index, on: before, keyID: keyID) {
      try mark(index, .quarantined, reason)
      return reason
    }
    let after: Asset?
    do {
      after = try apply(event, to: before) { try appliedEvents(about: event.asset) }
    } catch let error as UnfittingEvent {
      let reason = AdmissionReason("custody.unfitting", error.sentence)
      try mark(index, .quarantined, reason)
      return reason
    }
    try project(after, of: event.asset, replacing: before)
    try markApplied(index)
    return nil
  }

  private func judge(
    _ event: CustodyEvent, at index: Int64, on asset: Asset?, keyID: String
  ) throws -> AdmissionReason? {
    guard event.keyID == keyID else {
      return AdmissionReason("event.keyID", "The event names key \(event.keyID), but key \(keyID) signed it.")
    }
    if let reason = try chainReason(ChainHeader(event)) { return reason }
    if let first = try firstIndex(ofEvent: event.eventID), first != index {
      return AdmissionReason("event.eventID", "Event id \(event.eventID) was here before, at index \(first).")
    }
    guard let misfit = fits(event, on: asset) else { return nil }
    return AdmissionReason("custody.misfit.\(misfit.name)", misfit.sentence)
  }

  /// Why an entry does not follow what is held of its chain; nil when it does.
  private func chainReason(_ header: ChainHeader) throws -> AdmissionReason? {
    let place = header.place
    guard place.epoch >= 1, place.seq >= 1, let prevHash = header.prevHash else {
      return AdmissionReason(
        "event.place", "Epoch \(place.epoch), sequence \(place.seq) with that prevHash is no place in a chain.")
    }
    if place.seq == 1 {
      if prevHash == .zero { return nil }
      if place.epoch > 1, let last = try entry(withHash: prevHash), last.station == header.station { return nil }
      return AdmissionReason("sync.prevHash", "The first entry of an epoch follows no entry that is here.")
    }
    let previous = ChainPlace(epoch: place.epoch, seq: place.seq - 1)
    guard let holder = try entry(of: header.station, at: previous) else {
      return AdmissionReason("sync.gap", "Entry \(previous.seq) of epoch \(previous.epoch) is not here yet.")
    }
    guard holder.hash == prevHash else {
      return AdmissionReason(
        "sync.prevHash", "Its prevHash is \(prevHash), but entry \(previous.seq) here has \(holder.hash).")
    }
    return nil
  }

  /// Judges again what may have waited for an event. Gives back the indexes that are applied by this.
  private func release(
    after event: CustodyEvent, wasApplied: Bool, of station: String, keyID: String
  ) throws -> [Int64] {
    var released = try release(
      behind: ChainPlace(epoch: event.epoch, seq: event.seq), of: station, keyID: keyID)
    if wasApplied { released += try release(about: event.asset) }
    return released
  }

  /// Judges again the entry that follows a place of a chain.
  private func release(behind place: ChainPlace, of station: String, keyID: String) throws -> [Int64] {
    guard place.seq < Int.max,
      let next = try entry(of: station, at: ChainPlace(epoch: place.epoch, seq: place.seq + 1)),
      next.status == .quarantined, let event = next.content.event,
      try take(event, at: next.index, keyID: keyID) == nil
    else { return [] }
    return [next.index] + (try release(about: event.asset))
  }

  /// Judges again what is quarantined about an asset, from the oldest, until nothing more fits.
  private func release(about asset: AssetID) throws -> [Int64] {
    var released: [Int64] = []
    var progress = true
    while progress {
      progress = false
      for entry in try quarantined(about: asset) {
        // Another station's key: that it named its own was judged when it came, and is judged against itself now.
        guard let event = entry.content.event, entry.reason?.code != "event.keyID",
          try take(event, at: entry.index, keyID: event.keyID) == nil
        else { continue }
        released.append(entry.index)
        progress = true
      }
    }
    return released
  }
}

extension Misfit {
  fileprivate var name: String {
    switch self {
    case .asset: "asset"
    case .prior: "prior"
    case .standing: "standing"
    case .arrow: "arrow"
    }
  }
}
