import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting

/// A line of a consumable as it is stored, with who accepted it.
public struct StoredConsumableLine: Hashable, Sendable {
  public let line: ConsumableLine
  /// When and by whom it was accepted; nil while it is not.
  public let accepted: Accepted?

  /// That a person accepted a line.
  public struct Accepted: Hashable, Sendable {
    public let at: Instant
    public let by: PersonID
  }

  init(_ row: Row) throws {
    line = ConsumableLine(consumable: try Consumable(row), isExpected: row["expected"], counted: row["counted"])
    let at: Int64? = row["accepted_at"]
    accepted = at.map { Accepted(at: Instant(milliseconds: $0), by: row["accepted_by"]) }
  }
}

/// What came of accepting a line of a consumable.
public enum ConsumableAcceptance: Sendable {
  /// What was counted is on record now.
  case recorded(Consumable)
  case refused(Refusal)
}

extension StoreReading {
  /// Consumables of a count, in order of their codes and places; of one code where it is named.
  public func consumableLines(of count: CountID, coded code: ConsumableCode? = nil) throws -> [StoredConsumableLine] {
    var sql = "SELECT * FROM count_consumable WHERE count = ?"
    var arguments: StatementArguments = [count]
    if let code {
      sql += " AND key = ?"
      arguments += [code.key]
    }
    return try Row.fetchAll(db, sql: sql + " ORDER BY key, location", arguments: arguments)
      .map(StoredConsumableLine.init)
  }

  /// Every code of a consumable that a count takes, each once, by what codes are compared by; none but for a count of a location.
  public func codes(ofConsumables count: StoredCount) throws -> [Consumable] {
    guard case .location = count.scope else { return [] }
    return try Row.fetchAll(db, sql: "SELECT *, min(location) FROM consumable GROUP BY key ORDER BY key LIMIT 20000")
      .map(Consumable.init)
  }

  /// How many lines of consumables come to what as things are; nil for a count without any.
  public func consumableTally(of count: CountID) throws -> ConsumableTally? {
    let tally = ConsumableTally(try consumableLines(of: count).map(\.line))
    return tally.count == 0 ? nil : tally
  }

  /// The newest observation of a counter by which it said how much there is of a code at a place, and which it has not taken back.
  public func lastWord(
    of counter: CounterID, on code: ConsumableCode, at place: LocationCode?, in count: CountID
  ) throws -> ObservationID? {
    try ObservationID.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT id FROM count_observation AS said INDEXED BY count_observation_consumable
            WHERE count = ?1 AND consumable_key = ?2 AND counter = ?3 AND undoes IS NULL AND late = 0 AND undo IS NULL
              AND (?4 IS NULL OR place = ?4)
              AND NOT EXISTS(SELECT 1 FROM count_observation AS other INDEXED BY count_observation_consumable
                WHERE other.count = ?1 AND other.consumable_key = ?2 AND other.counter = ?3 AND other.undoes = said.id
                  AND other.late = 0 AND other.undo IS NULL)
            ORDER BY taken_at DESC, at DESC, id DESC LIMIT 1
          """), arguments: [count, code.key, counter, place?.text])
  }

  /// What is expected of consumables in a location with everything below it.
  func expectedConsumables(in place: LocationCode) throws -> [Consumable] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM consumable WHERE location IN (WITH RECURSIVE below(code) AS (
          SELECT ?1 UNION SELECT location.code FROM location JOIN below ON location.parent = below.code
        ) SELECT code FROM below) ORDER BY key, location
        """, arguments: [place.text]
    ).map(Consumable.init)
  }

  /// Observations of consumables that count; of one code where it is named.
  func consumableObservations(of count: CountID, coded code: ConsumableCode? = nil) throws -> [Observation] {
    var sql = """
      SELECT * FROM count_observation INDEXED BY count_observation_consumable
        WHERE count = ? AND consumable_key IS NOT NULL AND late = 0 AND undo IS NULL
      """
    var arguments: StatementArguments = [count]
    if let code {
      sql += " AND consumable_key = ?"
      arguments += [code.key]
    }
    return try Row.fetchAll(db, sql: sql, arguments: arguments).map(Observation.init)
  }

  /// What consumables of a count come to by its observations.
  func consumableVariance(
    of count: CountID, coded code: ConsumableCode? = nil, in places: PlaceTree
  ) throws -> ConsumableVariance {
    let kept = try consumableLines(of: count, coded: code).map(\.line)
    return ConsumableVariance(
      expected: kept.filter(\.isExpected).map(\.consumable), known: kept.filter { !$0.isExpected }.map(\.consumable),
      records: try code.map { try consumables(coded: $0) } ?? [],
      observations: try consumableObservations(of: count, coded: code), places: places)
  }
}

