extension Schema {
  /// Stock without serial numbers, what counts came to for it, and how its quantities changed.
  static let consumables = """
    -- key is what codes are compared by, code as it was given; one row for each place. Of value and currency both are there or none; of
    -- the tolerances one is.
    CREATE TABLE consumable(
      key TEXT NOT NULL, location TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, value INTEGER,
      currency TEXT, tolerance_quantity INTEGER, tolerance_value INTEGER, quantity INTEGER NOT NULL,
      changed_at INTEGER NOT NULL, PRIMARY KEY(key, location)
    ) WITHOUT ROWID;
    CREATE INDEX consumable_location ON consumable(location);

    -- Every change of a quantity on record: who, when and why; before is null where there was none. Nothing is taken back from it.
    CREATE TABLE consumable_change(
      id INTEGER PRIMARY KEY, key TEXT NOT NULL, location TEXT NOT NULL, at INTEGER NOT NULL, person BLOB, before INTEGER,
      after INTEGER NOT NULL, reason TEXT NOT NULL, count BLOB
    );
    CREATE INDEX consumable_change_of ON consumable_change(key, location, id);
    CREATE TRIGGER consumable_change_stays BEFORE UPDATE ON consumable_change BEGIN
      SELECT RAISE(ABORT, 'a change of a quantity is never changed');
    END;
    CREATE TRIGGER consumable_change_kept BEFORE DELETE ON consumable_change BEGIN
      SELECT RAISE(ABORT, 'a change of a quantity is never deleted');
    END;

    -- Consumables of a count as they were on record when it was opened (expected 1), or when they were first seen at a place where
    -- they were not; counted is null where nobody said anything of them.
    CREATE TABLE count_consumable(
      count BLOB NOT NULL, key TEXT NOT NULL, location TEXT NOT NULL, expected INTEGER NOT NULL, code TEXT NOT NULL,
      name TEXT NOT NULL, unit TEXT NOT NULL, value INTEGER, currency TEXT, tolerance_quantity INTEGER,
      tolerance_value INTEGER, quantity INTEGER NOT NULL, counted INTEGER, accepted_at INTEGER, accepted_by BLOB,
      PRIMARY KEY(count, key, location)
    ) WITHOUT ROWID;

    ALTER TABLE count_observation ADD COLUMN consumable TEXT;
    ALTER TABLE count_observation ADD COLUMN consumable_key TEXT;
    ALTER TABLE count_observation ADD COLUMN quantity INTEGER;
    ALTER TABLE count_observation ADD COLUMN undoes BLOB;
    CREATE INDEX count_observation_consumable ON count_observation(count, consumable_key)
      WHERE consumable_key IS NOT NULL;
    """
}
