import Custody
import Foundation
import GRDB
import StockCounting

/// One change of a quantity on record.
public struct ConsumableChange: Hashable, Sendable {
  public let at: Instant
  /// Who; nil for an import by the owner of the station's folder.
  public let by: PersonID?
  /// Nil where nothing was on record there before.
  public let before: Int?
  public let after: Int
  /// Why, in words.
  public let reason: String
  /// The count whose result was accepted; nil for an import.
  public let count: CountID?
}

/// A place in the list of consumables: by location, then by what codes are compared by.
public struct ConsumablePlace: Hashable, Sendable {
  public let location: LocationCode
  public let key: String

  /// A place.
  public init(location: LocationCode, key: String) {
    self.location = location
    self.key = key
  }
}

extension StoreReading {
  /// A page of consumables by location and code, behind a place in that order. `text` is part of a code, a name or a location.
  public func consumables(
    matching text: String? = nil, after place: ConsumablePlace? = nil, limit: Int
  ) throws -> [Consumable] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let text, !text.isEmpty {
      let escaped = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
      conditions.append("(code LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\' OR location LIKE ? ESCAPE '\\')")
      arguments += ["%\(escaped)%", "%\(escaped)%", "%\(escaped)%"]
    }
    if let place {
      conditions.append("(location, key) > (?, ?)")
      arguments += [place.location.text, place.key]
    }
    arguments += [limit]
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    return try Row.fetchAll(
      db, sql: "SELECT * FROM consumable \(filter) ORDER BY location, key LIMIT ?", arguments: arguments
    ).map(Consumable.init)
  }

  /// What is on record of a code, place by place.
  public func consumables(coded code: ConsumableCode) throws -> [Consumable] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM consumable WHERE key = ? ORDER BY location"), arguments: [code.key]
    ).map(Consumable.init)
  }

  /// What is on record of a code at a place.
  public func consumable(_ code: ConsumableCode, at location: LocationCode) throws -> Consumable? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM consumable WHERE key = ? AND location = ?"),
      arguments: [code.key, location.text]
    ).map(Consumable.init)
  }

  /// How many consumables are on record, each place counted.
  public func consumableCount() throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM consumable") ?? 0 }

  /// Changes of a quantity on record, newest first.
  public func changes(of code: ConsumableCode, at location: LocationCode, limit: Int) throws -> [ConsumableChange] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT * FROM consumable_change WHERE key = ? AND location = ? ORDER BY id DESC LIMIT ?"),
      arguments: [code.key, location.text, limit]
    ).map { row in
      ConsumableChange(
        at: Instant(milliseconds: row["at"]), by: row["person"], before: row["before"], after: row["after"],
        reason: row["reason"], count: row["count"])
    }
  }
}

extension StoreTransaction {
  /// Puts a consumable on record, or in the place of what is on record of its code at its location. A quantity that changes is kept with
  /// who, when and why: `person` nil is the owner of the station's folder.
  public func save(
    _ consumable: Consumable, by person: PersonID?, because reason: String, count: CountID? = nil
  ) throws {
    let before = try self.consumable(consumable.code, at: consumable.location)?.quantity
    let (quantity, value): (Int?, Int64?) =
      switch consumable.tolerance {
      case .quantity(let units): (units, nil)
      case .value(let worth): (nil, worth)
      }
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO consumable(key, location, code, name, unit, value, currency, tolerance_quantity,
          tolerance_value, quantity, changed_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      consumable.code.key, consumable.location.text, consumable.code.text, consumable.name, consumable.unit,
      consumable.value?.minorUnits, consumable.value?.currency, quantity, value, consumable.quantity, now.milliseconds,
    ])
    guard before != consumable.quantity else { return }
    try db.cachedStatement(
      sql: """
        INSERT INTO consumable_change(key, location, at, person, before, after, reason, count) VALUES (?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      consumable.code.key, consumable.location.text, now.milliseconds, person, before, consumable.quantity, reason,
      count,
    ])
  }
}

extension Consumable {
  /// A row of `consumable` or of `count_consumable`.
  init(_ row: Row) throws {
    let (text, place): (String, String) = (row["code"], row["location"])
    guard let code = ConsumableCode(text), let location = LocationCode(place) else {
      throw StoreFault.damaged(reason: "a consumable's row has no code or no location")
    }
    let (minorUnits, currency): (Int64?, String?) = (row["value"], row["currency"])
    let (units, worth): (Int?, Int64?) = (row["tolerance_quantity"], row["tolerance_value"])
    var value: UnitValue?
    if let minorUnits, let currency { value = UnitValue(minorUnits: minorUnits, currency: currency) }
    self.init(
      code: code, location: location, name: row["name"], unit: row["unit"], value: value,
      tolerance: worth.map(Tolerance.value) ?? .quantity(units ?? 0), quantity: row["quantity"])
  }
}
