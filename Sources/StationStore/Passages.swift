import Custody
import Foundation
import GRDB

/// A tag that went through a doorway, as it is kept: a sighting, from which no custody follows, with what was made of it then.
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
  /// Which way it went; nil where the reader could not tell.
  public let direction: DoorDirection?
  public let epc: [UInt8]
  /// The asset that the tag belonged to then; nil for a tag that no asset had.
  public let asset: AssetID?
  /// What was made of it when it was kept, whatever was recorded since; nil of one that was kept before passages were judged.
  public let judgement: DoorJudgement?
  /// Where the asset stood then.
  public let state: LifecycleState?
  public let custodian: Custodian?

  /// A passage that is about to be kept, with the asset that has the tag and where it stands now.
  public init(
    at moment: Instant, doorway: String, direction: DoorDirection?, epc: [UInt8], asset: AssetID? = nil,
    judgement: DoorJudgement? = nil, state: LifecycleState? = nil, custodian: Custodian? = nil
  ) {
    at = moment
    self.doorway = doorway
    self.direction = direction
    self.epc = epc
    self.asset = asset
    self.judgement = judgement
    self.state = state
    self.custodian = custodian
  }
}

extension StoreTransaction {
  /// Keeps a passage; gives back its id.
  @discardableResult
  public func keep(_ passage: KeptPassage) throws -> Int64 {
    try db.cachedStatement(
      sql: """
        INSERT INTO passage(at, doorway, inside, epc, asset, verdict, code, sentence, remedy, state, custodian)
        VALUES (?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      passage.at.milliseconds, passage.doorway, passage.direction.map { $0 == .inwards }, Data(passage.epc),
      passage.asset, passage.judgement?.verdict.rawValue, passage.judgement?.code, passage.judgement?.sentence,
      passage.judgement?.remedy, passage.state?.rawValue, passage.custodian?.key,
    ])
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
  /// Kept passages before an id, newest first; of one doorway, one tag, one finding, from a moment on and before another, where
  /// they are named.
  public func passages(
    before id: Int64 = .max, doorway: String? = nil, epc: [UInt8]? = nil, finding: DoorFinding? = nil,
    during period: Range<Instant>? = nil, limit: Int
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
    if let finding { sql += " AND \(finding.condition)" }
    if let period {
      sql += " AND at >= ? AND at < ?"
      arguments += [period.lowerBound.milliseconds, period.upperBound.milliseconds]
    }
    arguments += [limit]
    return try Row.fetchAll(db, sql: sql + " ORDER BY id DESC LIMIT ?", arguments: arguments).map { row in
      let epc: Data = row["epc"]
      let inside: Bool? = row["inside"]
      let state: String? = row["state"]
      let custodian: String? = row["custodian"]
      var passage = KeptPassage(
        at: Instant(milliseconds: row["at"]), doorway: row["doorway"],
        direction: inside.map { $0 ? .inwards : .outwards }, epc: Array(epc), asset: row["asset"],
        judgement: try DoorJudgement(row), state: state.flatMap(LifecycleState.init(rawValue:)),
        custodian: custodian.flatMap(Custodian.init(key:)))
      passage.id = row["id"]
      return passage
    }
  }
}

extension StoreReading {
  /// The disposal order that an asset is on and that has not departed; nil when there is none.
  public func consignment(of asset: AssetID) throws -> DoorJudgement.Consignment? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT line.number AS number, one.state = 'sealed' AS sealed, line.loaded_at IS NOT NULL AS loaded
          FROM disposal_line AS line JOIN disposal_order AS one ON one.number = line.number
          WHERE line.asset = ? AND line.left_at IS NULL AND one.state IN ('draft', 'sealed') LIMIT 1
          """), arguments: [asset]
    ).map { DoorJudgement.Consignment(number: $0["number"], isSealed: $0["sealed"], isLoaded: $0["loaded"]) }
  }
}

extension DoorJudgement {
  /// Reads what was kept with a passage; nil where nothing was. Throws where it is damaged.
  fileprivate init?(_ row: Row) throws {
    guard let text: String = row["verdict"] else { return nil }
    guard let verdict = Verdict(rawValue: text), let code: String = row["code"], let sentence: String = row["sentence"]
    else { throw StoreFault.damaged(reason: "what was made of a passage through a door cannot be read") }
    self.init(verdict: verdict, code: code, sentence: sentence, remedy: row["remedy"])
  }
}
