import Custody
import Foundation
import GRDB

/// Something that a person has to look into, kept until somebody says what came of it: a code that nobody knows, a thing that
/// came otherwise than it was ordered.
public struct FollowUp: Hashable, Sendable {
  /// Counts up; 0 until it is kept.
  public var id: Int64 = 0
  /// What it is, in a word of the shell's: `unknown`, `over`, `wrongModel`…
  public var kind: String
  public var at: Instant
  public var person: PersonID?
  public var session: SessionID?
  /// The order and line that it is about.
  public var order: String?
  public var line: Int?
  /// How many things it is about, at least 1.
  public var quantity = 1
  public var asset: AssetID?
  public var reading: Int64?
  /// The code as it was scanned, of what no asset stands for.
  public var raw: [UInt8]?
  /// The doorway that it is about.
  public var doorway: String?
  /// What happened, a sentence.
  public var words: String
  public var settledAt: Instant?
  /// Who settled it; nil of a code that ended by itself, because an asset came to carry it by another way than a scan here.
  public var settledBy: PersonID?
  /// What came of it, in the words of who settled it.
  public var settlement: String?

  /// Something to look into.
  public init(kind: String, at moment: Instant, words: String) {
    self.kind = kind
    at = moment
    self.words = words
  }
}

extension StoreTransaction {
  /// Keeps something to look into; gives back its id. A code that is kept already and not settled is not kept twice.
  @discardableResult
  public func keep(_ followUp: FollowUp) throws -> Int64 {
    let raw = followUp.raw.map { Data($0) }
    if let raw, followUp.asset == nil {
      let open = try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT id FROM follow_up WHERE raw = ? AND settled_at IS NULL AND kind = ?"),
        arguments: [raw, followUp.kind])
      if let open { return open }
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO follow_up(kind, at, person, session, po, po_line, quantity, asset, reading, raw, doorway, words)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      followUp.kind, followUp.at.milliseconds, followUp.person, followUp.session, followUp.order, followUp.line,
      followUp.quantity, followUp.asset, followUp.reading, raw, followUp.doorway, followUp.words,
    ])
    return db.lastInsertedRowID
  }

  /// Keeps what a door has shown of an asset, unless the same of that asset and door waits for somebody already; gives back its
  /// id, or nil when nothing was added.
  public func keepOnce(_ followUp: FollowUp) throws -> Int64? {
    let open = try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT id FROM follow_up
          WHERE asset = ? AND asset IS NOT NULL AND settled_at IS NULL AND kind = ? AND doorway IS ?
          """),
      arguments: [followUp.asset, followUp.kind, followUp.doorway])
    return open == nil ? try keep(followUp) : nil
  }

  /// Settles one in somebody's words. False when it is settled already, or never was there.
  public func settleFollowUp(_ id: Int64, by person: PersonID, _ words: String) throws -> Bool {
    try db.cachedStatement(
      sql: "UPDATE follow_up SET settled_at = ?, settled_by = ?, settlement = ? WHERE id = ? AND settled_at IS NULL"
    ).execute(arguments: [now.milliseconds, person, words, id])
    return db.changesCount == 1
  }

  /// Settles what was kept of a code that leads somewhere by now, and says of what the act at hand has settled who did it, and
  /// how.
  public func settleFollowUps(ofCode raw: [UInt8], by person: PersonID, _ words: String) throws {
    try db.cachedStatement(
      sql: """
        UPDATE follow_up SET settled_at = ?, settled_by = ?, settlement = ?
        WHERE raw = ? AND raw IS NOT NULL AND settled_at IS NULL
        """
    ).execute(arguments: [now.milliseconds, person, words, Data(raw)])
    for id in knownFollowUps {
      try db.cachedStatement(
        sql: "UPDATE follow_up SET settled_by = ?, settlement = ? WHERE id = ? AND settled_at IS NOT NULL"
      ).execute(arguments: [person, words, id])
    }
    knownFollowUps = []
  }

  /// Settles what was kept of an asset whose event was taken back.
  public func settleFollowUps(of asset: AssetID, session: SessionID, by person: PersonID, _ words: String) throws {
    try db.cachedStatement(
      sql: """
        UPDATE follow_up SET settled_at = ?, settled_by = ?, settlement = ?
        WHERE asset = ? AND asset IS NOT NULL AND session = ? AND settled_at IS NULL
        """
    ).execute(arguments: [now.milliseconds, person, words, asset, session])
  }
}

extension StoreReading {
  /// What is kept, newest first, before an id. `order` and `session` pick among it.
  public func followUps(
    before id: Int64 = .max, openOnly: Bool = true, order: String? = nil, session: SessionID? = nil, limit: Int
  ) throws -> [FollowUp] {
    var sql = "SELECT * FROM follow_up WHERE id < ?"
    var arguments: StatementArguments = [id]
    if openOnly { sql += " AND settled_at IS NULL" }
    if let order {
      sql += " AND po = ?"
      arguments += [order]
    }
    if let session {
      sql += " AND session = ?"
      arguments += [session]
    }
    arguments += [limit]
    return try Row.fetchAll(db, sql: sql + " ORDER BY id DESC LIMIT ?", arguments: arguments).map(FollowUp.init)
  }

  /// One of them.
  public func followUp(_ id: Int64) throws -> FollowUp? {
    try Row.fetchOne(db, sql: "SELECT * FROM follow_up WHERE id = ?", arguments: [id]).map(FollowUp.init)
  }

  /// How many wait for somebody.
  public func openFollowUps() throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM follow_up WHERE settled_at IS NULL")) ?? 0
  }

  /// How many things an order's follow-ups are about, by kind; what was taken back does not count.
  public func followUpCounts(order: String) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT kind, sum(quantity) AS n FROM follow_up WHERE po = ? AND settled_at IS NULL GROUP BY kind"),
      arguments: [order])
    for row in rows { counts[row["kind"]] = row["n"] }
    return counts
  }
}

extension FollowUp {
  fileprivate init(_ row: Row) {
    id = row["id"]
    kind = row["kind"]
    at = Instant(milliseconds: row["at"])
    person = row["person"]
    session = row["session"]
    order = row["po"]
    line = row["po_line"]
    quantity = row["quantity"]
    asset = row["asset"]
    reading = row["reading"]
    let bytes: Data? = row["raw"]
    raw = bytes.map { Array($0) }
    doorway = row["doorway"]
    words = row["words"]
    let settled: Int64? = row["settled_at"]
    settledAt = settled.map(Instant.init(milliseconds:))
    settledBy = row["settled_by"]
    settlement = row["settlement"]
  }
}
