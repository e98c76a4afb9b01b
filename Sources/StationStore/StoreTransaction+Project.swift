import Custody
import CustodyLedger
import Foundation
import GRDB

extension StoreTransaction {
  /// Makes the projection say what `after` says; nil takes the asset out of it.
  public func project(_ after: Asset?, of id: AssetID, replacing before: Asset?) throws {
    remember(after, as: id)
    try db.cachedStatement(
      sql: "INSERT INTO unsearched(asset, turn) VALUES (?, 1) ON CONFLICT(asset) DO UPDATE SET turn = turn + 1"
    ).execute(arguments: [id])
    guard let after else {
      try db.cachedStatement(sql: "DELETE FROM asset WHERE id = ?").execute(arguments: [id])
      try db.cachedStatement(sql: "DELETE FROM identifier WHERE asset = ?").execute(arguments: [id])
      try db.cachedStatement(sql: "DELETE FROM medium WHERE asset = ?").execute(arguments: [id])
      try know(Set(before?.identifiers.map(\.value) ?? []))
      return
    }
    let document = Data(try CanonicalEncoder().encode(after, limit: .max))
    let parent = after.parent
    if before == nil {
      try db.cachedStatement(
        sql: """
          INSERT INTO asset(tag, serial, manufacturer, model, category, state, custodian, location, parent, changed_at,
            po, po_line, due, warranty_end, refresh_on, doc, id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
          """
      ).execute(arguments: arguments(after, parent, document))
    } else {
      try db.cachedStatement(
        sql: """
          UPDATE asset SET tag = ?, serial = ?, manufacturer = ?, model = ?, category = ?, state = ?, custodian = ?,
            location = ?, parent = ?, changed_at = ?, po = ?, po_line = ?, due = ?,
            warranty_end = ?, refresh_on = ?, doc = ? WHERE id = ?
          """
      ).execute(arguments: arguments(after, parent, document))
    }
    if before?.mediaList != after.mediaList {
      try db.cachedStatement(sql: "DELETE FROM medium WHERE asset = ?").execute(arguments: [id])
      let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO medium(serial, asset) VALUES (?,?)")
      for medium in after.mediaList ?? [] {
        try insert.execute(arguments: [Self.foldedSerial(medium.serial), id])
      }
    }
    guard before?.identifiers != after.identifiers else { return }
    try db.cachedStatement(sql: "DELETE FROM identifier WHERE asset = ?").execute(arguments: [id])
    let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO identifier(value, kind, asset) VALUES (?,?,?)")
    for identifier in after.identifiers {
      try insert.execute(arguments: [identifier.value, identifier.kind.rawValue, id])
    }
    // Also of those that it carries no more: an unknown code that was known by one waits again.
    try know(Set((after.identifiers + (before?.identifiers ?? [])).map(\.value)))
  }

  private func arguments(_ asset: Asset, _ parent: AssetID?, _ document: Data) -> StatementArguments {
    [
      asset.tag, asset.serial, asset.facts.manufacturer, asset.facts.model, asset.facts.category,
      asset.state.rawValue, asset.custodian?.key, asset.location?.text, parent, asset.changedAt.milliseconds,
      asset.facts.orderLine?.order, asset.facts.orderLine?.line, asset.expectedReturn?.description,
      asset.facts.warrantyEnd?.description, asset.facts.refreshDate?.description, document, asset.id,
    ]
  }

  /// Drops the projection and makes it anew from the ledger, asset by asset, from all their events. Of a station that began
  /// with a snapshot, what has events of an earlier time stays as it is. Where other rules had made it, what disagrees by these
  /// is recorded too: `moment` says when that was found out.
  public func rebuildProjection(recordingAt moment: Instant? = nil) throws {
    let isWhole = try ledgerBegins() == nil
    if isWhole {
      try db.execute(sql: "DELETE FROM asset; DELETE FROM identifier; DELETE FROM medium; DELETE FROM alias")
      try forgetSearchIndex()
    }
    remember(nil, as: nil)
    var after = Data()
    while true {
      let page = try AssetID.fetchAll(
        db, sql: "SELECT DISTINCT asset FROM entry WHERE asset > ? ORDER BY asset LIMIT 1000", arguments: [after])
      guard let last = page.last else { return }
      for id in page where try isWhole || self.isWhole(id) {
        if let moment { try refold(id, recordingAt: moment) } else { try refold(id) }
      }
      after = withUnsafeBytes(of: (last.high.bigEndian, last.low.bigEndian)) { Data($0) }
    }
  }

  /// Makes the projection anew where other rules than this program's had made it.
  func bringProjectionUpToDate() throws {
    if try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM entry)") == true {
      try rebuildProjection(recordingAt: now)
    }
    try db.execute(
      sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('projectionVersion', ?)",
      arguments: ["\(ProjectionVersion.current)"])
  }
}

extension CustodyEvent {
  /// The event in a stored entry; throws ``StoreFault/damaged(reason:)`` when it cannot be read.
  init(entry: Data) throws {
    let bytes = Array(entry.dropFirst(LedgerEntry.signatureLength))
    do {
      self = try CanonicalDecoder().decode(CustodyEvent.self, from: bytes)
    } catch {
      throw Self.fault(in: bytes, error)
    }
  }

  /// Why an event cannot be read: it is of a newer program, or its bytes are damaged.
  private static func fault(in bytes: [UInt8], _ fault: CanonicalCodingError) -> any Error {
    let damaged = StoreFault.damaged(reason: "a ledger entry cannot be read: \(fault)")
    do {
      let header = try CanonicalDecoder().decode(EntryHeader.self, from: bytes)
      let known = header.v == CustodyEvent.version && Verb(rawValue: header.type) != nil
      return known ? damaged : UnsupportedEvent(version: header.v, type: header.type)
    } catch {
      return damaged
    }
  }
}

extension StoreReading {
  /// Whether this program's rules made the projection.
  func isProjectionUpToDate() throws -> Bool {
    try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'projectionVersion'")
      == "\(ProjectionVersion.current)"
  }
}
