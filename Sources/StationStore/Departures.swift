import Custody
import CustodyLedger
import Foundation
import GRDB

extension StoreReading {
  /// Every `ship` and `dispose` that this station knows of a disposal order, of sessions, or of both together, oldest first; also
  /// those that were taken back or kept aside. Asks for everything of an order when no session is named, and the other way round.
  public func departures(order: String?, sessions: [SessionID] = [], limit: Int) throws -> [EntryRow] {
    // The event follows its signature. What is no JSON, of a damaged row, is of no order.
    let event = "CAST(substr(bytes, \(LedgerEntry.signatureLength + 1)) AS TEXT)"
    var conditions = ["type IN ('ship', 'dispose')", "json_valid(\(event))"]
    var arguments: StatementArguments = []
    if let order {
      conditions.append("json_extract(\(event), '$.details.order') = ?")
      arguments += [order]
    }
    if !sessions.isEmpty {
      let places = sessions.map { _ in "?" }.joined(separator: ",")
      conditions.append("json_extract(\(event), '$.session') IN (\(places))")
      arguments += StatementArguments(sessions.map(\.description))
    }
    guard conditions.count > 2 else { return [] }
    arguments += [limit]
    let arrivals = try Int64.fetchAll(
      db.makeStatement(
        sql: "SELECT arrival FROM entry WHERE \(conditions.joined(separator: " AND ")) ORDER BY arrival LIMIT ?"),
      arguments: arguments)
    return try arrivals.flatMap { try entries(after: $0 - 1, limit: 1) }
  }
}
