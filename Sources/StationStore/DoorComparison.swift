import Custody
import Foundation
import GRDB

/// What a passage was found to be, in a comparison of a door with the record.
public enum DoorFinding: String, Hashable, Sendable, CaseIterable {
  case outExpected, outNotExpected, inExpected, inNotExpected
  /// A tag that no asset had, or several.
  case unknown
  /// Which way it went could not be told; or it was kept before passages were judged.
  case noVerdict

  /// The finding of a passage.
  public init(of passage: KeptPassage) {
    switch (passage.judgement?.verdict, passage.direction) {
    case (.unknown?, _): self = .unknown
    case (.expected?, .outwards?): self = .outExpected
    case (.expected?, .inwards?): self = .inExpected
    case (.notExpected?, .outwards?): self = .outNotExpected
    case (.notExpected?, .inwards?): self = .inNotExpected
    default: self = .noVerdict
    }
  }

  /// The same of a row of the table, in SQL.
  var condition: String {
    switch self {
    case .outExpected: "verdict = 'expected' AND inside = 0"
    case .outNotExpected: "verdict = 'notExpected' AND inside = 0"
    case .inExpected: "verdict = 'expected' AND inside = 1"
    case .inNotExpected: "verdict = 'notExpected' AND inside = 1"
    case .unknown: "verdict = 'unknown'"
    case .noVerdict: "(verdict IS NULL OR verdict = 'undirected')"
    }
  }
}

/// Something that left this site by record and was not seen going out.
public struct UnseenDeparture: Sendable {
  /// The `deploy`, `ship` or `repairOut` by which it left.
  public let entry: EntryRow
  public let asset: AssetID
  /// Whether a mark that an RFID tag can carry is on record for it; without one no door can see it.
  public let isTagged: Bool
}

/// How much left by record and was not seen.
public struct UnseenCount: Hashable, Sendable {
  /// The most that are counted.
  public static let most = 10_000

  /// How many, ``most`` at most; `isAll` tells whether there are no more.
  public let count: Int
  public let isAll: Bool
  /// How many of them have no RFID tag on record.
  public let untagged: Int
}

extension StoreReading {
  /// How many passages of a period there were of each finding; of one doorway, or of all.
  public func doorFindings(doorway: String?, during period: Range<Instant>) throws -> [DoorFinding: Int] {
    var sql = "SELECT verdict, inside, count(*) AS n FROM passage WHERE at >= ? AND at < ?"
    var arguments: StatementArguments = [period.lowerBound.milliseconds, period.upperBound.milliseconds]
    if let doorway {
      sql += " AND doorway = ?"
      arguments += [doorway]
    }
    var found: [DoorFinding: Int] = [:]
    for row in try Row.fetchAll(
      db.cachedStatement(sql: sql + " GROUP BY verdict, inside"), arguments: arguments)
    {
      let verdict: String? = row["verdict"]
      let inside: Bool? = row["inside"]
      let count: Int = row["n"]
      found[DoorFinding(verdict: verdict, inside: inside), default: 0] += count
    }
    return found
  }

  /// What was handed out, shipped or sent to repair at this site in a period, by its record's time, and was not seen going out in
  /// that period: at one doorway, or at any. Newest first, before an entry's arrival number. What was taken back is left out.
  public func unseenDepartures(
    doorway: String?, during period: Range<Instant>, before arrival: Int64? = nil, limit: Int
  ) throws -> [UnseenDeparture] {
    var (sql, arguments) = Self.unseen(doorway, period)
    if let arrival {
      sql += " AND (gone.at, gone.arrival) < ((SELECT at FROM entry WHERE arrival = ?), ?)"
      arguments += [arrival, arrival]
    }
    arguments += [limit]
    return try Row.fetchAll(
      db.cachedStatement(sql: sql + " ORDER BY gone.at DESC, gone.arrival DESC LIMIT ?"), arguments: arguments
    ).compactMap { row -> UnseenDeparture? in
      let arrival: Int64 = row["arrival"]
      guard let entry = try entries(after: arrival - 1, limit: 1).first else { return nil }
      return UnseenDeparture(entry: entry, asset: row["thing"], isTagged: row["tagged"])
    }
  }

  /// How many ``unseenDepartures(doorway:during:before:limit:)`` there are.
  public func unseenCount(doorway: String?, during period: Range<Instant>) throws -> UnseenCount {
    let (sql, arguments) = Self.unseen(doorway, period)
    let counting = "SELECT count(*) AS n, coalesce(sum(NOT tagged), 0) AS untagged FROM"
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "\(counting) (\(sql) LIMIT \(UnseenCount.most + 1))"), arguments: arguments)
    else { return UnseenCount(count: 0, isAll: true, untagged: 0) }
    let count: Int = row["n"]
    let untagged: Int = row["untagged"]
    return UnseenCount(
      count: min(count, UnseenCount.most), isAll: count <= UnseenCount.most, untagged: min(untagged, UnseenCount.most))
  }

  private static func unseen(_ doorway: String?, _ period: Range<Instant>) -> (String, StatementArguments) {
    let (from, to) = (period.lowerBound.milliseconds, period.upperBound.milliseconds)
    // A thing that was received under several ids has one under which its tag is known. A correction names the entry that it takes
    // back; in canonical JSON no other member can be mistaken for it.
    let thing = "coalesce(alias.canonical, gone.asset)"
    let id = "lower(hex(gone.event_id))"
    let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)].map { "substr(\(id), \($0.0), \($0.1))" }
    let uuid = parts.joined(separator: " || '-' || ")
    let atDoor = doorway == nil ? "" : " AND seen.doorway = ?"
    let sql = """
      SELECT gone.arrival AS arrival, \(thing) AS thing,
        EXISTS (SELECT 1 FROM identifier WHERE identifier.asset = \(thing)
          AND kind IN ('epc', 'gtinSerial', 'giai', 'grai')) AS tagged
      FROM entry AS gone INDEXED BY entry_leaving LEFT JOIN alias ON alias.id = gone.asset
      WHERE gone.type IN ('deploy', 'ship', 'repairOut') AND gone.at >= ? AND gone.at < ?
        AND substr(gone.station, 1, instr(gone.station, '/') - 1) = (SELECT value FROM meta WHERE key = 'site')
        AND (gone.standpoint IS NULL OR gone.standpoint <> 'custody.superseded')
        AND NOT EXISTS (SELECT 1 FROM passage AS seen WHERE seen.asset = \(thing) AND seen.at >= ? AND seen.at < ?
          AND seen.inside IS NOT 1\(atDoor))
        AND NOT EXISTS (SELECT 1 FROM entry AS undone WHERE undone.asset = gone.asset AND undone.type = 'correct'
          AND instr(undone.bytes, CAST('"corrects":"' || \(uuid) || '"' AS BLOB)) > 0)
      """
    var arguments: StatementArguments = [from, to, from, to]
    if let doorway { arguments += [doorway] }
    return (sql, arguments)
  }
}

extension DoorFinding {
  /// The finding of a row of the table.
  fileprivate init(verdict: String?, inside: Bool?) {
    switch (verdict, inside) {
    case ("unknown"?, _): self = .unknown
    case ("expected"?, false?): self = .outExpected
    case ("expected"?, true?): self = .inExpected
    case ("notExpected"?, false?): self = .outNotExpected
    case ("notExpected"?, true?): self = .inNotExpected
    default: self = .noVerdict
    }
  }
}