extension StoreTransaction {
  /// Judges anew what was counted of a code. What was not expected at a place and is said to be there no more has no line.
  func judge(_ code: ConsumableCode, in count: CountID, _ places: PlaceTree) throws {
    let lines = try consumableVariance(of: count, coded: code, in: places).lines
    for line in lines { try keep(line, of: count) }
    let standing = Set(lines.map(\.consumable.location))
    for former in try consumableLines(of: count, coded: code).map(\.line.consumable.location)
    where !standing.contains(former) {
      try db.cachedStatement(sql: "DELETE FROM count_consumable WHERE count = ? AND key = ? AND location = ?").execute(
        arguments: [count, code.key, former.text])
    }
  }

  /// Keeps a line as it was judged; who accepted it stays.
  func keep(_ line: ConsumableLine, of count: CountID) throws {
    let one = line.consumable
    let (quantity, value): (Int?, Int64?) =
      switch one.tolerance {
      case .quantity(let units): (units, nil)
      case .value(let worth): (nil, worth)
      }
    try db.cachedStatement(
      sql: """
        INSERT INTO count_consumable(count, key, location, expected, code, name, unit, value, currency, tolerance_quantity,
          tolerance_value, quantity, counted) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
        ON CONFLICT(count, key, location) DO UPDATE SET counted = excluded.counted
        """
    ).execute(arguments: [
      count, one.code.key, one.location.text, line.isExpected, one.code.text, one.name, one.unit, one.value?.minorUnits,
      one.value?.currency, quantity, value, one.quantity, line.counted,
    ])
  }

  /// Accepts what a closed count came to for a consumable at a place: that is on record then, with who, when and why. Nil when there
  /// is no such line.
  public func acceptConsumable(
    _ code: ConsumableCode, at place: LocationCode, of count: StoredCount, by actor: Actor, because reason: String?
  ) throws -> ConsumableAcceptance? {
    let lines = try consumableLines(of: count.id, coded: code)
    guard let kept = lines.first(where: { $0.line.consumable.location == place }) else { return nil }
    guard !Consumable.roles.isDisjoint(with: actor.roles) else { return .refused(.noStockKeeper) }
    if let refusal = Refusal.ofAccepting(in: count, acceptedAt: kept.accepted?.at, by: kept.accepted?.by) {
      return .refused(refusal)
    }
    let former = kept.line.consumable
    guard let counted = kept.line.counted, let difference = kept.line.difference else {
      return .refused(
        Refusal(
          "count.consumable.notCounted", "Nobody said how much there is of \(former.code).",
          remedy: "Count again, and say 0 where there is none."))
    }
    guard difference != 0 else {
      return .refused(
        Refusal(
          "count.accept.nothing", "What was counted is on record already: there is nothing to accept.",
          remedy: "Nothing to do: go on with the next one."))
    }
    let now = try consumable(code, at: place)
    guard (now?.quantity ?? 0) == former.quantity else {
      return .refused(
        Refusal(
          "count.consumable.changed", "The quantity of \(former.code) was changed since the count looked at it.",
          remedy: "Count again."))
    }
    var after = now ?? former
    after.quantity = counted
    try save(
      after, by: actor.person,
      because: ["Counted in \(count.name)", reason].compactMap(\.self).joined(separator: ": "), count: count.id)
    try db.cachedStatement(
      sql: "UPDATE count_consumable SET accepted_at = ?, accepted_by = ? WHERE count = ? AND key = ? AND location = ?"
    ).execute(arguments: [self.now.milliseconds, actor.person, count.id, code.key, place.text])
    return .recorded(after)
  }
}

extension Refusal {
  /// Somebody may not set quantities.
  public static let noStockKeeper = Refusal(
    "count.consumable.role", "Your roles at this site do not let you set a quantity.",
    remedy: "Ask somebody with the role "
      + Role.allCases.filter { Consumable.roles.contains($0) }.map(\.words).joined(separator: ", ") + ".")
}
