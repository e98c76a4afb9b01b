import Custody
import Foundation
import GRDB

/// What somebody has to do something about, as lists of assets.
public enum AttentionList: String, Hashable, Sendable, CaseIterable {
  /// Lent out, and the day of return is over.
  case overdueLoans
  /// The warranty ends within the period.
  case warranty
  /// To be replaced within the period, or should have been.
  case refresh
  /// Handed out to nobody on record, or in stock at no place on record.
  case unassigned
  /// Taken back and not looked at yet.
  case awaitingTriage
  /// On its way on a disposal order, and not confirmed.
  case awaitingConfirmation
}

extension StoreReading {
  /// How many assets a list holds.
  public func count(_ list: AttentionList, today: CalendarDate, within days: Int) throws -> Int {
    let (condition, arguments) = Self.condition(list, today, days)
    return try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM asset \(Self.index(list)) WHERE \(condition)"),
      arguments: arguments) ?? 0
  }

  /// The assets of a list, the most pressing first.
  public func assets(_ list: AttentionList, today: CalendarDate, within days: Int, limit: Int) throws -> [Asset] {
    let (condition, arguments) = Self.condition(list, today, days)
    let order =
      switch list {
      case .overdueLoans: "due, id"
      case .warranty: "warranty_end, id"
      case .refresh: "refresh_on, id"
      default: "changed_at, id"
      }
    return try Data.fetchAll(
      db.cachedStatement(sql: "SELECT doc FROM asset \(Self.index(list)) WHERE \(condition) ORDER BY \(order) LIMIT ?"),
      arguments: arguments + [limit]
    ).map { try Asset(document: $0) }
  }

  /// The planner would take both halves of it from the index of states, which most assets are in.
  private static func index(_ list: AttentionList) -> String {
    list == .unassigned ? "INDEXED BY asset_unassigned" : ""
  }

  private static func condition(
    _ list: AttentionList, _ today: CalendarDate, _ days: Int
  ) -> (String, StatementArguments) {
    let held = "state NOT IN ('disposed', 'expected')"
    func day(_ offset: Int) -> String { CalendarDate(daysSince1970: today.daysSince1970 + Int64(offset)).description }
    return switch list {
    case .overdueLoans: ("state = 'deployed' AND due IS NOT NULL AND due < ?", [today.description])
    case .warranty:
      (
        "\(held) AND warranty_end IS NOT NULL AND warranty_end BETWEEN ? AND ?", [today.description, day(days)]
      )
    case .refresh: ("\(held) AND refresh_on IS NOT NULL AND refresh_on <= ?", [day(days)])
    case .unassigned:
      ("(state = 'deployed' AND custodian IS NULL) OR (state = 'inStock' AND location IS NULL)", [])
    case .awaitingTriage: ("state = 'quarantined'", [])
    case .awaitingConfirmation:
      ("state = 'inTransit' AND instr(doc, CAST('\"disposalOrder\"' AS BLOB)) > 0", [])
    }
  }

  /// Assets that leave next, retired or back, whose drives are not all wiped: at most `limit` are looked at, the longest there
  /// first. `isAll` tells whether there were no more to look at.
  public func awaitingWipe(limit: Int) throws -> (assets: [Asset], isAll: Bool) {
    let documents = try Data.fetchAll(
      db.cachedStatement(
        sql: "SELECT doc FROM asset WHERE state IN ('retired', 'quarantined') ORDER BY changed_at, id LIMIT ?"),
      arguments: [limit + 1])
    let assets = try documents.prefix(limit).map { try Asset(document: $0) }.filter {
      $0.isDataBearing && ($0.mediaList == nil || !$0.unsanitizedMedia.isEmpty)
    }
    return (assets, documents.count <= limit)
  }

  /// How many discrepancies and follow-ups are open, by the days for which they have been: under a week, under 30 days, longer.
  public func openByAge(at moment: Instant) throws -> (discrepancies: [Int], followUps: [Int]) {
    func ages(_ table: String, _ column: String, _ open: String) throws -> [Int] {
      let (week, month) = (moment.milliseconds - 7 * 86_400_000, moment.milliseconds - 30 * 86_400_000)
      guard
        let row = try Row.fetchOne(
          db.cachedStatement(
            sql: """
              SELECT coalesce(sum(\(column) > ?1), 0) AS young, coalesce(sum(\(column) <= ?1 AND \(column) > ?2), 0) AS older,
                coalesce(sum(\(column) <= ?2), 0) AS old FROM \(table) WHERE \(open)
              """), arguments: [week, month])
      else { return [0, 0, 0] }
      return [row["young"], row["older"], row["old"]]
    }
    return (
      try ages("discrepancy", "opened_at", "settled_by IS NULL"), try ages("follow_up", "at", "settled_at IS NULL")
    )
  }
}
