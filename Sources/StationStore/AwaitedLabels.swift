import Custody
import Foundation
import GRDB

/// A label that came out of a printer beside a desk and is to be scanned there.
public struct AwaitedLabel: Hashable, Sendable {
  public let asset: AssetID
  /// The `label` event.
  public let event: EventID
  /// What the printer itself read from the label's RFID tag after writing it, in capital hexadecimal.
  public let readBack: String?
  public let since: Instant
}

extension StoreReading {
  /// The labels that a desk waits for, the oldest first.
  public func awaitedLabels(at desk: String) throws -> [AwaitedLabel] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM awaited_label WHERE desk = ? ORDER BY at, rowid"), arguments: [desk]
    ).map { row in
      AwaitedLabel(
        asset: row["asset"], event: row["event"], readBack: row["read_back"], since: Instant(milliseconds: row["at"]))
    }
  }
}

extension StoreTransaction {
  /// A desk waits for an asset's label, in place of any earlier one of the same asset.
  public func await(labelOf asset: AssetID, printed event: EventID, readBack: String?, at desk: String) throws {
    try db.execute(
      sql: """
        INSERT INTO awaited_label(desk, asset, event, read_back, at) VALUES (?,?,?,?,?)
        ON CONFLICT(asset) DO UPDATE SET desk = excluded.desk, event = excluded.event, read_back = excluded.read_back,
          at = excluded.at
        """,
      arguments: [desk, asset, event, readBack, now.milliseconds])
  }

  /// Nobody waits for an asset's label any longer: it was scanned, or given up.
  public func stopAwaiting(labelOf asset: AssetID) throws {
    try db.cachedStatement(sql: "DELETE FROM awaited_label WHERE asset = ?").execute(arguments: [asset])
  }
}
