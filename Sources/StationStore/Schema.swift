import GRDB

/// The station's tables, version by version. A migration that has shipped is never edited.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
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
    migrator.registerMigration("25 counted places") { db in try db.execute(sql: Self.countedPlaces) }
    migrator.registerMigration("26 consumables") { db in try db.execute(sql: Self.consumables) }
    return migrator
  }

  /// Fills the table of drives from the assets in a database: those of lists of media, and loose drives without a list, which are
  /// their own medium (see `Asset.mediaList`). Few assets have any.
  static func media(of database: String) -> String {
    """
    INSERT OR IGNORE INTO main.medium(serial, asset)
      SELECT \(folded("json_extract(drive.value, '$.serial')")), stored.id
        FROM \(database).asset AS stored, json_each(CAST(stored.doc AS TEXT), '$.facts.media') AS drive
        WHERE instr(stored.doc, CAST('"media"' AS BLOB)) > 0
      UNION SELECT \(folded("serial")), id FROM \(database).asset
        WHERE lower(category) IN ('drive', 'hdd', 'ssd', 'disk') AND serial IS NOT NULL
          AND json_type(CAST(doc AS TEXT), '$.facts.media') IS NULL
      ORDER BY 1, 2
    """
  }

  /// A serial as ``StoreReading/foldedSerial(_:)`` makes it.
  private static func folded(_ serial: String) -> String {
    "lower(trim(\(serial), ' ' || char(9) || char(10) || char(13)))"
  }

  /// What of an asset's document stands in a column of its own, as expressions on its column `doc`; null where it is not there.
  static let order = member("facts.orderLine.order", within: "orderLine")
  static let orderLine = member("facts.orderLine.line", within: "orderLine")
  static let due = member("expectedReturn", within: "expectedReturn")
  static let warrantyEnd = member("facts.warrantyEnd", within: "warrantyEnd")
  static let refresh = member("facts.refreshDate", within: "refreshDate")

  /// Most assets have none of it: their documents are not taken apart.
  private static func member(_ path: String, within name: String) -> String {
    """
    CASE WHEN instr(doc, CAST('"\(name)"' AS BLOB)) > 0 THEN json_extract(CAST(doc AS TEXT), '$.\(path)') END
    """
  }
}
