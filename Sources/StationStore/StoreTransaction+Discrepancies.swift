import Custody
import CustodyLedger
import Foundation
import GRDB

extension StoreReading {
  /// The asset that an id is an alias of; nil when it is none.
  public func canonical(of id: AssetID) throws -> AssetID? {
    try AssetID.fetchOne(db.cachedStatement(sql: "SELECT canonical FROM alias WHERE id = ?"), arguments: [id])
  }

  /// All events about an id that stand rightly in their chains, in the order in which they became known. Throws
  /// ``StoreFault/historyAtCentre(_:)`` where some are not here.
  public func events(about id: AssetID) throws -> [CustodyEvent] {
    let events = try Data.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT bytes FROM entry WHERE asset = ? AND (standpoint IS NULL OR standpoint LIKE 'custody.%') ORDER BY arrival
          """), arguments: [id]
    ).map { try CustodyEvent(entry: $0) }
    guard try isWhole(id, with: events) else { throw StoreFault.historyAtCentre(id) }
    return events
  }

  /// All events about an asset under any of its ids, also those that do not count as things are.
  public func eventsOfAll(_ id: AssetID) throws -> [CustodyEvent] {
    try events(about: id)
      + AssetID.fetchAll(
        db.cachedStatement(sql: "SELECT id FROM alias WHERE canonical = ? ORDER BY id"), arguments: [id]
      ).flatMap { try events(about: $0) }
  }

  /// What disagrees, newest first: of rows before an id those that are open, or those that have ended too.
  public func discrepancies(
    before id: Int64 = .max, openOnly: Bool, limit: Int
  ) throws -> [RecordedDiscrepancy] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT * FROM discrepancy WHERE id < ? \(openOnly ? "AND settled_by IS NULL" : "") ORDER BY id DESC LIMIT ?
          """), arguments: [id, limit]
    ).map(RecordedDiscrepancy.init(row:))
  }

  /// How many discrepancies are open.
  public func openDiscrepancies() throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM discrepancy WHERE settled_by IS NULL")) ?? 0
  }

  /// The discrepancy with this number.
  public func discrepancy(_ id: Int64) throws -> RecordedDiscrepancy? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM discrepancy WHERE id = ?"), arguments: [id])
      .map(RecordedDiscrepancy.init(row:))
  }

  /// What disagrees or did about an asset or a station, oldest first.
  public func discrepancies(about subject: DiscrepancySubject) throws -> [RecordedDiscrepancy] {
    switch subject {
    case .asset(let id):
      try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM discrepancy WHERE asset = ? ORDER BY id"), arguments: [id]
      ).map(RecordedDiscrepancy.init(row:))
    case .station(let name):
      try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM discrepancy WHERE station = ? ORDER BY id"), arguments: [name]
      ).map(RecordedDiscrepancy.init(row:))
    }
  }

  /// The events that a discrepancy names, those that are here, oldest first.
  public func events(of discrepancy: RecordedDiscrepancy) throws -> [CustodyEvent] {
    let wanted = Set(discrepancy.discrepancy.toSettle)
    var found: [CustodyEvent]
    switch discrepancy.subject {
    case .station:
      found = try wanted.compactMap { try flaggedEvent($0) }
    case .asset(let id):
      found = try eventsOfAll(id)
      if discrepancy.discrepancy.kind == .identityQuestion, let asset = try asset(id) {
        // The others are known by the same number.
        for serial in asset.identifiers where serial.kind == .serial {
          for other in try assets(carrying: serial).prefix(64) where other != id { found += try eventsOfAll(other) }
        }
      }
    }
    var seen: Set<EventID> = []
    return found.filter { wanted.contains($0.eventID) && seen.insert($0.eventID).inserted }
      .sorted { ($0.hlc, $0.eventID) < ($1.hlc, $1.eventID) }
  }

  /// An event that something about a station names.
  private func flaggedEvent(_ id: EventID) throws -> CustodyEvent? {
    try Data.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT coalesce(flagged.bytes, entry.bytes) FROM flagged
          LEFT JOIN entry ON entry.asset = flagged.asset AND entry.event_id = flagged.event_id
          WHERE flagged.event_id = ? AND coalesce(flagged.bytes, entry.bytes) IS NOT NULL
          """), arguments: [id]
    ).map { try CustodyEvent(entry: $0) }
  }
}

extension StoreTransaction: CustodyProjection {
  public func hasEvents(about id: AssetID, besides event: EventID) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS(SELECT 1 FROM entry WHERE asset = ?1 AND event_id <> ?2) OR EXISTS(SELECT 1 FROM earlier WHERE asset = ?1)
          """),
      arguments: [id, event]) ?? false
  }

  public func assets(withSerial serial: String) throws -> [AssetID] {
    try assets(carrying: BoundIdentifier(.serial, serial))
  }

  public func setCanonical(_ canonical: AssetID?, of id: AssetID) throws {
    guard let canonical else {
      return try db.cachedStatement(sql: "DELETE FROM alias WHERE id = ?").execute(arguments: [id])
    }
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO alias(id, canonical) VALUES (?,?)").execute(
      arguments: [id, canonical])
  }

  public func standpoint(of event: CustodyEvent) throws -> Standpoint? {
    // An event that was inserted a moment ago stands nowhere yet.
    if event.eventID == untaken { return nil }
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT standpoint FROM entry WHERE asset = ? AND event_id = ?"),
      arguments: [event.asset, event.eventID])
    guard let row else { return nil }
    let code: String? = row["standpoint"]
    return code.map { Standpoint(code: $0) } ?? .applied
  }

  public func set(_ standpoint: Standpoint, of event: CustodyEvent) throws {
    let isNew = event.eventID == untaken
    if isNew { untaken = nil }
    if isNew, standpoint == .applied { return }
    // What has waited goes behind what it waited for: a history is read in the order of arrival.
    let hasWaited =
      try !isNew && standpoint != .waiting
      && Bool.fetchOne(
        db.cachedStatement(
          sql: "SELECT standpoint = 'custody.waiting' FROM entry WHERE asset = ? AND event_id = ?"),
        arguments: [event.asset, event.eventID]) == true
    try db.cachedStatement(
      sql: """
        UPDATE entry SET standpoint = ?, misfit = ?\(hasWaited ? ", arrival = \(StoreSnapshot.nextArrival)" : "")
        WHERE asset = ? AND event_id = ?
        """
    ).execute(arguments: [standpoint.code, standpoint.sentence, event.asset, event.eventID])
  }

  public func write(
    _ change: RecordedDiscrepancy.Change, about subject: DiscrepancySubject, at moment: Instant
  ) throws {
    var (asset, station): (AssetID?, String?) = (nil, nil)
    switch subject {
    case .asset(let id): asset = id
    case .station(let name): station = name
    }
    func insert(_ discrepancy: Discrepancy, _ settledBy: EventID?) throws {
      try db.cachedStatement(
        sql:
          "INSERT INTO discrepancy(kind, asset, station, doc, opened_at, settled_at, settled_by) VALUES (?,?,?,?,?,?,?)"
      ).execute(arguments: [
        discrepancy.kind.rawValue, asset, station, Data(try CanonicalEncoder().encode(discrepancy)),
        moment.milliseconds,
        settledBy == nil ? nil : moment.milliseconds, settledBy,
      ])
    }
    switch change {
    case .open(let discrepancy): try insert(discrepancy, nil)
    case .openAndEnd(let discrepancy, let event): try insert(discrepancy, event)
    case .become(let id, let discrepancy):
      try db.cachedStatement(sql: "UPDATE discrepancy SET doc = ? WHERE id = ?").execute(
        arguments: [Data(try CanonicalEncoder().encode(discrepancy)), id])
    case .end(let id, let event):
      try db.cachedStatement(sql: "UPDATE discrepancy SET settled_at = ?, settled_by = ? WHERE id = ?").execute(
        arguments: [moment.milliseconds, event, id])
    }
  }
}

extension RecordedDiscrepancy {
  init(row: Row) throws {
    let document: Data = row["doc"]
    let asset: AssetID? = row["asset"]
    let station: String? = row["station"]
    guard let subject = asset.map(DiscrepancySubject.asset) ?? station.map(DiscrepancySubject.station) else {
      throw StoreFault.damaged(reason: "a discrepancy's row is about nothing")
    }
    let settledAt: Int64? = row["settled_at"]
    let discrepancy: Discrepancy
    do {
      discrepancy = try CanonicalDecoder().decode(Discrepancy.self, from: Array(document))
    } catch {
      throw StoreFault.damaged(reason: "a discrepancy's row cannot be read: \(error)")
    }
    self.init(
      id: row["id"], discrepancy: discrepancy, subject: subject,
      openedAt: Instant(milliseconds: row["opened_at"]), settledAt: settledAt.map(Instant.init(milliseconds:)),
      settledBy: row["settled_by"])
  }
}
