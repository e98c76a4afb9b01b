import GRDB

extension Schema {
  /// What disagrees, what the centre proves and feeds, keys and epochs, who read what: 10 to 15.
  static func addCentre(to migrator: inout DatabaseMigrator) {
    migrator.registerMigration("10 discrepancies") { db in
      try db.execute(
        sql: """
          -- The code of why an event does not simply count, see Standpoint; misfit is the same in words.
          ALTER TABLE entry ADD COLUMN standpoint TEXT;
          UPDATE entry SET standpoint = 'custody.waiting' WHERE misfit IS NOT NULL;

          -- Ids under which a thing was received that has another, canonical, id.
          CREATE TABLE alias(id BLOB PRIMARY KEY, canonical BLOB NOT NULL) WITHOUT ROWID;
          CREATE INDEX alias_canonical ON alias(canonical);

          -- What disagrees about assets, and what ended it. Rows are never deleted.
          CREATE TABLE discrepancy(
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, asset BLOB NOT NULL, doc BLOB NOT NULL,
            opened_at INTEGER NOT NULL, settled_at INTEGER, settled_by BLOB
          );
          CREATE INDEX discrepancy_asset ON discrepancy(asset, id);
          CREATE INDEX discrepancy_open ON discrepancy(id) WHERE settled_by IS NULL;
          """)
    }
    migrator.registerMigration("11 proofs of the centre's log") { db in
      try db.execute(
        sql: """
          -- Tree heads of the centre's log that were verified: signed notes.
          CREATE TABLE tree_head(size INTEGER PRIMARY KEY, note BLOB NOT NULL, at INTEGER NOT NULL);
          -- That the centre holds an own entry: the path to the root of such a tree head, 32 bytes each hash.
          ALTER TABLE entry ADD COLUMN proof BLOB;
          ALTER TABLE entry ADD COLUMN proof_size INTEGER;
          -- Who may sign, as the centre's log states it.
          CREATE TABLE statement(log_index INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
          -- When and why the centre's log was not believed, with the note that it showed.
          CREATE TABLE log_alarm(
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, sentence TEXT NOT NULL,
            remedy TEXT NOT NULL, note BLOB, ended_at INTEGER
          );
          -- Own entries that the centre holds by its word alone are sent again, so that it proves them.
          INSERT OR IGNORE INTO outbox(seq) SELECT seq FROM entry WHERE log_index IS NOT NULL AND epoch = 1
            AND station = (SELECT value FROM meta WHERE key = 'site') || '/'
              || (SELECT value FROM meta WHERE key = 'station');
          UPDATE entry SET log_index = NULL WHERE log_index IS NOT NULL AND epoch = 1
            AND station = (SELECT value FROM meta WHERE key = 'site') || '/'
              || (SELECT value FROM meta WHERE key = 'station');
          """)
    }
    migrator.registerMigration("12 keys and epochs") { db in
      try db.execute(
        sql: """
          -- Own entries that are about no asset: rotations of the key, openings of epochs. They stand in the chain as events do.
          CREATE TABLE own_statement(
            epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
            log_index INTEGER, proof BLOB, proof_size INTEGER, PRIMARY KEY(epoch, seq)
          ) WITHOUT ROWID;
          -- What is to be sent, by its place in any epoch.
          CREATE TABLE outbox_12(epoch INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(epoch, seq)) WITHOUT ROWID;
          INSERT INTO outbox_12(epoch, seq) SELECT 1, seq FROM outbox;
          DROP TABLE outbox;
          ALTER TABLE outbox_12 RENAME TO outbox;
          -- Own entries whose place in the chain the centre gave to another that signs as this station.
          CREATE TABLE displaced(hash BLOB PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL,
            at INTEGER NOT NULL) WITHOUT ROWID;
          -- When and why the centre refused this station itself.
          CREATE TABLE station_alarm(
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, sentence TEXT NOT NULL, remedy TEXT NOT NULL,
            ended_at INTEGER
          );
          """)
    }
    migrator.registerMigration("13 what a station takes from its centre") { db in
      try db.execute(
        sql: """
          -- A station that began with a snapshot (meta.ledgerBegins: the log index that its ledger begins at): ids that there
          -- were events about and no asset, whose earlier events were fetched since, and where other chains stood.
          CREATE TABLE earlier(asset BLOB PRIMARY KEY) WITHOUT ROWID;
          CREATE TABLE history(asset BLOB PRIMARY KEY) WITHOUT ROWID;
          CREATE TABLE chain(
            station TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL
          ) WITHOUT ROWID;

          -- People and places that the centre rules; meta.referenceVersion says up to which version of its feed.
          CREATE TABLE from_centre(kind TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
          -- Which pepper a PIN was made with: 0 this station's own, 1 the centre's.
          ALTER TABLE pin ADD COLUMN pepper INTEGER NOT NULL DEFAULT 0;

          -- The first own event that names a file, and when the centre was known to have it, or to want none of it.
          ALTER TABLE blob ADD COLUMN event BLOB;
          ALTER TABLE blob ADD COLUMN sent_at INTEGER;
          CREATE INDEX blob_unsent ON blob(digest) WHERE sent_at IS NULL AND event IS NOT NULL;
          """)
      try StationStore.linkBlobs(db)
    }
    migrator.registerMigration("14 what disagrees about stations") { db in
      try db.execute(
        sql: """
          -- What disagrees, about an asset or a station. Rows are never deleted.
          CREATE TABLE discrepancy_14(
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, asset BLOB, station TEXT, doc BLOB NOT NULL,
            opened_at INTEGER NOT NULL, settled_at INTEGER, settled_by BLOB
          );
          INSERT INTO discrepancy_14(id, kind, asset, doc, opened_at, settled_at, settled_by)
            SELECT id, kind, asset, doc, opened_at, settled_at, settled_by FROM discrepancy;
          DROP TABLE discrepancy;
          ALTER TABLE discrepancy_14 RENAME TO discrepancy;
          CREATE INDEX discrepancy_asset ON discrepancy(asset, id) WHERE asset IS NOT NULL;
          CREATE INDEX discrepancy_station ON discrepancy(station, id) WHERE station IS NOT NULL;
          CREATE INDEX discrepancy_open ON discrepancy(id) WHERE settled_by IS NULL;

          -- Events that such a row about a station names: which asset they are about, so that they are found. Of the second
          -- entry for one place of a chain, which has none among the entries, the bytes: with the first they prove the fork.
          -- log_index is -1 of what stands among the entries. The key comes first: SQLite's check (3.40) takes another column
          -- than the one that it names for null where it does not.
          CREATE TABLE flagged(
            event_id BLOB NOT NULL, log_index INTEGER NOT NULL, asset BLOB NOT NULL, bytes BLOB,
            PRIMARY KEY(event_id, log_index)
          ) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("15 what was read") { db in
      try db.execute(
        sql: """
          -- Who read personal data or exported something. Rows are never changed or deleted.
          CREATE TABLE read_record(
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
            subject TEXT NOT NULL, address TEXT NOT NULL
          );
          CREATE TRIGGER read_record_stays BEFORE DELETE ON read_record
            BEGIN SELECT RAISE(ABORT, 'records of reading stay'); END;
          CREATE TRIGGER read_record_stays_as_it_is BEFORE UPDATE ON read_record
            BEGIN SELECT RAISE(ABORT, 'records of reading stay as they are'); END;
          """)
    }
  }
}
