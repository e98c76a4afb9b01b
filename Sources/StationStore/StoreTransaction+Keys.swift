import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

/// How a station is let in by its centre, as an enrolment by a code left it.
public struct CentreEnrolment: Hashable, Sendable {
  /// The centre's address.
  public let centre: String
  /// The first epoch that the station's key signs.
  public let epoch: Int
  /// The certificate, in DER, of the authority that the one-time code named; nil where it named none.
  public let authority: [UInt8]?

  /// An enrolment.
  public init(centre: String, epoch: Int, authority: [UInt8]? = nil) {
    self.centre = centre
    self.epoch = epoch
    self.authority = authority
  }
}

/// Why the centre refuses this station itself, as it is kept until it takes something again.
public struct StationAlarm: Hashable, Sendable {
  public let at: Instant
  public let code: String
  public let sentence: String
  public let remedy: String

  /// An alarm.
  public init(at: Instant, code: String, sentence: String, remedy: String) {
    self.at = at
    self.code = code
    self.sentence = sentence
    self.remedy = remedy
  }
}

extension StoreReading {
  /// How the station is enrolled; nil for one that was given a token, or none.
  public func enrolment() throws -> CentreEnrolment? {
    guard let centre = try meta("centreURL"), let epoch = try meta("centreEpoch").flatMap(Int.init) else { return nil }
    let authority = try meta("centreAuthority").flatMap { Data(base64Encoded: $0) }
    return CentreEnrolment(centre: centre, epoch: epoch, authority: authority.map(Array.init))
  }

  /// What the next push presents; nil before the first.
  public func ratchet() throws -> String? { try meta("ratchet") }

  /// Why the centre refuses this station; nil when it does not.
  public func stationAlarm() throws -> StationAlarm? {
    try Row.fetchOne(
      db, sql: "SELECT at, code, sentence, remedy FROM station_alarm WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1"
    ).map { row in
      StationAlarm(
        at: Instant(milliseconds: row["at"]), code: row["code"], sentence: row["sentence"], remedy: row["remedy"])
    }
  }

  /// How many own entries lost their place in the chain to another that signed as this station. They are kept here.
  public func displacedCount() throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM displaced") ?? 0 }
}

extension StoreTransaction {
  /// Remembers what the next push presents.
  public func keep(ratchet: String) throws { try put(ratchet, at: "ratchet") }

  /// Notes how the station is enrolled, and by which key its next epoch begins where that is another.
  func keep(_ enrolment: CentreEnrolment, nextKey: VerifierKey?) throws {
    try put(enrolment.centre, at: "centreURL")
    try put(String(enrolment.epoch), at: "centreEpoch")
    try put(enrolment.authority.map { Data($0).base64EncodedString() }, at: "centreAuthority")
    try put(nextKey?.description, at: "nextKey")
  }

  /// The centre refuses this station, for a reason. The same reason again is the same alarm.
  public func raise(_ alarm: StationAlarm) throws {
    if let standing = try stationAlarm(), standing.code == alarm.code, standing.sentence == alarm.sentence { return }
    try endStationAlarm()
    try db.execute(
      sql: "INSERT INTO station_alarm(at, code, sentence, remedy) VALUES (?,?,?,?)",
      arguments: [alarm.at.milliseconds, alarm.code, alarm.sentence, alarm.remedy])
  }

  /// The centre takes again what this station sends.
  public func endStationAlarm() throws {
    try db.execute(
      sql: "UPDATE station_alarm SET ended_at = ? WHERE ended_at IS NULL", arguments: [now.milliseconds])
  }

  /// Hands over to another key, by an entry that the one before signs.
  func rotate(to key: SigningKey, reason: String) throws {
    let entry = try sealing.state(
      .rotate(KeyRotation(key: key.verifierKey, reason: reason)), moving: &head, random: randomWords())
    try keep(own: entry, at: ChainPlace(epoch: head.epoch, seq: head.seq))
    try sign(by: key)
  }

