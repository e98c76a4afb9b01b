import GRDB

extension Schema {
  /// The ledger, the projection, reference data, sessions and readings; then what of the centre's log could not be taken, corrections of
  /// cartons, settings of devices: 1 to 4.
  static func addSpine(to migrator: inout DatabaseMigrator) {
    migrator.registerMigration("1 walking spine") { db in
      try db.execute(
        sql: """
          -- Facts about this store itself: station, site, verifier key, sync cursor.
          CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

          -- The ledger: own entries and those pulled from the centre, in the order they became known here.
          CREATE TABLE entry(
            arrival INTEGER PRIMARY KEY,
            station TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            event_id BLOB NOT NULL, asset BLOB NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
            hash BLOB NOT NULL, bytes BLOB NOT NULL,
            log_index INTEGER,          -- where the centre holds it, once it has said so
            misfit TEXT                 -- why it was kept but not applied; null when applied
          );
          CREATE UNIQUE INDEX entry_chain ON entry(station, epoch, seq);
          CREATE INDEX entry_asset ON entry(asset, arrival);

          -- Own entries that the centre has not acknowledged.
          CREATE TABLE outbox(seq INTEGER PRIMARY KEY);

          -- The projection: what apply makes of the ledger. Can be dropped and rebuilt.
          CREATE TABLE asset(
            id BLOB PRIMARY KEY, tag TEXT, serial TEXT, manufacturer TEXT, model TEXT, category TEXT,
            state TEXT NOT NULL, custodian TEXT, location TEXT, parent BLOB, changed_at INTEGER NOT NULL,
            doc BLOB NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX asset_tag ON asset(tag);
          CREATE INDEX asset_serial ON asset(serial);
          CREATE INDEX asset_state ON asset(state);
          CREATE INDEX asset_custodian ON asset(custodian) WHERE custodian IS NOT NULL;
          CREATE INDEX asset_parent ON asset(parent) WHERE parent IS NOT NULL;
          CREATE TABLE identifier(
            value TEXT NOT NULL, kind TEXT NOT NULL, asset BLOB NOT NULL, PRIMARY KEY(value, kind, asset)
          ) WITHOUT ROWID;
          CREATE INDEX identifier_asset ON identifier(asset);

          -- Reference data.
          CREATE TABLE site(code TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE location(
            code TEXT PRIMARY KEY, site TEXT NOT NULL, name TEXT NOT NULL, parent TEXT
          ) WITHOUT ROWID;
          CREATE TABLE person(
            id BLOB PRIMARY KEY, name TEXT NOT NULL, title TEXT, email TEXT UNIQUE, team TEXT, active INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE TABLE role(
            person BLOB NOT NULL, site TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY(person, site, role)
          ) WITHOUT ROWID;
          CREATE TABLE badge(token BLOB PRIMARY KEY, person BLOB NOT NULL) WITHOUT ROWID;   -- HMAC of the token
          CREATE TABLE pin(
            person BLOB PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL,
            failures INTEGER NOT NULL, locked_until INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE TABLE purchase_order(
            number TEXT PRIMARY KEY, supplier TEXT, ordered_on TEXT
          ) WITHOUT ROWID;
          CREATE TABLE order_line(
            number TEXT NOT NULL, line INTEGER NOT NULL, manufacturer TEXT, model TEXT NOT NULL, category TEXT,
            part_number TEXT, quantity INTEGER NOT NULL, PRIMARY KEY(number, line)
          ) WITHOUT ROWID;

          -- Personal values behind the ledger's commitments. Erasing a row leaves every proof as it was.
          CREATE TABLE personal(
            commitment TEXT PRIMARY KEY, salt BLOB NOT NULL, value TEXT NOT NULL, person BLOB
          ) WITHOUT ROWID;

          -- Sessions, and everything that was scanned with what came of it.
          CREATE TABLE session(
            id BLOB PRIMARY KEY, operator BLOB NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER,
            desk TEXT, doc BLOB NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX session_desk ON session(desk, opened_at) WHERE desk IS NOT NULL;
          CREATE TABLE reading(
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, raw BLOB NOT NULL, symbology TEXT, device TEXT,
            session BLOB, person BLOB, outcome TEXT NOT NULL, words TEXT NOT NULL, code TEXT, asset BLOB, event BLOB,
            reports BLOB                -- a USB device's own reports, as they came
          );
          CREATE INDEX reading_session ON reading(session, id);
          CREATE INDEX reading_odd ON reading(outcome, id) WHERE outcome NOT IN ('accepted', 'lookup', 'context');
          CREATE TABLE blob(digest TEXT PRIMARY KEY, length INTEGER NOT NULL, media_type TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE idempotency(
            key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX idempotency_at ON idempotency(at);
          """)
    }
    migrator.registerMigration("2 left with the centre") { db in
      try db.execute(
        sql: """
          -- Entries of the centre's log that could have no place here yet, such as those of a newer program.
          CREATE TABLE left_with_centre(log_index INTEGER PRIMARY KEY, reason TEXT NOT NULL);
          """)
    }
    migrator.registerMigration("3 corrections of carton codes") { db in
      try db.execute(
        sql: """
          -- What operators said of codes on cartons, by manufacturer and model, and who ended it: whoever said otherwise later, or
          -- took it back. The name and the day are kept as they are shown with the reason.
          CREATE TABLE correction(
            id INTEGER PRIMARY KEY, manufacturer TEXT NOT NULL, model TEXT NOT NULL, pattern BLOB NOT NULL,
            field TEXT NOT NULL, example TEXT NOT NULL, person BLOB NOT NULL, name TEXT NOT NULL, day TEXT NOT NULL,
            at INTEGER NOT NULL, ended_at INTEGER, ended_by BLOB
          );
          CREATE INDEX correction_holds ON correction(id) WHERE ended_at IS NULL;
          """)
    }
    migrator.registerMigration("4 settings of devices") { db in
      try db.execute(
        sql: """
          -- What operators have set for scanners and readers, by the device's id; doc belongs to the shell.
          CREATE TABLE device_setting(
            device TEXT PRIMARY KEY, doc BLOB NOT NULL, person BLOB NOT NULL, at INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX reading_device ON reading(device, id) WHERE device IS NOT NULL;
          """)
    }
  }
}
