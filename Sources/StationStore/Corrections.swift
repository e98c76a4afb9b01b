import CartonReading
import Custody
import CustodyLedger
import Foundation
import GRDB

/// A correction as the store keeps it.
public struct KeptCorrection: Sendable {
  /// Counts up; the name by which it is forgotten.
  public let id: Int64
  public let correction: Correction
  /// The code that it was learned from.
  public let example: String
  public let person: PersonID
  public let at: Instant
  /// When and by whom it was ended: by saying otherwise, or by taking it back. Nil while it holds.
  public let ended: (at: Instant, by: PersonID)?
}

extension StoreTransaction {
  /// Today where the station stands, as `YYYY-MM-DD`.
  public var today: String {
    let now = now
    let offset = Int64(sealing.clock.offsetMinutes(at: now)) * 60_000
    return String(now.advanced(byMilliseconds: offset).description.prefix(10))
  }

  /// Keeps what was learned from a code; an earlier correction of the same pattern for the same model ends.
  @discardableResult
  public func keep(_ correction: Correction, example: String, by person: PersonID) throws -> Int64 {
    for known in try corrections() where known.correction.isSuperseded(by: correction) { try end(known.id, by: person) }
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

  /// Ends a correction, which is kept with who did so and when; gives back whether there was one that held.
  @discardableResult
  public func end(_ id: Int64, by person: PersonID) throws -> Bool {
    try db.execute(
      sql: "UPDATE correction SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL",
      arguments: [now.milliseconds, person, id])
    return db.changesCount > 0
  }
}

extension StoreReading {
  /// All corrections that hold, oldest first; on demand those too that have ended.
  public func corrections(ended: Bool = false) throws -> [KeptCorrection] {
    let which = ended ? "" : "WHERE ended_at IS NULL"
    return try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM correction \(which) ORDER BY id")).map { row in
      let pattern: Data = row["pattern"]
      guard let field = CartonField(rawValue: row["field"]) else {
        throw StoreFault.damaged(reason: "correction \(row["id"] as Int64) is of no field known here")
      }
      let end: (Int64?, PersonID?) = (row["ended_at"], row["ended_by"])
      return KeptCorrection(
        id: row["id"],
        correction: Correction(
          manufacturer: row["manufacturer"], model: row["model"],
          pattern: try CanonicalDecoder().decode(CodePattern.self, from: Array(pattern)), field: field, by: row["name"],
          on: row["day"]),
        example: row["example"], person: row["person"], at: Instant(milliseconds: row["at"]),
        ended: end.0.flatMap { at in end.1.map { (Instant(milliseconds: at), $0) } })
    }
  }
}
