import GRDB

extension Schema {
  /// Search, webhooks, kits, and what lists and tallies count by, and what came after: 19 to 30.
  static func addLists(to migrator: inout DatabaseMigrator) {
    migrator.registerMigration("19 search") { db in
      try db.execute(
        sql: """
          -- Assets that changed since the search index, a file of its own, took them in; turn moves with each change, so that
          -- one that comes while the index takes in the change before is not taken for done.
          CREATE TABLE unsearched(asset BLOB PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;

          -- The drives on assets' lists of media, by their folded serials.
          CREATE TABLE medium(serial TEXT NOT NULL, asset BLOB NOT NULL, PRIMARY KEY(serial, asset)) WITHOUT ROWID;
          \(media(of: "main"));
          CREATE INDEX medium_asset ON medium(asset);
          """)
    }
    migrator.registerMigration("20 webhooks") { db in
      try db.execute(
        sql: """
          -- Who is told of what is recorded, and up to which entry; course belongs to the shell. Their secrets stand in no database.
          CREATE TABLE webhook(
            id BLOB PRIMARY KEY, url TEXT NOT NULL, verbs TEXT NOT NULL, is_active INTEGER NOT NULL, up_to INTEGER NOT NULL,
            course TEXT NOT NULL, person BLOB NOT NULL, at INTEGER NOT NULL
          ) WITHOUT ROWID;
          -- Entries that one of them did not take.
          CREATE TABLE dead_letter(
            id INTEGER PRIMARY KEY AUTOINCREMENT, webhook BLOB NOT NULL, arrival INTEGER NOT NULL, at INTEGER NOT NULL,
            reason TEXT NOT NULL
          );
          CREATE INDEX dead_letter_webhook ON dead_letter(webhook, id);
          """)
    }
    migrator.registerMigration("21 kits") { db in
      try db.execute(
        sql: """
          -- Kits: doc is the template. Which kit asks for which very asset, by its tag.
          CREATE TABLE kit(code TEXT PRIMARY KEY, doc BLOB NOT NULL) WITHOUT ROWID;
          CREATE TABLE kit_tag(tag TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;
          CREATE INDEX kit_tag_code ON kit_tag(code);
          -- The kit that a session puts together; it goes with the hand-over.
          CREATE TABLE kit_filling(session BLOB PRIMARY KEY, doc BLOB NOT NULL) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("22 lists") { db in
      try db.execute(
        sql: """
          -- What the pages of places, models and waiting work count and list, by indexes alone. Each is written only by an event that
          -- changes its columns; those of waiting work and of hand-overs hold few rows.
          CREATE INDEX asset_location ON asset(location) WHERE location IS NOT NULL;
          CREATE INDEX asset_model ON asset(manufacturer, model, category, state);
          CREATE INDEX asset_waiting ON asset(state, changed_at)
            WHERE state = 'quarantined' OR state = 'inRepair' OR state = 'inTransit';
          CREATE INDEX entry_hand_over ON entry(type, arrival) WHERE type IN ('deploy', 'transfer', 'return');
          """)
    }
    migrator.registerMigration("23 order progress") { db in
      // With the state in it, how far an order is costs each of its scans no asset's row.
      try db.execute(
        sql: "DROP INDEX asset_po; CREATE INDEX asset_po ON asset(po, po_line, state) WHERE po IS NOT NULL")
    }
    migrator.registerMigration("24 tally") { db in try db.execute(sql: Self.tally) }
    migrator.registerMigration("25 known codes") { db in try db.execute(sql: Self.knownCodes) }
    migrator.registerMigration("26 doors") { db in try db.execute(sql: Self.doors) }
    migrator.registerMigration("27 observations taken back") { db in
      try db.execute(
        sql: """
          -- The act that took an observation back, and when, by its counter's clock; null for one that stands. The row stays.
          ALTER TABLE count_observation ADD COLUMN undo BLOB;
          ALTER TABLE count_observation ADD COLUMN undone_at INTEGER;
          """)
    }
    migrator.registerMigration("28 counted places") { db in try db.execute(sql: Self.countedPlaces) }
    migrator.registerMigration("29 consumables") { db in try db.execute(sql: Self.consumables) }
    migrator.registerMigration("30 readings by event") { db in
      // Which companions of an act have a reading of their own is asked for with every page of the desk.
      try db.execute(sql: "CREATE INDEX reading_event ON reading(event) WHERE event IS NOT NULL")
    }
  }
}
