import Custody
import Foundation
import GRDB

extension StoreReading {
  /// The newest reading of a session, before a reading, whose event was not undone in it: its id, the event and the asset. The
  /// event may have been corrected elsewhere.
  public func newestUndoable(
    in session: SessionID, before id: Int64 = .max
  ) throws -> (reading: Int64, event: EventID, asset: AssetID)? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT id AS reading, event, asset FROM reading
        WHERE session = ? AND id < ? AND outcome IN ('accepted', 'acceptedWithNote') AND (
          SELECT type FROM entry WHERE entry.asset = reading.asset AND entry.event_id = reading.event
          ORDER BY arrival DESC LIMIT 1
        ) <> 'correct'
        ORDER BY id DESC LIMIT 1
        """, arguments: [session, id]
    ).map { row in (row["reading"], row["event"], row["asset"]) }
  }

  /// What the same act recorded besides: the list that fitting or taking out a drive amended, the parts that were
  /// disposed of with what they were fitted in, the licences that were recorded on what went out with a kit. They have no
  /// reading of their own, and follow the first in the chain.
  public func companions(of event: EventID, on asset: AssetID) throws -> [(event: EventID, asset: AssetID)] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT next.bytes AS bytes, entry.bytes AS opening, entry.type AS type,
            EXISTS (SELECT 1 FROM reading WHERE reading.event = next.event_id) AS is_read FROM entry
          JOIN entry AS next ON next.station = entry.station AND next.epoch = entry.epoch AND next.seq > entry.seq
          WHERE entry.arrival = (
              SELECT arrival FROM entry WHERE asset = ? AND event_id = ? ORDER BY arrival DESC LIMIT 1
            ) AND entry.type IN ('attach', 'detach', 'dispose', 'proveLabel', 'deploy')
          ORDER BY next.seq
          """), arguments: [asset, event])
    var companions: [(event: EventID, asset: AssetID)] = []
    while let row = try rows.next() {
      let next = try CustodyEvent(entry: row["bytes"])
      switch next.details {
      case .amend
      where [Verb.attach, .detach].map(\.rawValue).contains(row["type"] as String) && next.asset != asset
        && !row["is_read"]:
        return [(next.eventID, next.asset)]
      case .amend where row["type"] == Verb.deploy.rawValue && next.asset == asset && !row["is_read"]:
        let deployment = try CustodyEvent(entry: row["opening"])
        guard case .deploy(let details) = deployment.details, details.kit != nil, deployment.session == next.session
        else { return companions }
        return [(next.eventID, next.asset)]
      case .unbind where row["type"] == Verb.proveLabel.rawValue && next.asset == asset && !row["is_read"]:
        return [(next.eventID, next.asset)]
      case .dispose(let details) where row["type"] == Verb.dispose.rawValue && details.fittedIn != nil:
        companions.append((next.eventID, next.asset))
      default: return companions
      }
    }
    return companions
  }

  /// What an event of an asset did; nil where this station does not have it. An act that is looked at is young: the asset's
  /// entries are gone through from the newest, and only their columns are read.
  public func verb(of event: EventID, on asset: AssetID) throws -> Verb? {
    try String.fetchOne(
      db.cachedStatement(
        sql: "SELECT type FROM entry WHERE asset = ? AND event_id = ? ORDER BY arrival DESC LIMIT 1"),
      arguments: [asset, event]
    ).flatMap(Verb.init(rawValue:))
  }

  /// Whether a correction that counts names an event of an asset. Of the asset's entries only the corrections that came after the
  /// event are read; all of them only where one of those names it.
  public func isCorrected(_ event: EventID, of asset: AssetID) throws -> Bool {
    let later = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT bytes FROM entry WHERE asset IN (SELECT ?1 UNION ALL SELECT id FROM alias WHERE canonical = ?1)
            AND +type = 'correct' AND arrival > coalesce(
              (SELECT arrival FROM entry WHERE asset = ?1 AND event_id = ?2 ORDER BY arrival DESC LIMIT 1), -1 << 62)
          """), arguments: [asset, event])
    while let row = try later.next() {
      guard case .correct(let correction) = try CustodyEvent(entry: row["bytes"]).details, correction.event == event
      else { continue }
      return try history(of: asset).contains { other in
        if case .correct(let correction) = other.details { correction.event == event } else { false }
      }
    }
    return false
  }
}
