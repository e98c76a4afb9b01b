import Custody
import Foundation
import GRDB

/// The label of an asset that came without one: owed from the receipt on, until it is ordered.
public struct OwedLabel: Hashable, Sendable {
  /// The receipt.
  public let event: EventID
  public let asset: AssetID
  /// Who received it, and how they were recognised.
  public let person: PersonID
  public let authStrength: AuthStrength
  public let template: String
  /// The desk where it was received, and the label is to be scanned back.
  public let desk: String
  public let at: Instant
  /// Why it was not ordered; nil while nobody has tried, or it is to be tried again.
  public let refusal: Refusal?

  init(_ row: Row) throws {
    let auth: String = row["auth"]
    guard let strength = AuthStrength(rawValue: auth) else {
      throw StoreFault.damaged(reason: "an owed label is of somebody recognised by '\(auth)'")
    }
    event = row["event"]
    asset = row["asset"]
    person = row["person"]
    authStrength = strength
    template = row["template"]
    desk = row["desk"]
    at = Instant(milliseconds: row["at"])
    refusal = (row["code"] as String?).map { Refusal($0, row["words"] ?? "", remedy: row["remedy"] ?? "") }
  }
}

extension StoreReading {
  /// Owed labels that nobody has tried to order yet, or else those that were refused; the oldest first.
  public func owedLabels(refused: Bool, limit: Int) throws -> [OwedLabel] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT * FROM owed_label WHERE (code IS NOT NULL) = ? ORDER BY at, event LIMIT ?"),
      arguments: [refused, limit]
    ).map(OwedLabel.init)
  }

  /// The label that an asset is owed.
  public func owedLabel(of asset: AssetID) throws -> OwedLabel? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM owed_label WHERE asset = ? ORDER BY at LIMIT 1"), arguments: [asset]
    ).map(OwedLabel.init)
  }

  /// Up to which entry receipts were looked through.
  fileprivate var owedUpTo: Int64 {
    get throws {
      try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'owedLabelsUpTo'")) ?? 0
    }
  }

  /// Whether something was received since receipts were looked through last.
  public func hasUnseenReceipts() throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM entry WHERE arrival > ? AND type = 'receive')"),
      arguments: [try owedUpTo]) ?? false
  }
}

extension StoreTransaction {
  /// Looks through the receipts that came since the last time. What was received at a desk of this station, and has neither tag nor
  /// label, is owed one from here on. The place in the ledger moves in the same transaction, so that each receipt is looked at once,
  /// whenever the station may have stopped.
  ///
  /// - Parameter template: what is printed; nil owes nothing and moves on.
  public func oweLabels(of template: String?, desk: String, station: StationIdentity) throws {
    var cursor = try owedUpTo
    let newest = try Int64.fetchOne(db, sql: "SELECT max(arrival) FROM entry") ?? 0
    while template != nil {
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT arrival, bytes FROM entry WHERE arrival > ? AND type = 'receive' AND station = ? AND misfit IS NULL
          ORDER BY arrival LIMIT 500
          """, arguments: [cursor, station.keyName])
      guard let last = rows.last else { break }
      for row in rows { try owe(template ?? "", for: CustodyEvent(entry: row["bytes"]), desk: desk) }
      cursor = last["arrival"]
    }
    try db.execute(
      sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('owedLabelsUpTo', ?)",
      arguments: [String(max(newest, cursor))])
  }

  private func owe(_ template: String, for event: CustodyEvent, desk: String) throws {
    guard let person = event.operator, let session = try event.session.flatMap({ try self.session($0) }),
      session.desk == desk, let asset = try asset(event.asset), asset.tag == nil, asset.label == nil
    else { return }
    try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO owed_label(event, asset, person, auth, template, desk, at) VALUES (?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      event.eventID, event.asset, person, event.authStrength.rawValue, template, desk, event.wallClock.milliseconds,
    ])
  }

  /// A label is owed no longer; false when it was not.
  public func settleOwedLabel(_ event: EventID) throws -> Bool {
    try db.cachedStatement(sql: "DELETE FROM owed_label WHERE event = ?").execute(arguments: [event])
    return db.changesCount > 0
  }

  /// An asset has a label on the way: none is owed.
  public func settleOwedLabels(of asset: AssetID) throws {
    try db.cachedStatement(sql: "DELETE FROM owed_label WHERE asset = ?").execute(arguments: [asset])
  }

  /// Keeps why an owed label was not ordered.
  public func refuseOwedLabel(_ event: EventID, _ refusal: Refusal) throws {
    try db.execute(
      sql: "UPDATE owed_label SET code = ?, words = ?, remedy = ? WHERE event = ?",
      arguments: [refusal.code, refusal.sentence, refusal.remedy, event])
  }

  /// Has what was refused tried again: an asset's, or all; gives back how many that are.
  @discardableResult
  public func retryOwedLabels(of asset: AssetID? = nil) throws -> Int {
    try db.execute(
      sql: """
        UPDATE owed_label SET code = NULL, words = NULL, remedy = NULL
        WHERE code IS NOT NULL AND (?1 IS NULL OR asset = ?1)
        """, arguments: [asset])
    return db.changesCount
  }
}
