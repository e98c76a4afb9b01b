import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting
import TamperEvidence

/// A stock count as it is stored.
public struct StoredCount: Hashable, Sendable {
  /// How it ended.
  public struct Ending: Hashable, Sendable {
    public let at: Instant
    public let by: PersonID
    /// Observations that counters held, or might hold, when it was closed all the same; nil when none did.
    public let outstanding: Int?
    public let tally: CountTally
    /// How many observations the file holds.
    public let observations: Int
    /// SHA-256 of the observation file, which is among the blobs.
    public let file: String
    /// The hash of the entry that says all this.
    public let entry: EntryHash
  }

  public let id: CountID
  public let scope: CountScope
  /// Whether counters are not shown what is expected.
  public let blind: Bool
  /// The count that it repeats.
  public let recountOf: CountID?
  /// How many assets were expected when it was opened.
  public let expected: Int
  public let openedAt: Instant
  public let openedBy: PersonID
  /// Nil while it is open.
  public let ending: Ending?
  /// Moves with everything that changes what a closing would say.
  let revision: Int

  /// How it is named in what is recorded.
  public var name: String { "stock count \(id)" }

  /// How right the records were; nil while it is open.
  public var accuracy: CountAccuracy? {
    ending.map { CountAccuracy(count: id, scope: scope, closedAt: $0.at, expected: expected, tally: $0.tally) }
  }

  /// Whether what is expected is kept from the counters still.
  public var hides: Bool { blind && ending == nil }
}

/// One person with one device in a count, as it is stored.
public struct StoredCounter: Hashable, Sendable {
  public let counter: StockCount.Counter
  /// Where it stands; nil when it has not said.
  public let place: LocationCode?
  public let joinedAt: Instant
  public let heardAt: Instant
}

/// A line as it is stored, with who accepted it.
public struct StoredCountLine: Hashable, Sendable {
  /// That a person accepted a line.
  public struct Accepted: Hashable, Sendable {
    public let at: Instant
    public let by: PersonID
    /// The event that followed; nil where nothing moved.
    public let event: EventID?
  }

  public let line: CountLine
  public let isExpected: Bool
  public let accepted: Accepted?
}

/// How right the records were, as one count found them.
public struct CountAccuracy: Hashable, Sendable {
  public let count: CountID
  public let scope: CountScope
  public let closedAt: Instant
  public let expected: Int
  public let tally: CountTally

  /// Expected assets that were found where they were expected, in thousandths of all that were expected; nil when none was.
  public var thousandths: Int? { expected == 0 ? nil : tally.found * 1000 / expected }
}

