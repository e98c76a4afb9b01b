extension Schema {
  /// How many assets there are of each model in each state, kept by the database itself: pages that show it do not count a million
  /// rows. What nobody stated is empty.
  static let tally = """
    CREATE TABLE asset_tally(
      manufacturer TEXT NOT NULL, model TEXT NOT NULL, category TEXT NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL,
      PRIMARY KEY (manufacturer, model, category, state)
    ) WITHOUT ROWID;
    INSERT INTO asset_tally
      SELECT ifnull(manufacturer, ''), ifnull(model, ''), ifnull(category, ''), state, count(*) FROM asset
      GROUP BY 1, 2, 3, 4;
    CREATE TRIGGER asset_tally_added AFTER INSERT ON asset BEGIN
      \(more("NEW"))
    END;
    CREATE TRIGGER asset_tally_taken AFTER DELETE ON asset BEGIN
      \(less("OLD"))
    END;
    CREATE TRIGGER asset_tally_changed AFTER UPDATE OF manufacturer, model, category, state ON asset
      WHEN OLD.state IS NOT NEW.state OR OLD.model IS NOT NEW.model OR OLD.manufacturer IS NOT NEW.manufacturer
        OR OLD.category IS NOT NEW.category
    BEGIN
      \(less("OLD"))
      \(more("NEW"))
    END;
    -- What is with nobody, or at no place: seldom many.
    CREATE INDEX asset_unassigned ON asset(changed_at, id, state, custodian, location)
      WHERE (state = 'deployed' AND custodian IS NULL) OR (state = 'inStock' AND location IS NULL);
    """

  private static func more(_ row: String) -> String {
    """
    INSERT INTO asset_tally VALUES (
        ifnull(\(row).manufacturer, ''), ifnull(\(row).model, ''), ifnull(\(row).category, ''), \(row).state, 1
      ) ON CONFLICT(manufacturer, model, category, state) DO UPDATE SET n = n + 1;
    """
  }

  private static func less(_ row: String) -> String {
    """
    UPDATE asset_tally SET n = n - 1
        WHERE manufacturer = ifnull(\(row).manufacturer, '') AND model = ifnull(\(row).model, '')
          AND category = ifnull(\(row).category, '') AND state = \(row).state;
    """
  }
}
