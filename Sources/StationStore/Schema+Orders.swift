import GRDB

extension Schema {
  /// Purchase orders, stock counts, disposal orders: 16 to 18.
  static func addOrders(to migrator: inout DatabaseMigrator) {
    migrator.registerMigration("16 what orders await") { db in
      try db.execute(
        sql: """
          -- The order line that an asset was announced or received on, so that an order's progress is counted by an index; and
          -- the days by which somebody has to do something.
          ALTER TABLE asset ADD COLUMN po TEXT;
          ALTER TABLE asset ADD COLUMN po_line INTEGER;
          ALTER TABLE asset ADD COLUMN due TEXT;
          ALTER TABLE asset ADD COLUMN warranty_end TEXT;
          ALTER TABLE asset ADD COLUMN refresh_on TEXT;
          UPDATE asset SET po = \(order), po_line = \(orderLine), due = \(due), warranty_end = \(warrantyEnd),
            refresh_on = \(refresh);
          CREATE INDEX asset_po ON asset(po, po_line) WHERE po IS NOT NULL;
          CREATE INDEX asset_due ON asset(due) WHERE due IS NOT NULL;
          CREATE INDEX asset_warranty ON asset(warranty_end) WHERE warranty_end IS NOT NULL;
          CREATE INDEX asset_refresh ON asset(refresh_on) WHERE refresh_on IS NOT NULL;

          -- What somebody has to look into: what came otherwise than ordered, codes that nobody knows. Rows are never deleted.
          CREATE TABLE follow_up(
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, person BLOB, session BLOB, po TEXT,
            po_line INTEGER, quantity INTEGER NOT NULL DEFAULT 1, asset BLOB, reading INTEGER, raw BLOB, words TEXT NOT NULL,
            settled_at INTEGER, settled_by BLOB, settlement TEXT
          );
          CREATE INDEX follow_up_open ON follow_up(kind, id) WHERE settled_at IS NULL;
          CREATE INDEX follow_up_po ON follow_up(po, id) WHERE po IS NOT NULL;
          CREATE INDEX follow_up_raw ON follow_up(raw) WHERE raw IS NOT NULL AND settled_at IS NULL;
          CREATE INDEX follow_up_asset ON follow_up(asset) WHERE asset IS NOT NULL AND settled_at IS NULL;
          """)
    }
    migrator.registerMigration("17 stock counts") { db in
      try db.execute(
        sql: """
          -- Stock counts. scope, tally and closing are canonical JSON. revision moves with everything that changes what a closing
          -- would say: the observation file is written before the transaction that closes.
          CREATE TABLE count(
            id BLOB PRIMARY KEY, scope BLOB NOT NULL, blind INTEGER NOT NULL, recount_of BLOB, expected INTEGER NOT NULL,
            opened_at INTEGER NOT NULL, opened_by BLOB NOT NULL, revision INTEGER NOT NULL DEFAULT 0,
            closed_at INTEGER, closed_by BLOB, outstanding INTEGER, tally BLOB, observations INTEGER, file TEXT, entry BLOB
          ) WITHOUT ROWID;

          -- What was expected when it was opened, and what has become of it; besides, what was seen and not expected (expected 0),
          -- as it was recorded when it was first seen, and codes that mean no single asset (asset x''). result is the place in
          -- CountLine.Result.shown.
          CREATE TABLE count_line(
            count BLOB NOT NULL, asset BLOB NOT NULL, code TEXT NOT NULL, expected INTEGER NOT NULL, recorded BLOB,
            result INTEGER NOT NULL, place TEXT, at INTEGER, counter BLOB, means TEXT, observation BLOB,
            provisional INTEGER NOT NULL DEFAULT 0, observations INTEGER NOT NULL DEFAULT 0, marks BLOB, candidates BLOB,
            accepted_at INTEGER, accepted_by BLOB, event BLOB, PRIMARY KEY(count, asset, code)
          ) WITHOUT ROWID;
          CREATE INDEX count_line_result ON count_line(count, result, asset, code);

          -- Every observation that came, under the id that its counter gave it. late: after the closing, so that it does not count.
          CREATE TABLE count_observation(
            count BLOB NOT NULL, id BLOB NOT NULL, counter BLOB NOT NULL, at INTEGER NOT NULL, place TEXT, means TEXT NOT NULL,
            text TEXT NOT NULL, mark TEXT NOT NULL, asset BLOB, several BLOB, tag BLOB, taken_at INTEGER NOT NULL,
            late INTEGER NOT NULL, PRIMARY KEY(count, id)
          ) WITHOUT ROWID;
          CREATE INDEX count_observation_asset ON count_observation(count, asset) WHERE asset IS NOT NULL;
          CREATE INDEX count_observation_mark ON count_observation(count, mark) WHERE asset IS NULL;

          -- Who counts with what, how many observations it still holds (null: it has not said), and where it stands.
          CREATE TABLE count_counter(
            count BLOB NOT NULL, id BLOB NOT NULL, person BLOB NOT NULL, device TEXT NOT NULL, held INTEGER, place TEXT,
            joined_at INTEGER NOT NULL, heard_at INTEGER NOT NULL, PRIMARY KEY(count, id)
          ) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("18 disposal orders") { db in
      try db.execute(
        sql: """
          -- Disposal orders of this station; doc is the order without its lines.
          CREATE TABLE disposal_order(
            number TEXT PRIMARY KEY, state TEXT NOT NULL, made_at INTEGER NOT NULL, doc BLOB NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX disposal_order_made ON disposal_order(made_at, number);
          -- What is on them, and what became of it; sighting is the scan that loaded it.
          CREATE TABLE disposal_line(
            number TEXT NOT NULL, asset BLOB NOT NULL, position INTEGER NOT NULL, added_at INTEGER NOT NULL,
            added_by BLOB NOT NULL, loaded_at INTEGER, loaded_by BLOB, sighting BLOB, left_at INTEGER, left_by BLOB,
            confirmed_at INTEGER, confirmed_by BLOB, certificate TEXT, PRIMARY KEY(number, asset)
          ) WITHOUT ROWID;
          CREATE INDEX disposal_line_asset ON disposal_line(asset);
          """)
    }
  }
}
