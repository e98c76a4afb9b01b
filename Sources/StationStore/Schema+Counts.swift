extension Schema {
  /// How right the records of each place were when it was counted last, kept at the closing: no page reads a count's lines for it.
  /// Counts that were closed before say it of what they counted as a whole alone; places in it were counted along then.
  static let countedPlaces = """
    -- expected and found are of the place alone, or, where whole is 1, of the place with everything below it; null: not known.
    CREATE TABLE counted_place(
      place TEXT PRIMARY KEY, count BLOB NOT NULL, closed_at INTEGER NOT NULL, expected INTEGER, found INTEGER,
      whole INTEGER NOT NULL
    ) WITHOUT ROWID;
    INSERT OR REPLACE INTO counted_place(place, count, closed_at, expected, found, whole)
      WITH RECURSIVE inside(place, count, closed_at, expected, found, whole) AS (
        SELECT json_extract(CAST(scope AS TEXT), '$.location'), id, closed_at, expected,
            json_extract(CAST(tally AS TEXT), '$.found'), 1
          FROM count
          WHERE closed_at IS NOT NULL AND json_extract(CAST(scope AS TEXT), '$.location') IS NOT NULL
        UNION SELECT location.code, inside.count, inside.closed_at, NULL, NULL, 0
          FROM location JOIN inside ON location.parent = inside.place
      )
      SELECT place, count, closed_at, expected, found, whole FROM inside ORDER BY closed_at, whole;
    """
}
