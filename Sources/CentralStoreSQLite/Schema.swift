import GRDB

/// The centre's tables, version by version. A migration that has shipped is never edited.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 walking spine") { db in
      try db.execute(
        sql: """
          -- Who may push.
          CREATE TABLE station(
            name TEXT PRIMARY KEY, vkey TEXT NOT NULL, token BLOB NOT NULL UNIQUE, enrolled_at INTEGER NOT NULL
          ) WITHOUT ROWID;

          -- The log: every well signed entry, in the order of arrival, from 0 without gaps. Bytes are never changed.
          CREATE TABLE log(
            "index" INTEGER PRIMARY KEY,
            station TEXT NOT NULL, epoch INTEGER, seq INTEGER,
            hash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL, received_at INTEGER NOT NULL,
            holds_place INTEGER NOT NULL,       -- 0 when other bytes hold its place of the chain, or it has none
            event_id BLOB, asset BLOB,          -- null where they cannot be read
            status TEXT NOT NULL,
            applied INTEGER,                    -- order of application to the projection; null when not applied
            code TEXT, reason TEXT              -- why it is not applied
          );
          CREATE UNIQUE INDEX log_place ON log(station, epoch, seq) WHERE holds_place;
          CREATE INDEX log_event ON log(event_id);
          CREATE INDEX log_asset ON log(asset, "index");
          CREATE UNIQUE INDEX log_applied ON log(applied) WHERE applied IS NOT NULL;
          CREATE INDEX log_exception ON log("index") WHERE status <> 'applied';

          -- What was not admitted.
          CREATE TABLE rejected(
            id INTEGER PRIMARY KEY, station TEXT NOT NULL, hash BLOB NOT NULL, epoch INTEGER, seq INTEGER,
            bytes BLOB NOT NULL, received_at INTEGER NOT NULL, times INTEGER NOT NULL,
            code TEXT NOT NULL, reason TEXT NOT NULL
          );
          CREATE UNIQUE INDEX rejected_hash ON rejected(station, hash);

          -- The projection: what apply makes of the log. Can be dropped and rebuilt.
          CREATE TABLE asset(
            id BLOB PRIMARY KEY, manufacturer TEXT, model TEXT, state TEXT NOT NULL, doc BLOB NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX asset_state ON asset(state);
          CREATE TABLE identifier(
            value TEXT NOT NULL, kind TEXT NOT NULL, asset BLOB NOT NULL, PRIMARY KEY(value, kind, asset)
          ) WITHOUT ROWID;
          CREATE INDEX identifier_asset ON identifier(asset);
          """)
    }
    migrator.registerMigration("2 tag numbers") { db in
      try db.execute(
        sql: """
          -- Numbers of asset tags that were given to stations.
          CREATE TABLE tag_numbers(
            station TEXT NOT NULL, request TEXT NOT NULL, letters TEXT NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(station, request)
          ) WITHOUT ROWID;
          CREATE INDEX tag_numbers_last ON tag_numbers(letters, last);
          """)
    }
    migrator.registerMigration("3 the log's tree") { db in
      try db.execute(
        sql: """
          -- The newest tree head, a signed note. This row is the counter of log indexes.
          CREATE TABLE head(id INTEGER PRIMARY KEY CHECK (id = 0), size INTEGER NOT NULL, note BLOB NOT NULL);
          -- Hashes of the log's tree, 32 bytes each: a tile has up to 256, and with 256 never changes.
          CREATE TABLE tile(
            level INTEGER NOT NULL, "index" INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(level, "index")
          ) WITHOUT ROWID;
          -- Which entry of the log states the station's enrolment.
          ALTER TABLE station ADD COLUMN stated_at INTEGER;
          """)
    }
    migrator.registerMigration("4 discrepancies") { db in
      try db.execute(
        sql: """
          -- Ids under which a thing was received that has another, canonical, id.
          CREATE TABLE alias(id BLOB PRIMARY KEY, canonical BLOB NOT NULL) WITHOUT ROWID;

          -- What disagrees, and what ended it. About an asset or a station. Rows are never deleted.
          CREATE TABLE discrepancy(
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, asset BLOB, station TEXT, doc BLOB NOT NULL,
            opened_at INTEGER NOT NULL, settled_at INTEGER, settled_by BLOB
          );
          CREATE INDEX discrepancy_asset ON discrepancy(asset, id) WHERE asset IS NOT NULL;
          CREATE INDEX discrepancy_station ON discrepancy(station, id) WHERE station IS NOT NULL;
          CREATE INDEX discrepancy_open ON discrepancy(id) WHERE settled_by IS NULL;

          -- Events are folded by what they say they follow, not by the order of arrival.
          DROP INDEX log_applied;
          ALTER TABLE log DROP COLUMN applied;
          UPDATE log SET status = 'quarantined', code = 'custody.waiting', reason = ''
            WHERE status = 'quarantined' AND code LIKE 'custody.%';
          """)
    }
    migrator.registerMigration("5 keys of stations") { db in
      try db.execute(
        sql: """
          -- What the log states of a station's keys: enrolments, rotations, revocations, openings of epochs. Copies of its entries.
          CREATE TABLE key_statement("index" INTEGER PRIMARY KEY, station TEXT NOT NULL, bytes BLOB NOT NULL);
          CREATE INDEX key_statement_station ON key_statement(station, "index");
          -- What signs its requests; and why its pushes are refused.
          ALTER TABLE station ADD COLUMN request_key TEXT;
          ALTER TABLE station ADD COLUMN frozen_at INTEGER;
          ALTER TABLE station ADD COLUMN frozen_code TEXT;
          ALTER TABLE station ADD COLUMN frozen_reason TEXT;
          -- One-time codes, as digests; used_by is the digest of the keys that were enrolled by it.
          CREATE TABLE enrolment_code(
            station TEXT PRIMARY KEY, digest BLOB NOT NULL, until INTEGER NOT NULL, tries INTEGER NOT NULL, used_by BLOB
          ) WITHOUT ROWID;
          -- The last push of a station: the ratchet that the next one presents, and how the last one is known again.
          CREATE TABLE last_push(
            station TEXT PRIMARY KEY, ratchet TEXT NOT NULL, previous TEXT, entries INTEGER NOT NULL, digest BLOB NOT NULL
          ) WITHOUT ROWID;
          -- Ids of signed requests that were here, until they are over.
          CREATE TABLE request_token(id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
          CREATE INDEX request_token_until ON request_token(until);
          """)
    }
    migrator.registerMigration("6 reference data and files") { db in
      try db.execute(
        sql: """
          -- What the centre rules and stations know, each thing at the version of its last change; no doc: it was removed.
          CREATE TABLE reference(
            kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL UNIQUE, doc TEXT, PRIMARY KEY(kind, key)
          ) WITHOUT ROWID;

          -- Files that events name, and their bytes in parts. A file whose time was over keeps its row.
          CREATE TABLE blob(
            digest TEXT PRIMARY KEY, length INTEGER NOT NULL, media_type TEXT NOT NULL, event BLOB NOT NULL,
            asset BLOB NOT NULL, station TEXT NOT NULL, held INTEGER NOT NULL, began_at INTEGER NOT NULL,
            completed_at INTEGER, dropped_at INTEGER
          ) WITHOUT ROWID;
          CREATE INDEX blob_here ON blob(completed_at) WHERE dropped_at IS NULL;
          CREATE TABLE blob_part(
            digest TEXT NOT NULL, start INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(digest, start)
          );
          """)
    }
    migrator.registerMigration("7 version of the projection") { db in
      try db.execute(
        sql: """
          -- Which rules made the projection, see ProjectionVersion; no row of one that was made before they were counted.
          CREATE TABLE projection(id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL);
          """)
    }
    migrator.registerMigration("8 people who read, and what was read") { db in
      try db.execute(
        sql: """
          -- Who signs in at the centre: see CentralPerson.
          CREATE TABLE central_person(name TEXT PRIMARY KEY, doc BLOB NOT NULL) WITHOUT ROWID;

          -- Who read or exported what. Rows are never changed or deleted.
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
    return migrator
  }
}
