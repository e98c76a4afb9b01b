import Custody
import Foundation
import GRDB

/// What has become of an order line: how many are on record for it, and how they stand.
public struct LineArrivals: Hashable, Sendable {
  /// Announced by a number of their own and not here yet.
  public var announced = 0
  /// Received, whatever became of them since.
  public var received = 0

  /// Nothing announced, nothing here.
  public init() {}
}

extension StoreReading {
  /// An order with its lines; nil when no order has this number.
  public func order(_ number: String) throws -> PurchaseOrder? {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM purchase_order WHERE number = ?"), arguments: [number])
    else { return nil }
    let lines = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM order_line WHERE number = ? ORDER BY line"), arguments: [number]
    ).map(PurchaseOrder.Line.init)
    let orderedOn: String? = row["ordered_on"]
    return PurchaseOrder(
      number: number, supplier: row["supplier"], orderedOn: orderedOn.flatMap(CalendarDate.init), lines: lines)
  }

  /// What is on record for the lines of an order, by the line's number.
  public func arrivals(of order: String) throws -> [Int: LineArrivals] {
    var arrivals: [Int: LineArrivals] = [:]
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT po_line, state = 'expected' AS is_expected, count(*) AS n FROM asset WHERE po = ?
          GROUP BY po_line, state
          """), arguments: [order])
    while let row = try rows.next() {
      let (line, count): (Int?, Int) = (row["po_line"], row["n"])
      guard let line else { continue }
      if row["is_expected"] {
        arrivals[line, default: LineArrivals()].announced += count
      } else {
        arrivals[line, default: LineArrivals()].received += count
      }
    }
    return arrivals
  }

  /// What an order announced by number and has not come, by line and then by id.
  public func awaited(of order: String, limit: Int) throws -> [Asset] {
    try Data.fetchAll(
      db.cachedStatement(
        sql: "SELECT doc FROM asset WHERE po = ? AND state = 'expected' ORDER BY po_line, id LIMIT ?"),
      arguments: [order, limit]
    ).map { try Asset(document: $0) }
  }
}
