import CartonReading
import Custody
import CustodyLedger
import Foundation
import GRDB

/// A correction as the store keeps it.
public struct KeptCorrection: Hashable, Sendable {
  /// Counts up; the name by which it is forgotten.
  public let id: Int64
  public let correction: Correction
  /// The code that it was learned from.
  public let example: String
  public let person: PersonID
  public let at: Instant
}

extension StoreTransaction {
  /// Today where the station stands, as `YYYY-MM-DD`.
  public var today: String {
    let now = now
    let offset = Int64(sealing.clock.offsetMinutes(at: now)) * 60_000
    return String(now.advanced(byMilliseconds: offset).description.prefix(10))
  }

  /// Keeps what was learned from a code; an earlier correction of the same pattern for the same model is superseded.
  @discardableResult
  public func keep(_ correction: Correction, example: String, by person: PersonID) throws -> Int64 {
    for known in try corrections() where known.correction.isSuperseded(by: correction) { try forget(known.id) }
    try db.cachedStatement(
      sql: """
        INSERT INTO correction(manufacturer, model, pattern, field, example, person, name, day, at)
        VALUES (?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      correction.manufacturer, correction.model, Data(try CanonicalEncoder().encode(correction.pattern)),
      correction.field.rawValue, example, person, correction.by, correction.on, now.milliseconds,
    ])
    return db.lastInsertedRowID
  }

  /// Forgets a correction; gives back whether there was one.
  @discardableResult
  public func forget(_ id: Int64) throws -> Bool {
    try db.execute(sql: "DELETE FROM correction WHERE id = ?", arguments: [id])
    return db.changesCount > 0
  }
}

extension StoreReading {
  /// All corrections that hold, oldest first.
  public func corrections() throws -> [KeptCorrection] {
    try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM correction ORDER BY id")).map { row in
      let pattern: Data = row["pattern"]
      guard let field = CartonField(rawValue: row["field"]) else {
        throw StoreFault.damaged(reason: "correction \(row["id"] as Int64) is of no field known here")
      }
      return KeptCorrection(
        id: row["id"],
        correction: Correction(
          manufacturer: row["manufacturer"], model: row["model"],
          pattern: try CanonicalDecoder().decode(CodePattern.self, from: Array(pattern)), field: field, by: row["name"],
          on: row["day"]),
        example: row["example"], person: row["person"], at: Instant(milliseconds: row["at"]))
    }
  }
}