extension StoreReading {
  /// A count by id.
  public func stockCount(_ id: CountID) throws -> StoredCount? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM count WHERE id = ?"), arguments: [id])
      .map(StoredCount.init)
  }

  /// Counts before an id, newest first.
  public func stockCounts(before id: CountID? = nil, openOnly: Bool = false, limit: Int) throws -> [StoredCount] {
    var sql = "SELECT * FROM count"
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let id {
      conditions.append("id < ?")
      arguments += [id]
    }
    if openOnly { conditions.append("closed_at IS NULL") }
    if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
    arguments += [limit]
    return try Row.fetchAll(db, sql: sql + " ORDER BY id DESC LIMIT ?", arguments: arguments).map(StoredCount.init)
  }

  /// How right the records were by the counts that were closed last, newest first.
  public func countAccuracies(limit: Int) throws -> [CountAccuracy] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM count WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, id DESC LIMIT ?",
      arguments: [limit]
    ).compactMap { try StoredCount($0).accuracy }
  }

  /// Who counts, in the order in which they joined.
  public func counters(of count: CountID) throws -> [StoredCounter] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM count_counter WHERE count = ? ORDER BY joined_at, id", arguments: [count]
    ).map { row in
      let place: String? = row["place"]
      return StoredCounter(
        counter: StockCount.Counter(id: row["id"], person: row["person"], device: row["device"], held: row["held"]),
        place: place.flatMap(LocationCode.init), joinedAt: Instant(milliseconds: row["joined_at"]),
        heardAt: Instant(milliseconds: row["heard_at"]))
    }
  }

  /// How many lines come to what as things are.
  public func tally(of count: CountID) throws -> CountTally {
    var tally = CountTally()
    let sql = "SELECT result, count(*) AS n, sum(provisional) AS p FROM count_line WHERE count = ? GROUP BY result"
    for row in try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [count]) {
      let number: Int = row["n"]
      switch try CountLine.Result(stored: row["result"]) {
      case .found: tally.found = number
      case .otherShelf: tally.otherShelf = number
      case .otherRoom: tally.otherRoom = number
      case .missing: tally.missing = number
      case .unexpected: tally.unexpected = number
      case .unknown: tally.unknown = number
      case .duplicate: tally.duplicate = number
      }
      tally.provisional += row["p"]
    }
    return tally
  }

  /// Lines of a count, what is odd first, behind the line given; of one result where it is named.
  public func countLines(
    of count: CountID, result: CountLine.Result? = nil, after: StoredCountLine? = nil, limit: Int
  ) throws -> [StoredCountLine] {
    var sql = "SELECT * FROM count_line WHERE count = ?"
    var arguments: StatementArguments = [count]
    if let result {
      sql += " AND result = ?"
      arguments += [result.stored]
    }
    if let after {
      let key = CountLineKey(after.line.subject)
      sql += " AND (result, asset, code) > (?, ?, ?)"
      arguments += [after.line.result.stored, key.asset, key.code]
    }
    arguments += [limit]
    return try Row.fetchAll(db, sql: sql + " ORDER BY result, asset, code LIMIT ?", arguments: arguments)
      .map(StoredCountLine.init)
  }

  /// The line about one asset or code.
  public func countLine(of count: CountID, about subject: CountLine.Subject) throws -> StoredCountLine? {
    let key = CountLineKey(subject)
    return try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM count_line WHERE count = ? AND asset = ? AND code = ?"),
      arguments: [count, key.asset, key.code]
    ).map(StoredCountLine.init)
  }

  /// Lines that people have not accepted yet and that something follows from, at most `limit`.
  public func acceptable(
    of count: CountID, result: CountLine.Result, after: StoredCountLine? = nil, limit: Int
  ) throws -> [StoredCountLine] {
    var sql = "SELECT * FROM count_line WHERE count = ? AND result = ? AND accepted_at IS NULL"
    var arguments: StatementArguments = [count, result.stored]
    if result == .found { sql += " AND provisional = 1" }
    if let after {
      let key = CountLineKey(after.line.subject)
      sql += " AND (asset, code) > (?, ?)"
      arguments += [key.asset, key.code]
    }
    arguments += [limit]
    return try Row.fetchAll(db, sql: sql + " ORDER BY asset, code LIMIT ?", arguments: arguments)
      .map(StoredCountLine.init)
  }

  /// An observation by the id that its counter gave it, and whether it came after the closing.
  public func observation(_ id: ObservationID, of count: CountID) throws -> (observation: Observation, isLate: Bool)? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM count_observation WHERE count = ? AND id = ?"), arguments: [count, id]
    ).map { (try Observation($0), $0["late"]) }
  }

  /// Whether the same thing was confirmed at the same place before this observation came.
  public func wasCountedBefore(_ observation: Observation, in count: CountID) throws -> Bool {
    let (index, column, value): (String, String, any DatabaseValueConvertible) =
      if case .asset(let asset) = observation.meaning {
        ("count_observation_asset", "other.asset = ?2", asset)
      } else {
        ("count_observation_mark", "other.asset IS NULL AND other.mark = ?2", observation.mark)
      }
    return try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS(SELECT 1 FROM count_observation AS other INDEXED BY \(index) JOIN count_observation AS this
            ON this.count = ?1 AND this.id = ?3
            WHERE other.count = ?1 AND \(column) AND other.id <> ?3 AND other.means <> 'rfid' AND other.undo IS NULL
              AND other.place IS this.place AND (other.taken_at, other.at, other.id) < (this.taken_at, this.at, this.id))
          """), arguments: [count, value, observation.id]) ?? false
  }

  /// Categories of assets, by name.
  public func categories() throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT DISTINCT category FROM asset_tally WHERE category <> '' AND n > 0 ORDER BY category")
  }

  /// Who or what has assets now.
  public func custodians() throws -> [Custodian] {
    try String.fetchAll(db, sql: "SELECT DISTINCT custodian FROM asset WHERE custodian IS NOT NULL ORDER BY custodian")
      .compactMap(Custodian.init(key:))
  }

  /// How many observations came after the closing.
  public func lateObservations(of count: CountID) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT count(*) FROM count_observation WHERE count = ? AND late = 1", arguments: [count]) ?? 0
  }

  /// The newest observation of a line's asset that came after the closing; nil when there is none, and of a code.
  public func lateSighting(of subject: CountLine.Subject, in count: CountID) throws -> LateSighting? {
    guard case .asset(let asset) = subject else { return nil }
    return try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT seen.at, seen.place, count_counter.person FROM count_observation AS seen INDEXED BY count_observation_asset
            JOIN count_counter ON count_counter.count = seen.count AND count_counter.id = seen.counter
            WHERE seen.count = ? AND seen.asset IN (?, ?) AND seen.late = 1 ORDER BY seen.at DESC, seen.id DESC LIMIT 1
          """), arguments: [count, asset, try canonical(of: asset) ?? asset]
    ).map { row in
      let place: String? = row["place"]
      return LateSighting(
        at: Instant(milliseconds: row["at"]), by: row["person"], place: place.flatMap(LocationCode.init))
    }
  }

  /// Which place is in which.
  public func placeTree() throws -> PlaceTree {
    PlaceTree(
      parents: Dictionary(
        try locations().compactMap { place in place.parent.map { (place.code, $0) } },
        uniquingKeysWith: { first, _ in first }))
  }
}

/// Where a line stands in its table.
struct CountLineKey {
  let asset: Data
  let code: String

  init(_ subject: CountLine.Subject) {
    switch subject {
    case .asset(let id): (asset, code) = (Data.fromDatabaseValue(id.databaseValue) ?? Data(), "")
    case .code(let text): (asset, code) = (Data(), text)
    }
  }
}

extension CountLine.Result {
  /// As it stands in the table: its place among those shown.
  var stored: Int { Self.shown.firstIndex(of: self) ?? Self.shown.count }

  init(stored: Int) throws {
    guard Self.shown.indices.contains(stored) else {
      throw StoreFault.damaged(reason: "\(stored) is no result of a count's line")
    }
    self = Self.shown[stored]
  }
}
