import Custody
import Foundation
import GRDB

/// What an operator has set for a device, as the store keeps it: the document belongs to the shell that wrote it.
public struct KeptDeviceSetting: Hashable, Sendable {
  /// The device's id, such as `05e0:1200@1-1.4`.
  public let device: String
  /// Canonical JSON of the setting.
  public let document: [UInt8]
  /// Who set it last.
  public let person: PersonID
  /// When.
  public let at: Instant
}

extension StoreReading {
  /// Every device's setting, ordered by device.
  public func deviceSettings() throws -> [KeptDeviceSetting] {
    try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM device_setting ORDER BY device")).map { row in
      let document: Data = row["doc"]
      return KeptDeviceSetting(
        device: row["device"], document: Array(document), person: row["person"], at: Instant(milliseconds: row["at"]))
    }
  }
}

extension StoreTransaction {
  /// Keeps a device's setting in the place of what was set before.
  public func setDevice(_ device: String, _ document: [UInt8], by person: PersonID) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO device_setting(device, doc, person, at) VALUES (?,?,?,?)
        ON CONFLICT(device) DO UPDATE SET doc = excluded.doc, person = excluded.person, at = excluded.at
        """
    ).execute(arguments: [device, Data(document), person, now.milliseconds])
  }

  /// Takes back what was set for a device; gives back whether anything was.
  @discardableResult
  public func forgetDevice(_ device: String) throws -> Bool {
    try db.execute(sql: "DELETE FROM device_setting WHERE device = ?", arguments: [device])
    return db.changesCount > 0
  }
}
