import Custody
import CustodyLedger
import DisposalOrders
import Foundation
import GRDB

extension StoreReading {
  /// A disposal order with its lines, in the order in which they were added.
  public func disposalOrder(_ number: DisposalNumber) throws -> DisposalOrder? {
    guard
      let document = try Data.fetchOne(
        db.cachedStatement(sql: "SELECT doc FROM disposal_order WHERE number = ?"), arguments: [number.text])
    else { return nil }
    let lines = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM disposal_line WHERE number = ? ORDER BY position"),
      arguments: [number.text]
    ).map { try DisposalLine($0) }
    return try DisposalOrder(document: document).with(lines: lines)
  }

  /// Disposal orders, the newest first, without their lines but with how many there are.
  ///
  /// - Parameters:
  ///   - state: only those in this state.
  ///   - before: those made before this one; nil from the newest on.
  public func disposalOrders(
    in state: DisposalOrder.State? = nil, before: DisposalNumber? = nil, limit: Int
  ) throws -> [(order: DisposalOrder, lines: Int)] {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let state {
      conditions.append("state = ?")
      arguments += [state.rawValue]
    }
    if let before {
      conditions.append(
        "(made_at, number) < (SELECT made_at, number FROM disposal_order WHERE number = ?)")
      arguments += [before.text]
    }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    arguments += [limit]
    return try Row.fetchAll(
      db.makeStatement(
        sql: """
          SELECT doc, (SELECT count(*) FROM disposal_line AS line
            WHERE line.number = disposal_order.number AND line.left_at IS NULL) AS lines
          FROM disposal_order \(filter) ORDER BY made_at DESC, number DESC LIMIT ?
          """), arguments: arguments
    ).map { (try DisposalOrder(document: $0["doc"]), $0["lines"]) }
  }

  /// How many disposal orders there are in each state.
  public func countOfDisposalOrders() throws -> [DisposalOrder.State: Int] {
    var counts: [DisposalOrder.State: Int] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS n FROM disposal_order GROUP BY state") {
      if let state = DisposalOrder.State(rawValue: row["state"]) { counts[state] = row["n"] }
    }
    return counts
  }

  /// The order that is not closed and that an asset goes with, other than `this`; nil when there is none.
  public func openDisposalOrder(of asset: AssetID, but this: DisposalNumber? = nil) throws -> DisposalNumber? {
    let text = try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT line.number FROM disposal_line AS line JOIN disposal_order AS one ON one.number = line.number
          WHERE line.asset = ? AND line.left_at IS NULL AND one.state <> 'closed' AND line.number <> ? LIMIT 1
          """), arguments: [asset, this?.text ?? ""])
    return text.flatMap(DisposalNumber.init)
  }

  /// How many orders were ever made here.
  public func countOfAllDisposalOrders() throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM disposal_order") ?? 0
  }
}

extension StoreTransaction {
  /// Adds a disposal order or keeps its new state. Of its lines only those that differ from `before` are written.
  public func save(_ order: DisposalOrder, before: DisposalOrder? = nil) throws {
    let number = order.number.text
    try db.cachedStatement(
      sql: """
        INSERT INTO disposal_order(number, state, made_at, doc) VALUES (?,?,?,?)
        ON CONFLICT(number) DO UPDATE SET state = excluded.state, doc = excluded.doc
        """
    ).execute(arguments: [
      number, order.state.rawValue, order.steps.first?.at.milliseconds ?? 0,
      Data(try CanonicalEncoder().encode(order, limit: .max)),
    ])
    let was = Dictionary((before?.lines ?? []).map { ($0.asset, $0) }) { first, _ in first }
    let stays = Set(order.lines.map(\.asset))
    for asset in was.keys where !stays.contains(asset) {
      try db.cachedStatement(sql: "DELETE FROM disposal_line WHERE number = ? AND asset = ?").execute(
        arguments: [number, asset])
    }
    for line in order.lines where was[line.asset] != line { try save(line, of: number) }
  }

  private func save(_ line: DisposalLine, of number: String) throws {
    let sighting = try line.sighting.map { Data(try CanonicalEncoder().encode($0)) }
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO disposal_line(number, asset, position, added_at, added_by, loaded_at, loaded_by, sighting,
          left_at, left_by, confirmed_at, confirmed_by, certificate) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      number, line.asset, line.position, line.added.at.milliseconds, line.added.by, line.loaded?.at.milliseconds,
      line.loaded?.by, sighting, line.left?.at.milliseconds, line.left?.by, line.confirmed?.at.milliseconds,
      line.confirmed?.by, line.certificate,
    ])
  }
}

extension DisposalOrder {
  fileprivate init(document: Data) throws {
    do {
      self = try CanonicalDecoder().decode(DisposalOrder.self, from: Array(document), limit: .max)
    } catch {
      throw StoreFault.damaged(reason: "a disposal order cannot be read: \(error)")
    }
  }
}

extension DisposalLine {
  fileprivate init(_ row: Row) throws {
    func mark(_ name: String) -> DisposalMark? {
      guard let at: Int64 = row[name + "_at"], let by: PersonID = row[name + "_by"] else { return nil }
      return DisposalMark(at: Instant(milliseconds: at), by: by)
    }
    guard let added = mark("added") else {
      throw StoreFault.damaged(reason: "a line of a disposal order cannot be read")
    }
    let sighting: Data? = row["sighting"]
    do {
      self.init(
        asset: row["asset"], position: row["position"], added: added, loaded: mark("loaded"),
        sighting: try sighting.map { try CanonicalDecoder().decode(ReadingEvidence.self, from: Array($0)) },
        left: mark("left"), confirmed: mark("confirmed"), certificate: row["certificate"])
    } catch {
      throw StoreFault.damaged(reason: "a line of a disposal order cannot be read: \(error)")
    }
  }
}
