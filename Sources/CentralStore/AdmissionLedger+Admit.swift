import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

extension AdmissionLedger {
  /// The rules of admission, the same for every backend.
  ///
  /// - Not signed by the station's key that was good for its place: not admitted, kept aside.
  /// - The same bytes again: the same index as before.
  /// - Well signed: admitted, whatever it says, for it is evidence. Nothing is refused because of what it says was done:
  ///   the projection classifies it, and what disagrees is recorded as a discrepancy. See ``CustodyProjection/take(_:at:)``.
  /// - It does not follow what is held of its chain: quarantined until it does.
  /// - Other bytes in a place of the chain that is taken: quarantined for good, a fork; the station is frozen.
  /// - After the station's last good entry, or in an epoch that it has closed: quarantined for good.
  ///
  /// Every entry is judged by itself, so that one that does not fit holds nothing else up. What it changes about entries
  /// of the same push is in their results.
  ///
  /// - Parameters:
  ///   - known: the keys that the signatures were checked by.
  ///   - repeated: so many entries, from the first, are sent again because the answer was lost: they are answered as they
  ///     stand, as they were the first time.
  public func admit(
    _ entries: [CheckedEntry], from station: EnrolledStation, by known: StationKeys? = nil, repeated: Int = 0,
    at moment: Instant
  ) throws -> [PushResult] {
    var keys = try keys(of: station, known: known)
    var results: [PushResult] = []
    var positions: [EventID: Int] = [:]
    for (number, entry) in entries.enumerated() {
      let (result, changes) = try admit(
        entry, from: station, by: &keys, isRepeated: number < repeated, at: moment)
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
    _ entry: CheckedEntry, from station: EnrolledStation, by keys: inout StationKeys, isRepeated: Bool,
    at moment: Instant
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
      return (result(isRepeated ? PushStatus(held.status) : .duplicate, held.index, held.reason), [:])
    }
    let judgement = place.map { keys.history.judgement(of: station.name, at: $0) }
    if let reason = Self.signerReason(of: entry, judgement, station.name) {
      try keepAside(entry, from: station.name, reason: reason, at: moment)
      return (result(.rejected, nil, reason), [:])
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
      try freeze(station.name, because: reason, at: moment)
      return (result(.quarantined, index, reason), [:])
    }
    let index = try add(entry, from: station.name, at: moment, holdsPlace: place != nil)
    if let judgement, let reason = Self.keyReason(judgement, station.name) {
      try mark(index, .quarantined, reason)
      // Whoever goes on by the key that it names is one of the revoked as well, and no stranger.
      if case .revoked = judgement, case .statement(let statement) = entry.content, statement.details.kind == .rotate {
        try put(keyStatement: entry.bytes, at: index, about: station.name)
        keys = try self.keys(of: station)
      }
      if case .closed = judgement {
        try report(.fork, [entry.content.event].compactMap { $0?.eventID }, of: station.name, at: moment)
        try freeze(station.name, because: reason, at: moment)
      }
      return (result(.quarantined, index, reason), [:])
    }
    var changes: [EventID: Standpoint] = [:]
    var reason: AdmissionReason?
    var status = PushStatus.quarantined
    switch entry.content {
    case .event(let event):
      reason = try fault(of: event, at: index, judgement)
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
      // What it says of keys holds by its place alone; whether it stands rightly in its chain is another matter.
      reason = try take(statement, at: index, entry, of: station, &keys, at: moment)
      if reason == nil { reason = try chainReason(ChainHeader(statement), isOpening: statement.isOpening) }
      if reason == nil { status = .applied }
      try mark(index, reason == nil ? .stated : .quarantined, reason)
      if reason == nil { try act(on: statement) }
    case .unreadable(_, let fault):
      reason = AdmissionReason("event.unreadable", "The event is signed, but cannot be read: \(fault).")
      try mark(index, .quarantined, reason)
    }
    if let place {
      let released = try release(behind: place, of: station, by: keys.history, at: moment)
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
    if case .settle(let details) = event.details, !details.kind.isFolded, changes[event.eventID] == .applied {
      let stations = try details.claims.compactMap { try self.station(ofEvent: $0) }
      try settle(details, of: stations, by: event.eventID, at: moment)
      // People have said which of the two is the station.
      if details.kind == .fork {
        for station in Set(stations).sorted() {
          let forks = try discrepancies(about: .station(station)).filter { $0.discrepancy.kind == .fork }
          if forks.allSatisfy({ $0.settledBy != nil }) { try put(freeze: nil, ofStation: station) }
        }
      }
    }
    return changes
  }

  /// Why an event cannot be taken at all: its chain or its signer is at fault. Nil when it can.
  private func fault(
    of event: CustodyEvent, at index: Int64, _ judgement: KeyHistory.Judgement?
  ) throws -> AdmissionReason? {
    if case .key(let key)? = judgement, event.keyID != key.keyID {
      return AdmissionReason("event.keyID", "The event names key \(event.keyID), but key \(key.keyID) signed it.")
    }
    if let reason = try chainReason(ChainHeader(event), isOpening: false) { return reason }
    if let first = try firstIndex(ofEvent: event.eventID), first != index {
      return AdmissionReason("event.eventID", "Event id \(event.eventID) was here before, at index \(first).")
    }
    return nil
  }

  /// Why an entry does not follow what is held of its chain; nil when it does.
  private func chainReason(_ header: ChainHeader, isOpening: Bool) throws -> AdmissionReason? {
    let place = header.place
    guard place.epoch >= 1, place.seq >= 1, let prevHash = header.prevHash else {
      return AdmissionReason(
        "event.place", "Epoch \(place.epoch), sequence \(place.seq) with that prevHash is no place in a chain.")
    }
    if place.seq == 1 {
      if place.epoch > 1, !isOpening {
        return AdmissionReason("event.place", "Epoch \(place.epoch) does not begin with its opening.")
      }
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

  /// Does what a station's statement asks for, once it stands in its chain.
  private func act(on statement: StationStatement) throws {
    if case .erase(let record) = statement.details { try takeOff(person: record.person) }
  }

  /// Judges again the entry that follows a place of a chain, which may have waited for it.
  private func release(
    behind place: ChainPlace, of station: EnrolledStation, by history: KeyHistory, at moment: Instant
  ) throws -> [EventID: Standpoint] {
    guard place.seq < Int.max,
      let next = try entry(of: station.name, at: ChainPlace(epoch: place.epoch, seq: place.seq + 1)),
      next.status == .quarantined, let code = next.reason?.code, ["sync.gap", "sync.prevHash"].contains(code),
      let place = next.place
    else { return [:] }
    if case .statement(let statement) = next.content {
      if try chainReason(ChainHeader(statement), isOpening: statement.isOpening) == nil {
        try mark(next.index, .stated, nil)
        try act(on: statement)
      }
      return [:]
    }
    guard let event = next.content.event,
      try fault(of: event, at: next.index, history.judgement(of: station.name, at: place)) == nil
    else { return [:] }
    try mark(next.index, .quarantined, nil)
    return try takeIn(event, from: station.name, at: moment)
  }

  /// Why an entry is not admitted although a key of the station's signed it: another one was good for its place.
  private static func signerReason(
    of entry: CheckedEntry, _ judgement: KeyHistory.Judgement?, _ station: String
  ) -> AdmissionReason? {
    switch judgement {
    case .key(let key), .revoked(let key, _), .closed(let key, _):
      entry.isSigned(by: key) ? nil : .foreignKey(entry.content.header?.keyID ?? "none", of: station, key)
    case .unknown:
      AdmissionReason(
        "sync.foreignKey",
        "No key of \(station) is enrolled for \(entry.content.header.map { "\($0.place)" } ?? "this entry").")
    // Of bytes that do not say their place the station's name is all that is judged.
    case nil: nil
    }
  }
}

/// Bounds of admission.
public enum AdmissionBounds {
  /// So many milliseconds may a station's clock be ahead of the centre's before that is a discrepancy.
  public static let clockAhead = StationFlags.clockAhead
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

extension StationStatement {
  fileprivate var isOpening: Bool { details.kind == .openEpoch }
}

extension PushStatus {
  /// How an entry was answered that stands so.
  fileprivate init(_ status: LogEntry.Status) {
    switch status {
    case .applied, .stated: self = .applied
    case .contested: self = .contested
    case .quarantined: self = .quarantined
    case .unsupported: self = .unsupported
    }
  }

  fileprivate init(_ standpoint: Standpoint) {
    switch standpoint {
    case .applied, .superseded: self = .applied
    case .contested: self = .contested
    case .waiting, .unfitting: self = .quarantined
    }
  }
}
