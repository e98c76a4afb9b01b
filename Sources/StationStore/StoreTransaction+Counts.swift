import Custody
import CustodyLedger
import Foundation
import GRDB
import StockCounting

extension StoreTransaction {
  /// Opens a count. What is recorded in its scope now is what it expects. Gives the refusal where nothing can be counted.
  public func openCount(
    _ scope: CountScope, blind: Bool, recountOf: CountID? = nil, by person: PersonID
  ) throws -> Result<StoredCount, Refusal> {
    if let recountOf {
      guard let former = try stockCount(recountOf) else {
        return .failure(
          Refusal("count.recount.unknown", "There is no such count to repeat.", remedy: "Look at the list of counts."))
      }
      guard former.ending != nil else {
        return .failure(
          Refusal(
            "count.recount.open", "The count that is to be repeated is not closed yet.", remedy: "Close it first."))
      }
    }
    if case .location(let place) = scope, try location(place) == nil {
      return .failure(
        Refusal(
          "count.scope.location", "No location has the code \(place).",
          remedy: "Choose a location of this site, or import it with custody import locations.csv."))
    }
    let expected = try expected(in: scope)
    if expected.isEmpty, case .location = scope {
      // An empty shelf is counted to see that it is empty.
    } else if expected.isEmpty {
      return .failure(
        Refusal(
          "count.scope.empty", "Nothing is recorded there that could be counted.",
          remedy: "Look for another spelling under Assets."))
    }
    let id: CountID = newID()
    try db.execute(
      sql: """
        INSERT INTO count(id, scope, blind, recount_of, expected, opened_at, opened_by) VALUES (?,?,?,?,?,?,?)
        """,
      arguments: [
        id, Data(try CanonicalEncoder().encode(scope)), blind, recountOf, expected.count, now.milliseconds, person,
      ])
    let insert = try db.cachedStatement(
      sql: "INSERT INTO count_line(count, asset, code, expected, recorded, result) VALUES (?,?,'',1,?,?)")
    for one in expected {
      try insert.execute(arguments: [
        id, one.asset, Data(try CanonicalEncoder().encode(one.standing)), CountLine.Result.missing.stored,
      ])
    }
    if case .location(let place) = scope {
      for one in try expectedConsumables(in: place) {
        try keep(ConsumableLine(consumable: one, isExpected: true, counted: nil), of: id)
      }
    }
    guard let count = try stockCount(id) else {
      throw StoreFault.damaged(reason: "a count was opened and is not there")
    }
    return .success(count)
  }

  /// The count as its rules see it.
  func machine(of count: StoredCount) throws -> StockCount {
    StockCount(
      id: count.id, counters: try counters(of: count.id).map(\.counter),
      closed: count.ending.map { .init(at: $0.at, by: $0.by, outstanding: $0.outstanding) })
  }

  /// A counter joins, or says anew what it holds and where it stands. Gives the refusal, if any.
  public func report(
    _ counter: StockCount.Counter, at place: LocationCode? = nil, in count: StoredCount
  ) throws -> Refusal? {
    var machine = try machine(of: count)
    if let refusal = machine.report(counter) { return refusal }
    try db.cachedStatement(
      sql: """
        INSERT INTO count_counter(count, id, person, device, held, place, joined_at, heard_at) VALUES (?1,?2,?3,?4,?5,?6,?7,?7)
        ON CONFLICT(count, id) DO UPDATE SET device = excluded.device, held = excluded.held,
          place = coalesce(excluded.place, place), heard_at = excluded.heard_at
        """
    ).execute(arguments: [
      count.id, counter.id, counter.person, counter.device, counter.held, place?.text, now.milliseconds,
    ])
    return nil
  }

