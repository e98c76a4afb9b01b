import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

extension AdmissionLedger {
  /// The rules of admission, the same for every backend.
  ///
  /// - Not signed by the station's key: not admitted, kept aside.
  /// - The same bytes again: the same index as before.
  /// - Well signed: admitted, whatever it says, for it is evidence. Nothing is refused because of what it says was done:
  ///   the projection classifies it, and what disagrees is recorded as a discrepancy. See ``CustodyProjection/take(_:at:)``.
  /// - It does not follow what is held of its chain: quarantined until it does.
  /// - Other bytes in a place of the chain that is taken: quarantined for good, a fork.
  ///
  /// Every entry is judged by itself, so that one that does not fit holds nothing else up. What it changes about entries
  /// of the same push is in their results.
  public func admit(
    _ entries: [CheckedEntry], from station: EnrolledStation, at moment: Instant
  ) throws -> [PushResult] {
    var results: [PushResult] = []
    var positions: [EventID: Int] = [:]
    for entry in entries {
      let (result, changes) = try admit(entry, from: station, at: moment)
      if result.logIndex != nil, result.status != .duplicate, let event = entry.content.event,
        positions[event.eventID] == nil
      {
        positions[event.eventID] = results.count
      }
      results.append(result)
      for (event, standpoint) in changes {
        guard let position = positions[event] else { continue }
        results[position].status = PushStatus(standpoint)
        results[position].code = standpoint.code
        results[position].message = standpoint.sentence
      }
    }
    return results
  }

  private func admit(
    _ entry: CheckedEntry, from station: EnrolledStation, at moment: Instant
  ) throws -> (PushResult, changes: [EventID: Standpoint]) {
    let place = entry.content.header?.place
    func result(_ status: PushStatus, _ index: Int64?, _ reason: AdmissionReason?) -> PushResult {
      PushResult(
        seq: place?.seq, epoch: place?.epoch, status: status, logIndex: index, code: reason?.code,
        message: reason?.sentence)
    }
    if case .rejected(let reason) = entry.verdict {
      try keepAside(entry, from: station.name, reason: reason, at: moment)
      return (result(.rejected, nil, reason), [:])
    }
    if let held = try self.entry(withHash: entry.hash) {
      return (result(.duplicate, held.index, held.reason), [:])
    }
    if let place, let holder = try self.entry(of: station.name, at: place) {
      let reason = AdmissionReason(
        "sync.fork",
        "Entry \(place.seq) of epoch \(place.epoch) was here before with other bytes, at index \(holder.index): two "
          + "stations sign with one key, or this one was restored from a backup.")
      let index = try add(entry, from: station.name, at: moment, holdsPlace: false)
      try mark(index, .quarantined, reason)
      try report(
        .fork, [holder.content.event, entry.content.event].compactMap { $0?.eventID }, of: station.name, at: moment)
      return (result(.quarantined, index, reason), [:])
    }
    let index = try add(entry, from: station.name, at: moment, holdsPlace: place != nil)
    var changes: [EventID: Standpoint] = [:]
    var reason: AdmissionReason?
    var status = PushStatus.quarantined
    switch entry.content {
    case .event(let event):
      reason = try fault(of: event, at: index, keyID: station.key.keyID)
      if let reason {
        try mark(index, .quarantined, reason)
      } else {
        changes = try takeIn(event, from: station.name, at: moment)
      }
    case .unsupported(let header):
      reason = AdmissionReason(
        "event.unsupported", "This centre does not know type '\(header.type)' of version \(header.v).")
      status = .unsupported
      try mark(index, .unsupported, reason)
    case .statement(let statement):
      reason = AdmissionReason(
        "event.unsupported",
        "This centre keeps '\(statement.details.kind.rawValue)' of a station and does not act on it.")
      status = .unsupported
      try mark(index, .unsupported, reason)
    case .unreadable(_, let fault):
      reason = AdmissionReason("event.unreadable", "The event is signed, but cannot be read: \(fault).")
      try mark(index, .quarantined, reason)
    }
    if let place {
      let released = try release(behind: place, of: station, at: moment)
      changes.merge(released) { _, later in later }
    }
    return (result(status, index, reason), changes)
  }

  /// Adds an entry at the end of the log.
  func add(_ entry: CheckedEntry, from station: String, at moment: Instant, holdsPlace: Bool) throws -> Int64 {
    let index = try sequencer.next(entry.leaf)
    try insert(entry, at: index, from: station, received: moment, holdsPlace: holdsPlace)
    return index
  }

