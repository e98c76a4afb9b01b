import CentralStore
import Custody
import CustodyLedger
import TamperEvidence

/// Keys and codes of stations, which are rare enough to be asked and written at once, inside the transaction.
extension PostgresAdmission {
  func keyStatements(about station: String) throws -> [UnverifiedEntry] {
    try UnverifiedEntry.keyStatements(connection, about: station)
  }

  func put(keyStatement bytes: [UInt8], at index: Int64, about station: String) throws {
    _ = try connection.rows(
      """
      INSERT INTO key_statement("index", station, bytes) VALUES ($1::int8, $2::bytea, $3::bytea)
      ON CONFLICT ("index") DO NOTHING
      """, [.int(index), .utf8(station), .bytes(bytes)])
  }

  func bytes(ofEntryAt index: Int64) throws -> [UInt8] {
    if let entry = entryInMemory(at: index) { return entry.bytes }
    guard
      let row = try connection.rows("SELECT bytes FROM log WHERE \"index\" = $1::int8", [.int(index)]).first
    else { throw CentralFault.damaged(reason: "log entry \(index) is missing") }
    return try row.bytes(0)
  }

  func entries(of station: String, after place: ChainPlace, limit: Int) throws -> [LogEntry] {
    try learn(
      connection.rows(
        Self.select(
          """
          WHERE station = $1::bytea AND holds_place AND (epoch, seq) > ($2::int8, $3::int8) ORDER BY epoch, seq
          LIMIT $4::int8
          """), [.utf8(station), .int(place.epoch), .int(place.seq), .int(limit)]))
    return entriesInMemory(of: station, after: place, limit: limit)
  }

  func statedEntries() throws -> [LogEntry] {
    try learn(
      connection.rows(
        Self.select("WHERE status <> 'applied' AND status IN ('stated', 'unsupported') ORDER BY log.\"index\""), []))
    return entriesInMemory.filter { $0.status == .stated || $0.status == .unsupported }
  }

  func enrolledStation(named name: String) throws -> EnrolledStation? { try EnrolledStation.fetchOne(connection, name) }

  func put(key: VerifierKey, ofStation name: String) throws {
    _ = try connection.rows(
      "UPDATE station SET vkey = $1::bytea WHERE name = $2::bytea", [.utf8(key.description), .utf8(name)])
  }

  func put(requestKey: VerifierKey, ofStation name: String) throws {
    _ = try connection.rows(
      "UPDATE station SET request_key = $1::bytea WHERE name = $2::bytea",
      [.utf8(requestKey.description), .utf8(name)])
  }

  func put(freeze: StationFreeze?, ofStation name: String) throws {
    _ = try connection.rows(
      """
      UPDATE station SET frozen_at = $1::int8, frozen_code = $2::text, frozen_reason = $3::bytea WHERE name = $4::bytea
      """,
      [
        freeze.map { .int($0.at.milliseconds) } ?? .null, freeze.map { .word($0.reason.code) } ?? .null,
        freeze.map { .utf8($0.reason.sentence) } ?? .null, .utf8(name),
      ])
  }

  func code(forStation name: String) throws -> KeptCode? {
    try connection.rows(
      "SELECT digest, until, tries, used_by FROM enrolment_code WHERE station = $1::bytea", [.utf8(name)]
    ).first.map { row in
      KeptCode(
        digest: TokenDigest(bytes: try row.bytes(0)), until: Instant(milliseconds: try row.int(1)),
        tries: Int(try row.int(2)), usedBy: row.optionalBytes(3).map(TokenDigest.init(bytes:)))
    }
  }

  func put(code: KeptCode?, forStation name: String) throws {
    guard let code else {
      _ = try connection.rows("DELETE FROM enrolment_code WHERE station = $1::bytea", [.utf8(name)])
      return
    }
    _ = try connection.rows(
      """
      INSERT INTO enrolment_code(station, digest, until, tries, used_by)
      VALUES ($1::bytea, $2::bytea, $3::int8, $4::int8, $5::bytea)
      ON CONFLICT (station) DO UPDATE SET digest = excluded.digest, until = excluded.until, tries = excluded.tries,
        used_by = excluded.used_by
      """,
      [
        .utf8(name), .bytes(code.digest.bytes), .int(code.until.milliseconds), .int(code.tries),
        code.usedBy.map { .bytes($0.bytes) } ?? .null,
      ])
  }

  func lastPush(of name: String) throws -> LastPush? {
    try connection.rows(
      "SELECT ratchet, previous, entries, digest FROM last_push WHERE station = $1::bytea", [.utf8(name)]
    ).first.map { row in
      LastPush(
        ratchet: try row.text(0), previous: row.optionalText(1), entries: Int(try row.int(2)),
        digest: try row.bytes(3))
    }
  }

  func put(lastPush: LastPush?, of name: String) throws {
    guard let lastPush else {
      _ = try connection.rows("DELETE FROM last_push WHERE station = $1::bytea", [.utf8(name)])
      return
    }
    _ = try connection.rows(
      """
      INSERT INTO last_push(station, ratchet, previous, entries, digest)
      VALUES ($1::bytea, $2::text, $3::text, $4::int8, $5::bytea)
      ON CONFLICT (station) DO UPDATE SET ratchet = excluded.ratchet, previous = excluded.previous,
        entries = excluded.entries, digest = excluded.digest
      """,
      [
        .utf8(name), .word(lastPush.ratchet), lastPush.previous.map { .word($0) } ?? .null, .int(lastPush.entries),
        .bytes(lastPush.digest),
      ])
  }

  func takeOff(person: PersonID) throws {
    let head = try connection.rows("SELECT version FROM reference_head WHERE id = 0 FOR UPDATE").first?.int(0) ?? 0
    let rows = try connection.rows(
      """
      WITH gone AS (
        SELECT kind, key, row_number() OVER (ORDER BY kind, key) AS place FROM reference
        WHERE doc IS NOT NULL AND ((kind IN ('person', 'pin') AND key = $1::bytea)
          OR (kind = 'badge' AND convert_from(doc, 'UTF8')::jsonb ->> 'person' = convert_from($1::bytea, 'UTF8')))
      ), changed AS (
        UPDATE reference SET doc = NULL, version = $2::int8 + gone.place FROM gone
        WHERE reference.kind = gone.kind AND reference.key = gone.key RETURNING reference.version
      )
      SELECT count(*) FROM changed
      """, [.utf8(person.description), .int(head)])
    _ = try connection.rows(
      "UPDATE reference_head SET version = $1::int8", [.int(head + (rows.first?.int(0) ?? 0))])
  }
}

extension EnrolledStation {
  static func fetchOne(_ connection: PostgresConnection, _ name: String) throws -> EnrolledStation? {
    try connection.rows("SELECT \(columns) FROM station WHERE name = $1::bytea", [.utf8(name)]).first
      .map(EnrolledStation.init)
  }
}

extension UnverifiedEntry {
  /// What the log states of a station's keys, or of all.
  static func keyStatements(_ connection: PostgresConnection, about station: String?) throws -> [UnverifiedEntry] {
    let rows =
      if let station {
        try connection.rows(
          "SELECT bytes FROM key_statement WHERE station = $1::bytea ORDER BY \"index\"", [.utf8(station)])
      } else {
        try connection.rows("SELECT bytes FROM key_statement ORDER BY \"index\"", [])
      }
    return try rows.map { try UnverifiedEntry(bytes: try $0.bytes(0)) }
  }
}