  /// Takes observations of one person, and judges anew the lines that they are about. What becomes of each, in order.
  public func take(
    _ observations: [Observation], by person: PersonID, in count: StoredCount
  ) throws -> [StockCount.Taking] {
    let machine = try machine(of: count)
    let known = try db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM count_observation WHERE count = ? AND id = ?)")
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO count_observation(count, id, counter, at, place, means, text, mark, asset, several, tag, taken_at, late,
          consumable, consumable_key, quantity, undoes)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        """)
    var subjects: Set<CountLine.Subject> = []
    var stock: Set<ConsumableCode> = []
    var takings: [StockCount.Taking] = []
    for one in observations {
      let isKnown = try Bool.fetchOne(known, arguments: [count.id, one.id]) ?? false
      let taking = machine.take(of: one.counter, by: person, isKnown: isKnown)
      takings.append(taking)
      let isLate: Bool
      switch taking {
      case .count: isLate = false
      case .keepLate: isLate = true
      case .again, .refuse: continue
      }
      var (asset, several, said): (AssetID?, [AssetID]?, ConsumableSighting?) = (nil, nil, nil)
      switch one.meaning {
      case .asset(let id): asset = id
      case .several(let ids): several = ids
      case .consumable(let sighting): said = sighting
      case .unknown: break
      }
      try insert.execute(arguments: [
        count.id, one.id, one.counter, one.at.milliseconds, one.place?.text, one.means.rawValue, one.text, one.mark,
        asset, try several.map { Data(try CanonicalEncoder().encode($0)) },
        try one.tag.map { Data(try CanonicalEncoder().encode($0)) }, now.milliseconds, isLate,
        said?.code.text, said?.code.key, said?.quantity, said?.undoes,
      ])
      if isLate { continue }
      if let said {
        stock.insert(said.code)
      } else {
        subjects.insert(asset.map(CountLine.Subject.asset) ?? .code(one.mark))
      }
    }
    guard !subjects.isEmpty || !stock.isEmpty else { return takings }
    let places = try placeTree()
    for code in stock.sorted() { try judge(code, in: count.id, places) }
    for subject in subjects.sorted() { try judge(subject, in: count.id, places) }
    try db.cachedStatement(sql: "UPDATE count SET revision = revision + 1 WHERE id = ?").execute(arguments: [count.id])
    return takings
  }

  /// Notes that a person accepted a line, and what followed.
  public func accept(_ subject: CountLine.Subject, of count: CountID, by person: PersonID, event: EventID?) throws {
    let key = CountLineKey(subject)
    try db.cachedStatement(
      sql: """
        UPDATE count_line SET accepted_at = ?, accepted_by = ?, event = ? WHERE count = ? AND asset = ? AND code = ?
        """
    ).execute(arguments: [now.milliseconds, person, event, count, key.asset, key.code])
  }

  // MARK: Lines

  /// What one line comes to by its observations. What was not expected and is seen no more has no line.
  func judge(_ subject: CountLine.Subject, in count: CountID, _ places: PlaceTree) throws {
    let kept = try countLine(of: count, about: subject)
    let observations: [Observation]
    var recorded = kept?.line.recorded
    switch subject {
    case .asset(let asset):
      observations = try Row.fetchAll(
        db.cachedStatement(
          // Named: without statistics SQLite takes the primary key, and reads the whole count for each scan.
          sql: """
            SELECT * FROM count_observation INDEXED BY count_observation_asset
              WHERE count = ? AND asset = ? AND late = 0 AND undo IS NULL
            """),
        arguments: [count, asset]
      ).map(Observation.init)
      // What was not expected is shown as it was recorded when it was first seen.
      if kept == nil { recorded = try self.asset(asset)?.standing }
    case .code(let code):
      observations = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM count_observation INDEXED BY count_observation_mark
              WHERE count = ? AND mark = ? AND asset IS NULL AND consumable_key IS NULL AND late = 0
                AND undo IS NULL
            """),
        arguments: [count, code]
      ).map(Observation.init)
    }
    if observations.isEmpty, let kept, !kept.isExpected {
      let key = CountLineKey(subject)
      try db.cachedStatement(sql: "DELETE FROM count_line WHERE count = ? AND asset = ? AND code = ?").execute(
        arguments: [count, key.asset, key.code])
      return
    }
    let judged = CountLine.line(
      of: subject, recorded: recorded, isExpected: kept?.isExpected ?? false, observations, in: places)
    if let judged { try keep(judged, isExpected: kept?.isExpected ?? false, of: count) }
  }

  /// Keeps a line as it was judged; who accepted it stays.
  func keep(_ line: CountLine, isExpected: Bool, of count: CountID) throws {
    let key = CountLineKey(line.subject)
    try db.cachedStatement(
      sql: """
        INSERT INTO count_line(count, asset, code, expected, recorded, result, place, at, counter, means, observation,
          provisional, observations, marks, candidates) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        ON CONFLICT(count, asset, code) DO UPDATE SET result = excluded.result, place = excluded.place, at = excluded.at,
          counter = excluded.counter, means = excluded.means, observation = excluded.observation,
          provisional = excluded.provisional, observations = excluded.observations, marks = excluded.marks,
          candidates = excluded.candidates
        """
    ).execute(arguments: [
      count, key.asset, key.code, isExpected, try line.recorded.map { Data(try CanonicalEncoder().encode($0)) },
      line.result.stored, line.sighting?.place?.text, line.sighting?.at.milliseconds, line.sighting?.counter,
      line.sighting?.means.rawValue, line.sighting?.observation, line.isProvisional, line.observations,
      line.marks.isEmpty ? nil : Data(try CanonicalEncoder().encode(line.marks)),
      line.candidates.isEmpty ? nil : Data(try CanonicalEncoder().encode(line.candidates)),
    ])
  }

  // MARK: What is expected

  /// What is recorded in a scope now and can be counted. What is fitted in another thing is not seen from outside.
  private func expected(in scope: CountScope) throws -> [ExpectedAsset] {
    let condition: String
    let argument: String
    switch scope {
    case .location(let place):
      condition = """
        location IN (WITH RECURSIVE below(code) AS (
          SELECT ?1 UNION SELECT location.code FROM location JOIN below ON location.parent = below.code
        ) SELECT code FROM below)
        """
      argument = place.text
    case .category(let category): (condition, argument) = ("category = ?1", category)
    case .custodian(let custodian): (condition, argument) = ("custodian = ?1", custodian.key)
    }
    return try Row.fetchAll(
      db,
      sql: "SELECT id, state, custodian, location FROM asset WHERE parent IS NULL AND \(condition) ORDER BY id",
      arguments: [argument]
    ).compactMap { row in
      let (custodian, place): (String?, String?) = (row["custodian"], row["location"])
      guard let state = LifecycleState(rawValue: row["state"]) else {
        throw StoreFault.damaged(reason: "an asset's row has no state that this program knows")
      }
      let standing = Standing(
        state: state, custodian: custodian.flatMap(Custodian.init(key:)), location: place.flatMap(LocationCode.init))
      return ExpectedAsset.isCountable(standing) ? ExpectedAsset(asset: row["id"], standing: standing) : nil
    }
  }
}
