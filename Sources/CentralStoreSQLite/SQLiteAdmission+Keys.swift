import CentralStore
import Custody
import CustodyLedger
import Foundation
import GRDB
import TamperEvidence

extension SQLiteAdmission {
  func keyStatements(about station: String) throws -> [UnverifiedEntry] {
    try UnverifiedEntry.keyStatements(db, about: station)
  }

  func put(keyStatement bytes: [UInt8], at index: Int64, about station: String) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO key_statement(\"index\", station, bytes) VALUES (?,?,?)",
      arguments: [index, station, Data(bytes)])
  }

  func bytes(ofEntryAt index: Int64) throws -> [UInt8] {
    guard let entry = try LogEntry.fetchOne(db, "WHERE \"index\" = ?", [index]) else {
      throw CentralFault.damaged(reason: "log entry \(index) is missing")
    }
    return entry.bytes
  }

  func entries(of station: String, after place: ChainPlace, limit: Int) throws -> [LogEntry] {
    try LogEntry.fetchAll(
      db, "WHERE station = ? AND holds_place AND (epoch, seq) > (?, ?) ORDER BY epoch, seq LIMIT ?",
      [station, place.epoch, place.seq, limit])
  }

  func statedEntries() throws -> [LogEntry] {
    try LogEntry.fetchAll(
      db, "WHERE status <> 'applied' AND status IN ('stated', 'unsupported') ORDER BY \"index\"")
  }

  func enrolledStation(named name: String) throws -> EnrolledStation? { try EnrolledStation.fetchOne(db, name) }

  func put(key: VerifierKey, ofStation name: String) throws {
    try db.execute(sql: "UPDATE station SET vkey = ? WHERE name = ?", arguments: [key.description, name])
  }

  func put(requestKey: VerifierKey, ofStation name: String) throws {
    try db.execute(sql: "UPDATE station SET request_key = ? WHERE name = ?", arguments: [requestKey.description, name])
  }

  func put(freeze: StationFreeze?, ofStation name: String) throws {
    try db.execute(
      sql: "UPDATE station SET frozen_at = ?, frozen_code = ?, frozen_reason = ? WHERE name = ?",
      arguments: [freeze?.at.milliseconds, freeze?.reason.code, freeze?.reason.sentence, name])
  }

  func code(forStation name: String) throws -> KeptCode? {
    try Row.fetchOne(
      db, sql: "SELECT digest, until, tries, used_by FROM enrolment_code WHERE station = ?", arguments: [name]
    ).map { row in
      let (digest, usedBy): (Data, Data?) = (row["digest"], row["used_by"])
      return KeptCode(
        digest: TokenDigest(bytes: Array(digest)), until: Instant(milliseconds: row["until"]), tries: row["tries"],
        usedBy: usedBy.map { TokenDigest(bytes: Array($0)) })
    }
  }

  func put(code: KeptCode?, forStation name: String) throws {
    guard let code else {
      return try db.execute(sql: "DELETE FROM enrolment_code WHERE station = ?", arguments: [name])
    }
    try db.execute(
      sql: "INSERT OR REPLACE INTO enrolment_code(station, digest, until, tries, used_by) VALUES (?,?,?,?,?)",
      arguments: [
        name, Data(code.digest.bytes), code.until.milliseconds, code.tries, code.usedBy.map { Data($0.bytes) },
      ])
  }

  func lastPush(of name: String) throws -> LastPush? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT ratchet, previous, entries, digest FROM last_push WHERE station = ?"),
      arguments: [name]
    ).map { row in
      let digest: Data = row["digest"]
      return LastPush(
        ratchet: row["ratchet"], previous: row["previous"], entries: row["entries"], digest: Array(digest))
    }
  }

  func put(lastPush: LastPush?, of name: String) throws {
    guard let lastPush else {
      return try db.execute(sql: "DELETE FROM last_push WHERE station = ?", arguments: [name])
    }
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO last_push(station, ratchet, previous, entries, digest) VALUES (?,?,?,?,?)"
    ).execute(arguments: [name, lastPush.ratchet, lastPush.previous, lastPush.entries, Data(lastPush.digest)])
  }

  func takeOff(person: PersonID) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT kind, key FROM reference WHERE doc IS NOT NULL AND ((kind IN ('person', 'pin') AND key = ?1)
          OR (kind = 'badge' AND json_extract(doc, '$.person') = ?1))
        """, arguments: [person.description])
    for row in rows {
      try db.execute(
        sql: """
          UPDATE reference SET doc = NULL, version = (SELECT max(version) FROM reference) + 1 WHERE kind = ? AND key = ?
          """, arguments: [row["kind"] as String, row["key"] as String])
    }
  }
}

extension EnrolledStation {
  static func fetchOne(_ db: Database, _ name: String) throws -> EnrolledStation? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT \(columns) FROM station WHERE name = ?"), arguments: [name]
    ).map(EnrolledStation.init(row:))
  }
}

extension UnverifiedEntry {
  /// What the log states of a station's keys, or of all.
  static func keyStatements(_ db: Database, about station: String?) throws -> [UnverifiedEntry] {
    try Data.fetchAll(
      db.cachedStatement(
        sql: "SELECT bytes FROM key_statement \(station == nil ? "" : "WHERE station = ?") ORDER BY \"index\""),
      arguments: station.map { [$0] } ?? []
    ).map { try UnverifiedEntry(bytes: Array($0)) }
  }
}
