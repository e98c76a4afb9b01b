import Custody
import CustodyLedger
import SyncProtocol
import TamperEvidence

extension AdmissionLedger {
  /// The keys of a station as the log states them now; `known` again when nothing was stated since.
  func keys(of station: EnrolledStation, known: StationKeys? = nil) throws -> StationKeys {
    let statements = try keyStatements(about: station.name)
    if let known, known.statements == statements { return known }
    return StationKeys(of: station, authority: sequencer.author.key.verifierKey, statements: statements)
  }

  /// Why an entry counts for nothing although a key of its station signed it; nil when it counts as far as its key goes.
  static func keyReason(_ judgement: KeyHistory.Judgement, _ station: String) -> AdmissionReason? {
    switch judgement {
    case .key, .unknown: nil
    case .revoked(_, let lastGood):
      AdmissionReason(
        AdmissionReason.revoked, "\(station) was revoked after \(lastGood); this is kept and does not count.")
    case .closed(_, let last):
      AdmissionReason(
        AdmissionReason.closed,
        "\(station) closed this epoch after \(last); this is kept and does not count: two stations sign with one key, or it "
          + "was restored from a backup.")
    }
  }

  /// Takes a statement of a station's own into what is known of its keys. Gives back why it does not hold; nil when it does.
  func take(
    _ statement: StationStatement, at index: Int64, _ entry: CheckedEntry, of station: EnrolledStation,
    _ keys: inout StationKeys, at moment: Instant
  ) throws -> AdmissionReason? {
    switch statement.details {
    case .erase, .closeCount, .closeSession, .disposalOrder: return nil
    case .enrol, .revoke:
      return AdmissionReason(
        "sync.statement", "'\(statement.details.kind.rawValue)' is for the centre to state, not for \(station.name).")
    case .rotate, .openEpoch: break
    }
    let read = try UnverifiedEntry(bytes: entry.bytes)
    let grown = StationKeys(
      of: station, authority: sequencer.author.key.verifierKey, statements: keys.statements + [read])
    if let fault = grown.history.faults.first(where: { $0.index == keys.statements.count }) {
      return AdmissionReason("sync.statement", fault.sentence)
    }
    try put(keyStatement: entry.bytes, at: index, about: station.name)
    keys = grown
    if let key = keys.history.newestKey(of: station.name), key != station.key {
      try put(key: key, ofStation: station.name)
    }
    if case .openEpoch(let opening) = statement.details {
      let undone = try judgeAgain(
        station.name, beyond: ChainPlace(epoch: opening.previousEpoch, seq: opening.lastSeq), by: keys.history,
        at: moment)
      // A station that goes on behind what it had sent does not know of it, or wants it gone.
      if !undone.isEmpty {
        try report(.fork, Array(undone.prefix(2)), of: station.name, at: moment)
        try freeze(
          station.name,
          because: AdmissionReason(
            AdmissionReason.closed,
            "\(station.name) opened epoch \(statement.place.epoch) behind entry \(opening.lastSeq), and \(undone.count) entries "
              + "that the centre had taken count no more."), at: moment)
      }
    }
    return nil
  }

  /// Judges again what is held of a station beyond a place, after something was stated of its keys: what does not count any
  /// more is quarantined and taken out of the projection, never deleted. Gives back the events of which something had counted.
  @discardableResult
  func judgeAgain(
    _ station: String, beyond place: ChainPlace, by history: KeyHistory, at moment: Instant
  ) throws -> [EventID] {
    var undone: [EventID] = []
    var assets: Set<AssetID> = []
    var after = place
    while true {
      let page = try entries(of: station, after: after, limit: 500)
      for entry in page {
        guard let place = entry.place else { continue }
        let reason = Self.keyReason(history.judgement(of: station, at: place), station)
        let wasJudged = [AdmissionReason.revoked, AdmissionReason.closed].contains(entry.reason?.code)
        if let reason, !wasJudged, entry.reason?.code != "sync.fork" {
          if entry.status != .quarantined, let event = entry.content.event { undone.append(event.eventID) }
          try mark(entry.index, .quarantined, reason)
        } else if reason == nil, wasJudged {
          try mark(entry.index, entry.content.event == nil ? .stated : .quarantined, nil)
        } else {
          continue
        }
        if let event = entry.content.event { assets.insert(event.asset) }
      }
      guard let last = page.last?.place, page.count == 500 else { break }
      after = last
    }
    for asset in assets.sorted() { try refold(asset) }
    return undone
  }

  /// Trusts a station no further than an entry: states it in the log, and quarantines what comes after.
  public func revoke(
    _ name: String, after wanted: ChainPlace?, reason: String, at moment: Instant
  ) throws -> Refusal? {
    guard let station = try enrolledStation(named: name) else {
      return Refusal(
        "central.revoke.unknown", "No station \(name) is enrolled.", remedy: "Give its name as SITE/STATION.")
    }
    // Without a place the newest key is meant too, also where it has not signed anything yet.
    let newest = ChainPlace(epoch: try keys(of: station).newestEnrolment?.epoch ?? 1, seq: 0)
    let lastGood = try wanted ?? max(lastEntry(of: name)?.place ?? newest, newest)
    guard lastGood.epoch >= 1, lastGood.seq >= 0, try lastGood.seq == 0 || entry(of: name, at: lastGood) != nil else {
      return Refusal(
        "central.revoke.place", "The centre holds no entry of \(name) at \(lastGood).",
        remedy: "Give the last good entry as the centre's pages show it; 0 when none of the epoch is good.")
    }
    let index = try state(
      .revoke(KeyRevocation(subject: name, epoch: lastGood.epoch, lastGoodSeq: lastGood.seq, reason: reason)),
      at: moment)
    try put(keyStatement: try bytes(ofEntryAt: index), at: index, about: name)
    try judgeAgain(name, beyond: lastGood, by: try keys(of: station).history, at: moment)
    return nil
  }

  /// Refuses a station's pushes from now on. What froze it first stays the reason.
  func freeze(_ station: String, because reason: AdmissionReason, at moment: Instant) throws {
    guard let held = try enrolledStation(named: station), held.frozen == nil else { return }
    try put(freeze: StationFreeze(at: moment, reason: reason), ofStation: station)
  }

  /// Writes down what the log of an older program states of keys, which it kept without acting on it.
  public func adoptKeyStatements(at moment: Instant) throws {
    var stated: Set<String> = []
    for entry in try statedEntries() {
      guard case .statement(let statement) = entry.content else { continue }
      let subject: String
      switch statement.details {
      case .enrol(let enrolment): subject = enrolment.subject
      case .revoke(let revocation): subject = revocation.subject
      case .rotate, .openEpoch: subject = statement.author
      case .erase, .closeCount, .closeSession, .disposalOrder: continue
      }
      try put(keyStatement: entry.bytes, at: entry.index, about: subject)
      if entry.status != .stated { try mark(entry.index, .stated, nil) }
      stated.insert(subject)
    }
    for name in stated.sorted() {
      guard let station = try enrolledStation(named: name) else { continue }
      try judgeAgain(name, beyond: ChainPlace(epoch: 0, seq: 0), by: try keys(of: station).history, at: moment)
    }
  }
}

extension AdmissionReason {
  /// The code of what comes after a station's last good entry.
  public static let revoked = "sync.revoked"
  /// The code of what comes after the end of an epoch that was closed.
  public static let closed = "sync.closed"
}
