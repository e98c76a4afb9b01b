import Custody
import Foundation
import GRDB

/// A reading as it is kept, with what came of it: nothing that was scanned disappears without a trace.
public struct KeptReading: Hashable, Sendable {
  /// What a reading came to.
  public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// An event was recorded.
    case accepted
    /// An event was recorded, and there is something to say about it.
    case acceptedWithNote
    /// Already so; nothing was recorded.
    case duplicate
    /// No asset has this mark.
    case unknown
    /// An expected no.
    case refused
    /// A location, badge or command label: it changed what the next scans mean.
    case context
    /// It was looked up, nothing more.
    case lookup
    /// Its event was taken back.
    case undone
    /// Nobody was signed in, or no session was open.
    case unassigned
  }

  /// Counts up; 0 until it is kept.
  public var id: Int64 = 0
  public var at: Instant
  /// The bytes as the device gave them; a badge's are not kept.
  public var raw: [UInt8]
  public var symbologyIdentifier: String?
  public var device: String?
  public var session: SessionID?
  public var person: PersonID?
  public var outcome: Outcome
  /// What the desk showed.
  public var words: String
  /// Code of the refusal, if there was one.
  public var code: String?
  public var asset: AssetID?
  public var event: EventID?
  /// Of an unknown reading: the asset that carries its mark by now.
  public internal(set) var knownAs: AssetID?
  /// The reports of a USB device as they came, one after the other; nil for other sources.
  public var reports: [UInt8]?

  /// A reading that is about to be kept.
  public init(
    at moment: Instant, raw: [UInt8], symbologyIdentifier: String?, device: String?, session: SessionID?,
    person: PersonID?, outcome: Outcome, words: String
  ) {
    at = moment
    self.raw = raw
    self.symbologyIdentifier = symbologyIdentifier
    self.device = device
    self.session = session
    self.person = person
    self.outcome = outcome
    self.words = words
  }
}

extension StoreTransaction {
  /// Keeps a reading; gives back its id. `marks` are the texts that it may stand for besides its own: once an asset carries one of
  /// them, an unknown reading is known.
  @discardableResult
  public func keep(_ reading: KeptReading, marks: [String] = []) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO reading(at, raw, symbology, device, session, person, outcome, words, code, asset, event,
          reports) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      reading.at.milliseconds, Data(reading.raw), reading.symbologyIdentifier, reading.device, reading.session,
      reading.person, reading.outcome.rawValue, reading.words, reading.code, reading.asset, reading.event,
      reading.reports.map { Data($0) },
    ])
    let id = db.lastInsertedRowID
    if reading.outcome == .unknown { try note(marks, of: id, raw: reading.raw) }
    return id
  }

  /// Marks a reading that came to nothing as unknown; `marks` are the texts that it may stand for besides its own. An asset may carry
  /// one of them already.
  public func markUnknown(_ reading: Int64, marks: [String]) throws {
    try db.execute(sql: "UPDATE reading SET outcome = 'unknown' WHERE id = ?", arguments: [reading])
    guard let kept = try self.reading(reading) else { return }
    try note(marks, of: reading, raw: kept.raw)
    try know(reading: reading)
  }

  /// Marks the reading that led to an event as undone.
  public func markUndone(_ reading: Int64) throws {
    try db.execute(sql: "UPDATE reading SET outcome = 'undone' WHERE id = ?", arguments: [reading])
  }
}

extension StoreReading {
  /// Kept readings before an id, newest first. `outcome` and `session` pick among them.
  public func readings(
    before id: Int64 = .max, outcome: KeptReading.Outcome? = nil, session: SessionID? = nil, limit: Int
  ) throws -> [KeptReading] {
    var sql = "SELECT * FROM reading WHERE id < ?"
    var arguments: StatementArguments = [id]
    if let outcome {
      sql += " AND outcome = ?"
      arguments += [outcome.rawValue]
    }
    if let session {
      sql += " AND session = ?"
      arguments += [session]
    }
    arguments += [limit]
    return try Row.fetchAll(db, sql: sql + " ORDER BY id DESC LIMIT ?", arguments: arguments).map(KeptReading.init)
  }

  /// A kept reading.
  public func reading(_ id: Int64) throws -> KeptReading? {
    try Row.fetchOne(db, sql: "SELECT * FROM reading WHERE id = ?", arguments: [id]).map(KeptReading.init)
  }

  /// How many readings of a session came to what.
  public func tally(of session: SessionID) throws -> [KeptReading.Outcome: Int] {
    var tally: [KeptReading.Outcome: Int] = [:]
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT outcome, count(*) AS n FROM reading WHERE session = ? GROUP BY outcome"),
      arguments: [session])
    for row in rows {
      if let outcome = KeptReading.Outcome(rawValue: row["outcome"]) { tally[outcome] = row["n"] }
    }
    return tally
  }
}

extension KeptReading {
  init(_ row: Row) {
    id = row["id"]
    at = Instant(milliseconds: row["at"])
    let data: Data = row["raw"]
    raw = Array(data)
    symbologyIdentifier = row["symbology"]
    device = row["device"]
    session = row["session"]
    person = row["person"]
    outcome = Outcome(rawValue: row["outcome"]) ?? .refused
    words = row["words"]
    code = row["code"]
    asset = row["asset"]
    event = row["event"]
    knownAs = row["known_as"]
    let reports: Data? = row["reports"]
    self.reports = reports.map { Array($0) }
  }
}

extension StoreReading {
  /// What a device read last.
  public func lastReading(device: String) throws -> KeptReading? {
    try Row.fetchOne(
      db, sql: "SELECT * FROM reading WHERE device = ? ORDER BY id DESC LIMIT 1", arguments: [device]
    ).map(KeptReading.init)
  }
}