  /// Begins an epoch behind an entry that the centre holds, or behind nothing that counts; by another key, where one is given.
  /// What this station sealed beyond that entry, and the centre does not hold, does not count: it stays here and is told.
  func open(epoch: Int, after last: (place: ChainPlace, hash: EntryHash)?, reason: String, by key: SigningKey?) throws {
    guard epoch > head.epoch || (epoch == head.epoch && head.seq == 0) else { return }
    let follows = last.flatMap { $0.place.epoch == epoch - 1 ? $0 : nil }
    let opening = EpochOpening(
      previousEpoch: epoch - 1, lastSeq: follows?.place.seq ?? 0, lastHash: follows?.hash ?? .zero, reason: reason)
    if let key { try sign(by: key) }
    let entry = try sealing.state(
      .openEpoch(opening), at: ChainPlace(epoch: epoch, seq: 1), after: opening.lastHash, moving: &head,
      random: randomWords())
    try keep(own: entry, at: ChainPlace(epoch: epoch, seq: 1))
    try put(nil, at: "ratchet")
    let end = last?.place ?? ChainPlace(epoch: 0, seq: 0)
    try leaveBehind(beyond: end, before: epoch)
  }

  /// Why a station that was restored from a backup records nothing yet: its centre may hold what came after the backup, and the
  /// epoch that it goes on in has to follow that. Nil once the centre was asked, and for a station that never had one.
  func refusalOfRestored() throws -> Refusal? {
    guard head.seq == 0, head.epoch > 1, try Restoration(last: db) != nil, try logKey() != nil else { return nil }
    return Refusal(
      "station.restored",
      "This station was restored from a backup, and has not asked its centre yet what came after it.",
      remedy: "Enrol it by a new code (custody central code, custody station enrol) and let it reach the centre.")
  }

  /// Begins the epoch in which a station goes on that was restored from a backup, before its first entry.
  func openRestoredEpoch() throws {
    guard head.seq == 0, head.epoch > 1, let restoration = try Restoration(last: db) else { return }
    try open(
      epoch: head.epoch, after: (ChainPlace(epoch: restoration.epoch, seq: restoration.seq), head.hash),
      reason: "restored from a backup", by: nil)
  }

  /// Goes on in a new epoch where an own entry that the centre did not admit is not what was sealed, because the disk changed it:
  /// behind the entry before it. What comes after it does not count and is told. Tells whether that was so.
  public func leaveDamaged(at place: ChainPlace) throws -> Bool {
    func kept(_ seq: Int) throws -> (hash: EntryHash?, bytes: Data)? {
      try Row.fetchOne(
        db,
        sql: """
          SELECT hash, bytes FROM entry WHERE station = ?1 AND epoch = ?2 AND seq = ?3
          UNION ALL SELECT hash, bytes FROM own_statement WHERE epoch = ?2 AND seq = ?3
          """, arguments: [sealing.identity.keyName, place.epoch, seq]
      ).map { row in (EntryHash(bytes: row["hash"] as Data), row["bytes"]) }
    }
    guard let damaged = try kept(place.seq), EntryHash(of: Array(damaged.bytes)) != damaged.hash else { return false }
    let before = try kept(place.seq - 1)?.hash.map { (ChainPlace(epoch: place.epoch, seq: place.seq - 1), $0) }
    try open(
      epoch: head.epoch + 1, after: before, reason: "entry \(place.seq) of epoch \(place.epoch) cannot be verified",
      by: nil)
    return true
  }

