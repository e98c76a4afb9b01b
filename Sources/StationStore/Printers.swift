import Custody
import Foundation
import GRDB

/// A printer that somebody has set up, as the store keeps it: the document belongs to the shell that wrote it.
public struct KeptPrinter: Hashable, Sendable {
  /// The station's own name for it.
  public let name: String
  /// Canonical JSON: address, profile, label sizes.
  public let document: [UInt8]
  /// When and by whom it was paused; nil while it prints.
  public let paused: Pause?
  /// Who set it up, or changed it last.
  public let person: PersonID
  public let at: Instant

  /// That a printer prints nothing until somebody lets it.
  public struct Pause: Hashable, Sendable {
    public let at: Instant
    public let by: PersonID
  }

  fileprivate init(_ row: Row) {
    let document: Data = row["doc"]
    let (at, by): (Int64?, PersonID?) = (row["paused_at"], row["paused_by"])
    name = row["name"]
    self.document = Array(document)
    paused = at.flatMap { at in by.map { Pause(at: Instant(milliseconds: at), by: $0) } }
    person = row["person"]
    self.at = Instant(milliseconds: row["at"])
  }
}

extension StoreReading {
  /// Every printer, ordered by name.
  public func printers() throws -> [KeptPrinter] {
    try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM printer ORDER BY name")).map(KeptPrinter.init)
  }

  public func printer(_ name: String) throws -> KeptPrinter? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM printer WHERE name = ?"), arguments: [name]).map(
      KeptPrinter.init)
  }
}

extension StoreTransaction {
  /// Sets a printer up, or changes it; what waits for it stays.
  public func setPrinter(_ name: String, _ document: [UInt8], by person: PersonID) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO printer(name, doc, person, at) VALUES (?,?,?,?)
        ON CONFLICT(name) DO UPDATE SET doc = excluded.doc, person = excluded.person, at = excluded.at
        """
    ).execute(arguments: [name, Data(document), person, now.milliseconds])
  }

  /// Forgets a printer for which nothing waits; gives back whether it did.
  public func removePrinter(_ name: String) throws -> Bool {
    guard try openLabelJobs(of: name) == 0 else { return false }
    try db.execute(sql: "DELETE FROM printer WHERE name = ?", arguments: [name])
    return db.changesCount > 0
  }

  /// Pauses a printer: what is being sent is finished, and nothing more begins. Gives back whether it printed until now.
  @discardableResult
  public func pausePrinter(_ name: String, by person: PersonID) throws -> Bool {
    try db.execute(
      sql: "UPDATE printer SET paused_at = ?, paused_by = ? WHERE name = ? AND paused_at IS NULL",
      arguments: [now.milliseconds, person, name])
    return db.changesCount > 0
  }

  /// Lets a printer print again; gives back whether it was paused.
  @discardableResult
  public func resumePrinter(_ name: String) throws -> Bool {
    try db.execute(
      sql: "UPDATE printer SET paused_at = NULL, paused_by = NULL WHERE name = ? AND paused_at IS NOT NULL",
      arguments: [name])
    return db.changesCount > 0
  }
}
