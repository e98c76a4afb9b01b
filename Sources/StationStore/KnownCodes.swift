import Custody
import Foundation
import GRDB

// A code that nobody knew is known the moment that an asset carries it, by whatever way it came to: an act at the desk, a program,
// an import, an entry of another station. All of them project the asset, and here is what the projection does then. The reading
// keeps what it came to; it says besides which asset it is by now.

extension StoreTransaction {
  /// Notes by which texts an unknown reading will be known: its own, and the `marks` that it may stand for.
  func note(_ marks: [String], of reading: Int64, raw: [UInt8]) throws {
    let text = String(validating: raw, as: UTF8.self) ?? String(raw.map { Character(Unicode.Scalar($0)) })
    let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO unknown_mark(value, reading) VALUES (?,?)")
    for value in Set(marks + [text]) where !value.isEmpty { try insert.execute(arguments: [value, reading]) }
  }

  /// Says of every unknown reading of these texts which asset carries one of them now. What waited for somebody because of it is
  /// settled; once no asset is there any more it waits again.
  func know(_ values: Set<String>) throws {
    for value in values {
      let readings = try Int64.fetchAll(
        db.cachedStatement(sql: "SELECT reading FROM unknown_mark WHERE value = ?"), arguments: [value])
      for reading in readings { try know(reading: reading) }
    }
  }

  /// The same of one reading. Of several assets that carry it, the one stays that it was known as.
  func know(reading: Int64) throws {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT known_as, identifier.asset AS holder FROM reading
          LEFT JOIN unknown_mark ON unknown_mark.reading = reading.id
          LEFT JOIN identifier ON identifier.value = unknown_mark.value
          WHERE reading.id = ? AND outcome = 'unknown'
          ORDER BY identifier.asset IS NULL, identifier.asset IS NOT known_as, identifier.asset LIMIT 1
          """), arguments: [reading])
    guard let row else { return }
    let (before, holder): (AssetID?, AssetID?) = (row["known_as"], row["holder"])
    guard before != holder else { return }
    try db.cachedStatement(sql: "UPDATE reading SET known_as = ? WHERE id = ?").execute(arguments: [holder, reading])
    if let holder {
      try settleFollowUps(of: reading, as: holder)
    } else {
      try db.cachedStatement(
        sql: """
          UPDATE follow_up SET asset = NULL, settled_at = NULL, settled_by = NULL, settlement = NULL
          WHERE reading = ? AND raw IS NOT NULL AND asset IS NOT NULL
          """
      ).execute(arguments: [reading])
    }
  }

  /// Settles what waits because of a reading: it is this asset. What was settled so before leads to the asset too.
  private func settleFollowUps(of reading: Int64, as asset: AssetID) throws {
    try db.cachedStatement(
      sql: "UPDATE follow_up SET asset = ? WHERE reading = ? AND raw IS NOT NULL AND asset IS NOT NULL"
    ).execute(arguments: [asset, reading])
    let open = try Int64.fetchAll(
      db.cachedStatement(
        sql: "SELECT id FROM follow_up WHERE reading = ? AND raw IS NOT NULL AND settled_at IS NULL"),
      arguments: [reading])
    guard !open.isEmpty else { return }
    let name = try String.fetchOne(
      db.cachedStatement(sql: "SELECT coalesce(tag, serial) FROM asset WHERE id = ?"), arguments: [asset])
    for id in open {
      try db.cachedStatement(sql: "UPDATE follow_up SET asset = ?, settled_at = ?, settlement = ? WHERE id = ?")
        .execute(arguments: [asset, now.milliseconds, "Known as \(name ?? "an asset").", id])
    }
    knownFollowUps += open
  }
}

extension StoreReading {
  /// Kept readings before an id whose mark no asset carries, newest first.
  public func unknownReadings(before id: Int64 = .max, limit: Int) throws -> [KeptReading] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT * FROM reading WHERE outcome = 'unknown' AND known_as IS NULL AND id < ? ORDER BY id DESC LIMIT ?
          """), arguments: [id, limit]
    ).map(KeptReading.init)
  }

  /// How many readings were kept whose mark no asset carries.
  public func unknownCount() throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM reading WHERE outcome = 'unknown' AND known_as IS NULL")) ?? 0
  }

  /// How many readings of a session were unknown and are known by now.
  public func knownSince(in session: SessionID) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(
        sql: "SELECT count(*) FROM reading WHERE session = ? AND outcome = 'unknown' AND known_as IS NOT NULL"),
      arguments: [session]) ?? 0
  }
}

extension Schema {
  /// Which texts the unknown readings may be known by, and which asset each is by now.
  static let knownCodes = """
    ALTER TABLE reading ADD COLUMN known_as BLOB;
    CREATE TABLE unknown_mark(value TEXT NOT NULL, reading INTEGER NOT NULL, PRIMARY KEY(value, reading)) WITHOUT ROWID;
    CREATE INDEX unknown_mark_reading ON unknown_mark(reading);
    CREATE INDEX reading_unknown ON reading(outcome, known_as, id) WHERE outcome = 'unknown' AND known_as IS NULL;
    CREATE INDEX follow_up_reading ON follow_up(reading) WHERE raw IS NOT NULL;
    INSERT OR IGNORE INTO unknown_mark SELECT CAST(raw AS TEXT), id FROM reading
      WHERE outcome = 'unknown' AND length(raw) > 0;
    \(knowing)
    """

  /// Says of all unknown readings at once which assets carry them, where many assets came without a projection.
  static let knowing = """
    UPDATE reading SET known_as = (
        SELECT identifier.asset FROM unknown_mark JOIN main.identifier ON identifier.value = unknown_mark.value
        WHERE unknown_mark.reading = reading.id ORDER BY identifier.asset LIMIT 1
      ) WHERE outcome = 'unknown' AND known_as IS NULL;
    UPDATE follow_up SET settled_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000,
        settlement = 'Known as ' || coalesce((
          SELECT coalesce(known.tag, known.serial) FROM reading JOIN main.asset AS known ON known.id = reading.known_as
          WHERE reading.id = follow_up.reading), 'an asset') || '.',
        asset = (SELECT known_as FROM reading WHERE reading.id = follow_up.reading)
      WHERE raw IS NOT NULL AND settled_at IS NULL AND asset IS NULL
        AND EXISTS (SELECT 1 FROM reading WHERE reading.id = follow_up.reading AND known_as IS NOT NULL);
    """
}
