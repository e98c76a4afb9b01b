import GRDB

extension Schema {
  /// Passages through doors, tag numbers, printers, jobs and labels: 5 to 9.
  static func addLabels(to migrator: inout DatabaseMigrator) {
    migrator.registerMigration("5 passages through doors") { db in
      try db.execute(
        sql: """
          -- Tags that went through doorways, and the asset that each belonged to then. Sightings, kept for a while: see KeptPassage.
          CREATE TABLE passage(
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, doorway TEXT NOT NULL, inside INTEGER NOT NULL,
            epc BLOB NOT NULL, asset BLOB
          );
          CREATE INDEX passage_at ON passage(at);
          CREATE INDEX passage_doorway ON passage(doorway, id);
          CREATE INDEX passage_epc ON passage(epc, id);
          """)
    }
    migrator.registerMigration("6 tag numbers and awaited labels") { db in
      try db.execute(
        sql: """
          -- Numbers of asset tags that are this station's to give away; next is past last when they are used up.
          CREATE TABLE tag_block(
            id INTEGER PRIMARY KEY, letters TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            next INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE(letters, first)
          );

          -- Labels that were printed at a desk and are to be scanned there before anything else.
          CREATE TABLE awaited_label(
            asset BLOB PRIMARY KEY, desk TEXT NOT NULL, event BLOB NOT NULL, read_back TEXT, at INTEGER NOT NULL
          );
          CREATE INDEX awaited_label_desk ON awaited_label(desk, at);
          """)
    }
    migrator.registerMigration("7 printers and label jobs") { db in
      try db.execute(
        sql: """
          -- Printers that somebody has set up; doc belongs to the shell.
          CREATE TABLE printer(
            name TEXT PRIMARY KEY, doc BLOB NOT NULL, paused_at INTEGER, paused_by BLOB, person BLOB NOT NULL,
            at INTEGER NOT NULL
          ) WITHOUT ROWID;

          -- Labels that were asked for, in that order, with the very bytes that the printer is sent and what came of it.
          CREATE TABLE label_job(
            position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, batch BLOB NOT NULL,
            printer TEXT NOT NULL, state TEXT NOT NULL, name TEXT NOT NULL, doc BLOB NOT NULL,
            payload BLOB, length INTEGER NOT NULL, labels INTEGER NOT NULL, asset BLOB, epc BLOB,
            attempts INTEGER NOT NULL DEFAULT 0, bytes_sent INTEGER NOT NULL DEFAULT 0, confirmation TEXT, tag_read BLOB,
            words TEXT, remedy TEXT, person BLOB NOT NULL, asked_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
            reprint_of BLOB
          );
          CREATE INDEX label_job_open ON label_job(printer, position) WHERE state IN ('queued', 'sending', 'unknown');
          CREATE INDEX label_job_batch ON label_job(batch, position);
          CREATE INDEX label_job_asset ON label_job(asset, position) WHERE asset IS NOT NULL;
          """)
    }
    migrator.registerMigration("8 held labels") { db in
      try db.execute(sql: "ALTER TABLE label_job ADD COLUMN held_at INTEGER")
    }
    migrator.registerMigration("9 owed labels") { db in
      try db.execute(
        sql: """
          -- Labels that are to be ordered for what was received without one, by the receipt; with a code, why they were not.
          -- meta.owedLabelsUpTo is the entry up to which receipts were looked through.
          CREATE TABLE owed_label(
            event BLOB PRIMARY KEY, asset BLOB NOT NULL, person BLOB NOT NULL, auth TEXT NOT NULL, template TEXT NOT NULL,
            desk TEXT NOT NULL, at INTEGER NOT NULL, code TEXT, words TEXT, remedy TEXT
          ) WITHOUT ROWID;
          CREATE INDEX owed_label_asset ON owed_label(asset);
          INSERT INTO meta(key, value) SELECT 'owedLabelsUpTo', coalesce(max(arrival), 0) FROM entry;
          -- What left is found by its kind: see StoreReading.departures.
          -- Marks of events that were kept aside still lead to their assets: see StoreReading.holders(keptAside:).
          CREATE INDEX entry_aside ON entry(type) WHERE misfit IS NOT NULL;
          CREATE INDEX entry_departure ON entry(type, arrival) WHERE type IN ('ship', 'dispose');
          """)
    }
  }
}