  /// Takes an event whose chain is in order into the projection.
  private func takeIn(
    _ event: CustodyEvent, from station: String, at moment: Instant
  ) throws -> [EventID: Standpoint] {
    let changes = try take(event, at: moment)
    if event.hlc.milliseconds > moment.milliseconds + AdmissionBounds.clockAhead {
      try report(.skewedClock, [event.eventID], of: station, at: moment)
    }
    if case .settle(let details) = event.details, !details.kind.isFolded {
      try settle(details, by: event.eventID, at: moment)
    }
    return changes
  }

  /// Why an event cannot be taken at all: its chain or its signer is at fault. Nil when it can.
  private func fault(of event: CustodyEvent, at index: Int64, keyID: String) throws -> AdmissionReason? {
    guard event.keyID == keyID else {
      return AdmissionReason("event.keyID", "The event names key \(event.keyID), but key \(keyID) signed it.")
    }
    if let reason = try chainReason(ChainHeader(event)) { return reason }
    if let first = try firstIndex(ofEvent: event.eventID), first != index {
      return AdmissionReason("event.eventID", "Event id \(event.eventID) was here before, at index \(first).")
    }
    return nil
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

  /// Judges again the entry that follows a place of a chain, which may have waited for it.
  private func release(
    behind place: ChainPlace, of station: EnrolledStation, at moment: Instant
  ) throws -> [EventID: Standpoint] {
    guard place.seq < Int.max,
      let next = try entry(of: station.name, at: ChainPlace(epoch: place.epoch, seq: place.seq + 1)),
      next.status == .quarantined, next.reason?.code.hasPrefix("sync.") == true, let event = next.content.event,
      try fault(of: event, at: next.index, keyID: station.key.keyID) == nil
    else { return [:] }
    try mark(next.index, .quarantined, nil)
    return try takeIn(event, from: station.name, at: moment)
  }

  /// Records what only the centre can find out about a station. What is open of the kind already grows by it.
  private func report(
    _ kind: Discrepancy.Kind, _ claims: [EventID], of station: String, at moment: Instant
  ) throws {
    let subject = DiscrepancySubject.station(station)
    let open = try discrepancies(about: subject).last { $0.discrepancy.kind == kind && $0.settledBy == nil }
    guard let open else { return try write(.open(Discrepancy(kind, claims: claims)), about: subject, at: moment) }
    // So many say enough, and a settlement must be able to name them all.
    guard open.discrepancy.claims.count + claims.count <= AdmissionBounds.claims else { return }
    let grown = Discrepancy(kind, claims: open.discrepancy.claims + claims)
    if grown != open.discrepancy { try write(.become(id: open.id, grown), about: subject, at: moment) }
  }

  /// Ends what a settlement names whole.
  private func settle(_ details: SettleDetails, by event: EventID, at moment: Instant) throws {
    for station in Set(try details.claims.compactMap { try station(ofEvent: $0) }).sorted() {
      let subject = DiscrepancySubject.station(station)
      for row in try discrepancies(about: subject)
      where row.settledBy == nil && row.discrepancy.kind == details.kind
        && Set(details.claims).isSuperset(of: row.discrepancy.claims)
      {
        try write(.end(id: row.id, by: event), about: subject, at: moment)
      }
    }
  }
}

/// Bounds of admission.
public enum AdmissionBounds {
  /// So many milliseconds may a station's clock be ahead of the centre's before that is a discrepancy: five minutes.
  public static let clockAhead: Int64 = 300_000
  /// Most events that one discrepancy about a station names.
  public static let claims = 100
}

extension LogEntry.Status {
  /// How the log shows a standpoint. A superseded event is applied: the asset is as it is in spite of it.
  public init(_ standpoint: Standpoint) {
    switch standpoint {
    case .applied, .superseded: self = .applied
    case .contested: self = .contested
    case .waiting, .unfitting: self = .quarantined
    }
  }
}

extension LogEntry {
  /// What the entry's event is in the projection; nil while it is not in it.
  public static func standpoint(_ status: Status, code: String?) -> Standpoint? {
    guard let code else { return status == .applied ? .applied : nil }
    return Standpoint(code: code)
  }
}

extension PushStatus {
  fileprivate init(_ standpoint: Standpoint) {
    switch standpoint {
    case .applied, .superseded: self = .applied
    case .contested: self = .contested
    case .waiting, .unfitting: self = .quarantined
    }
  }
}