  /// Own entries of the log that are not in the chain here: those from before the station was restored.
  /// Gives back why they stay with the centre.
  func takeBack(statement pulled: HeldEntry) throws -> String? {
    let statement = try StationStatement(entry: Data(pulled.entry.entry.bytes))
    guard statement.author == sealing.identity.keyName else {
      if pulled.doubt == nil { try forget(by: statement) }
      return nil
    }
    let held = try Bool.fetchOne(
      db, sql: "SELECT EXISTS(SELECT 1 FROM own_statement WHERE hash = ?)",
      arguments: [Data(pulled.entry.entry.hash.bytes)])
    if held == true { return nil }
    guard statement.place.epoch < head.epoch else {
      return
        "the centre holds entry \(statement.place.seq) of this station's epoch \(statement.place.epoch), which is not here"
    }
    try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO own_statement(epoch, seq, hash, bytes, log_index) VALUES (?,?,?,?,?)"
    ).execute(arguments: [
      statement.place.epoch, statement.place.seq, Data(pulled.entry.entry.hash.bytes), Data(pulled.entry.entry.bytes),
      pulled.logIndex,
    ])
    return nil
  }

  /// Whether an own entry gives its place to the one that the centre's log holds there: in an epoch that is over, where the
  /// centre is not known to hold it, or took it after the other, as proof of the fork. It is kept, and counts no more.
  func displaces(_ event: CustodyEvent, _ hash: Data, by pulled: HeldEntry) throws -> Bool {
    guard event.chainName == sealing.identity.keyName, event.epoch < head.epoch,
      hash != Data(pulled.entry.entry.hash.bytes),
      let row = try Row.fetchOne(
        db, sql: "SELECT asset, bytes, log_index FROM entry WHERE station = ? AND epoch = ? AND seq = ?",
        arguments: [event.chainName, event.epoch, event.seq]),
      (row["log_index"] as Int64?).map({ pulled.logIndex < $0 }) ?? true
    else { return false }
    try db.execute(
      sql: "INSERT OR IGNORE INTO displaced(hash, epoch, seq, bytes, at) VALUES (?,?,?,?,?)",
      arguments: [hash, event.epoch, event.seq, row["bytes"] as Data, now.milliseconds])
    try db.execute(
      sql: "DELETE FROM entry WHERE station = ? AND epoch = ? AND seq = ?",
      arguments: [event.chainName, event.epoch, event.seq])
    try db.execute(sql: "DELETE FROM outbox WHERE epoch = ? AND seq = ?", arguments: [event.epoch, event.seq])
    remember(nil, as: nil)
    try refold(row["asset"])
    return true
  }

  /// What is pending of epochs that are over, beyond their end, is not sent: the centre would freeze the station for it.
  private func leaveBehind(beyond end: ChainPlace, before epoch: Int) throws {
    let doubt = KeyDoubt(
      code: "sync.closed",
      sentence: "The epoch in which this was recorded was closed after \(end): this does not count. Record it again.")
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT entry.asset AS asset, entry.event_id AS event_id FROM outbox JOIN entry ON entry.epoch = outbox.epoch
          AND entry.seq = outbox.seq AND entry.station = ?
        WHERE outbox.epoch < ? AND (outbox.epoch, outbox.seq) > (?, ?)
        """, arguments: [sealing.identity.keyName, epoch, end.epoch, end.seq])
    try db.execute(
      sql: "DELETE FROM outbox WHERE epoch < ? AND (epoch, seq) > (?, ?)", arguments: [epoch, end.epoch, end.seq])
    remember(nil, as: nil)
    for row in rows {
      try db.execute(
        sql: "UPDATE entry SET standpoint = ?, misfit = ? WHERE asset = ? AND event_id = ?",
        arguments: [doubt.code, doubt.sentence, row["asset"] as AssetID, row["event_id"] as EventID])
    }
    for asset in Set(rows.map { $0["asset"] as AssetID }).sorted() { try refold(asset) }
  }

  func keep(own entry: VerifiedEntry, at place: ChainPlace) throws {
    try db.execute(
      sql: "INSERT INTO own_statement(epoch, seq, hash, bytes) VALUES (?,?,?,?)",
      arguments: [place.epoch, place.seq, Data(entry.entry.hash.bytes), Data(entry.entry.bytes)])
    try db.execute(sql: "INSERT INTO outbox(epoch, seq) VALUES (?,?)", arguments: [place.epoch, place.seq])
  }

  private func sign(by key: SigningKey) throws {
    sealing.key = key
    try put(key.verifierKey.description, at: "verifierKey")
    try put(nil, at: "nextKey")
  }

  private func put(_ value: String?, at key: String) throws {
    guard let value else { return try db.execute(sql: "DELETE FROM meta WHERE key = ?", arguments: [key]) }
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES (?,?)").execute(arguments: [key, value])
  }
}
