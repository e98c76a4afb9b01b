import Custody
import CustodyLedger
import Foundation
import GRDB

extension StoreTransaction {
  /// Flags an event whose clock was far ahead of the centre's when the centre took it.
  func flagClock(of event: CustodyEvent, received: Instant?) throws {
    guard let received, event.hlc.milliseconds > received.milliseconds + StationFlags.clockAhead else { return }
    try remember(event)
    try report(.skewedClock, [event.eventID], of: event.chainName, at: now)
  }

  /// Flags a chain that has another entry in a place that is taken here, and keeps it: both are well signed, and so prove the
  /// fork without anybody's word.
  func flagFork(_ second: CustodyEvent, _ pulled: HeldEntry) throws {
    guard
      let row = try Data.fetchOne(
        db.cachedStatement(sql: "SELECT bytes FROM entry WHERE station = ? AND epoch = ? AND seq = ?"),
        arguments: [second.chainName, second.epoch, second.seq])
    else { return }
    let first = try CustodyEvent(entry: row)
    try remember(first)
    try remember(second, bytes: pulled.entry.entry.bytes, logIndex: pulled.logIndex)
    try report(.fork, [first.eventID, second.eventID], of: second.chainName, at: now)
  }

  /// Ends what a settlement of flags about stations names.
  func endFlags(by event: CustodyEvent) throws {
    guard case .settle(let details) = event.details, !details.kind.isFolded else { return }
    let stations = try String.fetchAll(
      db.cachedStatement(
        sql: "SELECT DISTINCT station FROM discrepancy WHERE kind = ? AND settled_by IS NULL AND station IS NOT NULL"),
      arguments: [details.kind.rawValue])
    try settle(details, of: stations, by: event.eventID, at: now)
  }

  /// An asset that one of these events about a station is about, as it is projected: a settlement is an event of an asset.
  /// Where none of theirs is known, the one that the station dealt with last.
  public func flaggedAsset(_ claims: [EventID], of station: String) throws -> AssetID? {
    func projected(_ id: AssetID) throws -> AssetID? {
      let canonical = try canonical(of: id) ?? id
      return try asset(canonical) == nil ? nil : canonical
    }
    for claim in claims {
      let id = try AssetID.fetchOne(
        db.cachedStatement(sql: "SELECT asset FROM flagged WHERE event_id = ?"), arguments: [claim])
      if let id, let found = try projected(id) { return found }
    }
    let last = try AssetID.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT asset FROM entry WHERE station = ? AND misfit IS NULL ORDER BY epoch DESC, seq DESC LIMIT 1
          """), arguments: [station])
    return try last.flatMap { try projected($0) }
  }

  private func remember(_ event: CustodyEvent, bytes: [UInt8]? = nil, logIndex: Int64 = -1) throws {
    try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO flagged(event_id, asset, bytes, log_index) VALUES (?,?,?,?)"
    ).execute(arguments: [event.eventID, event.asset, bytes.map { Data($0) }, logIndex])
  }
}
