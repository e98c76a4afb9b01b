import Custody
import Foundation
import GRDB

/// A tag that went through a doorway, as it is kept: a sighting, from which no custody follows.
public struct KeptPassage: Hashable, Sendable {
  /// How long a passage is kept.
  public static let keptDays = 90
  /// How many are kept at most; the oldest go first.
  public static let mostKept = 100_000

  /// Counts up, and is never used again; 0 until it is kept.
  public var id: Int64 = 0
  public let at: Instant
  /// The doorway's name in the settings of that time.
  public let doorway: String
  /// Whether it came in; false when it went out.
  public let isInside: Bool
  public let epc: [UInt8]
  /// The asset that the tag belonged to then; nil for a tag that no asset had.
  public let asset: AssetID?

  /// A passage that is about to be kept.
  public init(at moment: Instant, doorway: String, isInside: Bool, epc: [UInt8], asset: AssetID?) {
    at = moment
    self.doorway = doorway
    self.isInside = isInside
    self.epc = epc
    self.asset = asset
  }
}

extension StoreTransaction {
  /// Keeps a passage; gives back its id.
  @discardableResult
  public func keep(_ passage: KeptPassage) throws -> Int64 {
    try db.cachedStatement(sql: "INSERT INTO passage(at, doorway, inside, epc, asset) VALUES (?,?,?,?,?)").execute(
      arguments: [passage.at.milliseconds, passage.doorway, passage.isInside, Data(passage.epc), passage.asset])
    return db.lastInsertedRowID
  }

  /// Takes away passages that are older than ``KeptPassage/keptDays`` or beyond ``KeptPassage/mostKept``, at most `limit` for
  /// either reason, so that no scan waits long behind it; gives back how many.
  @discardableResult
  public func prunePassages(limit: Int = 1_000, mostKept: Int = KeptPassage.mostKept) throws -> Int {
    let eldest = now.advanced(byMilliseconds: -Int64(KeptPassage.keptDays) * 86_400_000)
    try db.cachedStatement(
      sql: "DELETE FROM passage WHERE id IN (SELECT id FROM passage WHERE at < ? ORDER BY at LIMIT ?)"
    ).execute(arguments: [eldest.milliseconds, limit])
    let old = db.changesCount
    try db.cachedStatement(
      sql: """
        DELETE FROM passage WHERE id IN
          (SELECT id FROM passage WHERE id <= (SELECT max(id) FROM passage) - ? ORDER BY id LIMIT ?)
        """
    ).execute(arguments: [mostKept, limit])
    return old + db.changesCount
  }
}

extension StoreReading {
  /// Kept passages before an id, newest first; of one doorway or one tag where they are named.
  public func passages(
    before id: Int64 = .max, doorway: String? = nil, epc: [UInt8]? = nil, limit: Int
  ) throws -> [KeptPassage] {
    var sql = "SELECT * FROM passage WHERE id < ?"
    var arguments: StatementArguments = [id]
    if let doorway {
      sql += " AND doorway = ?"
      arguments += [doorway]
    }
    if let epc {
      sql += " AND epc = ?"
      arguments += [Data(epc)]
    }
    arguments += [limit]
    return try Row.fetchAll(db, sql: sql + " ORDER BY id DESC LIMIT ?", arguments: arguments).map { row in
      let epc: Data = row["epc"]
      var passage = KeptPassage(
        at: Instant(milliseconds: row["at"]), doorway: row["doorway"], isInside: row["inside"], epc: Array(epc),
        asset: row["asset"])
      passage.id = row["id"]
      return passage
    }
  }
}
