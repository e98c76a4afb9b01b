extension Schema {
  /// Passages through doors with what was made of each when it happened; which way may not be known (inside: null). Follow-ups
  /// that a door raised name it. What left by record is found by its time: see `StoreReading.unseenDepartures`.
  static let doors = """
    CREATE TABLE passage_judged(
      id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, doorway TEXT NOT NULL, inside INTEGER, epc BLOB NOT NULL,
      asset BLOB, verdict TEXT, code TEXT, sentence TEXT, remedy TEXT, state TEXT, custodian TEXT
    );
    INSERT INTO passage_judged(id, at, doorway, inside, epc, asset)
      SELECT id, at, doorway, inside, epc, asset FROM passage ORDER BY id;
    -- No id is used again, also of those that were taken away.
    DELETE FROM sqlite_sequence WHERE name = 'passage_judged';
    INSERT INTO sqlite_sequence(name, seq) SELECT 'passage_judged', seq FROM sqlite_sequence WHERE name = 'passage';
    DROP TABLE passage;
    ALTER TABLE passage_judged RENAME TO passage;
    CREATE INDEX passage_at ON passage(at, verdict, inside);
    CREATE INDEX passage_doorway ON passage(doorway, id);
    CREATE INDEX passage_compared ON passage(doorway, at, verdict, inside);
    CREATE INDEX passage_epc ON passage(epc, id);
    CREATE INDEX passage_asset ON passage(asset, at) WHERE asset IS NOT NULL;

    ALTER TABLE follow_up ADD COLUMN doorway TEXT;
    CREATE INDEX entry_leaving ON entry(at) WHERE type IN ('deploy', 'ship', 'repairOut');
    """
}
