import CentralStore

/// The centre's tables, version by version. A migration that has shipped is never edited.
///
/// Texts that stations wrote are UTF-8 in `bytea`, compared and ordered byte by byte, whatever the server's locale; `text`
/// holds words of this program alone. Ids, hashes and entries are exact bytes; moments are milliseconds since 1970.
enum Schema {
  private static let migrations: [(version: Int64, script: String)] = [
    (1, firstTables), (2, discrepancies), (5, keysOfStations), (6, feeds), (7, projectionVersion), (8, people),
  ]

  /// Brings the tables to this program's version, one process at a time, each version whole or not at all. Throws
  /// ``CentralFault/damaged`` for a database of a newer program.
  static func migrate(_ connection: PostgresConnection) throws {
    try makeTable(connection)
    try connection.run("BEGIN; LOCK TABLE migration IN ACCESS EXCLUSIVE MODE")
    let held = try connection.rows("SELECT coalesce(max(version), 0) FROM migration").first?.int(0) ?? 0
    guard held <= migrations.last?.version ?? 0 else {
      throw CentralFault.damaged(reason: "it is of a newer program: its tables are of version \(held)")
    }
    for migration in migrations where migration.version > held {
      try connection.run(migration.script)
      _ = try connection.rows("INSERT INTO migration(version) VALUES ($1::int8)", [.int(migration.version)])
    }
    try connection.run("COMMIT")
  }

  private static func makeTable(_ connection: PostgresConnection) throws {
    let sql = "CREATE TABLE IF NOT EXISTS migration(version int8 PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
    do {
      try connection.run(sql)
    } catch PostgresFault.refused(let state, _) where ["23505", "42710", "42P07"].contains(state) {
      // Two that create one table at once: one of them meets the other's row, type or table. It is there now.
      try connection.run(sql)
    }
  }

  private static let people = """
    -- Who signs in at the centre: see CentralPerson.
    CREATE TABLE central_person(name bytea PRIMARY KEY, doc bytea NOT NULL);

    -- Who read or exported what. Rows are never changed or deleted.
    CREATE TABLE read_record(
      id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at int8 NOT NULL, who bytea NOT NULL, what text NOT NULL,
      subject bytea NOT NULL, address bytea NOT NULL
    );
    CREATE FUNCTION read_record_stays() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN RAISE EXCEPTION ''records of reading stay as they are''; END';
    CREATE TRIGGER read_record_stays BEFORE UPDATE OR DELETE ON read_record
      FOR EACH ROW EXECUTE FUNCTION read_record_stays();
    """

  private static let projectionVersion = """
    -- Which rules made the projection, see ProjectionVersion; no row of one that was made before they were counted.
    CREATE TABLE projection(id int8 PRIMARY KEY DEFAULT 0 CHECK (id = 0), version int8 NOT NULL);
    """

  private static let feeds = """
    -- What the centre rules and stations know, each thing at the version of its last change; no doc: it was removed. The
    -- one row of reference_head is the counter of versions: whoever changes something holds it until the commit.
    CREATE TABLE reference_head(id int8 PRIMARY KEY DEFAULT 0 CHECK (id = 0), version int8 NOT NULL DEFAULT 0);
    INSERT INTO reference_head DEFAULT VALUES;
    CREATE TABLE reference(
      kind text NOT NULL, key bytea NOT NULL, version int8 NOT NULL UNIQUE, doc bytea, PRIMARY KEY(kind, key)
    );

    -- Files that events name, and their bytes in parts. A file whose time was over keeps its row.
    CREATE TABLE blob(
      digest text PRIMARY KEY, length int8 NOT NULL, media_type text NOT NULL, event bytea NOT NULL,
      asset bytea NOT NULL, station bytea NOT NULL, held int8 NOT NULL, began_at int8 NOT NULL,
      completed_at int8, dropped_at int8
    );
    CREATE INDEX blob_here ON blob(completed_at) WHERE dropped_at IS NULL;
    CREATE TABLE blob_part(digest text NOT NULL, start int8 NOT NULL, bytes bytea NOT NULL, PRIMARY KEY(digest, start));
    ALTER TABLE blob_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
    """

  private static let discrepancies = """
    -- Ids under which a thing was received that has another, canonical, id.
    CREATE TABLE alias(id bytea PRIMARY KEY, canonical bytea NOT NULL);

    -- What disagrees, and what ended it. About an asset or a station. Rows are never deleted.
    CREATE TABLE discrepancy(
      id int8 PRIMARY KEY, kind text NOT NULL, asset bytea, station bytea, doc bytea NOT NULL,
      opened_at int8 NOT NULL, settled_at int8, settled_by bytea
    );
    CREATE INDEX discrepancy_asset ON discrepancy(asset, id) WHERE asset IS NOT NULL;
    CREATE INDEX discrepancy_station ON discrepancy(station, id) WHERE station IS NOT NULL;
    CREATE INDEX discrepancy_open ON discrepancy(id) WHERE settled_by IS NULL;

    -- Events are folded by what they say they follow, not by the order of arrival.
    ALTER TABLE log DROP COLUMN applied;
    ALTER TABLE head DROP COLUMN next_applied;
    DROP INDEX log_waiting;
    UPDATE log SET code = 'custody.waiting', reason = '' WHERE status = 'quarantined' AND code LIKE 'custody.%';
    """

  private static let keysOfStations = """
    -- What the log states of a station's keys: enrolments, rotations, revocations, openings of epochs. Copies of its entries.
    CREATE TABLE key_statement("index" int8 PRIMARY KEY, station bytea NOT NULL, bytes bytea NOT NULL);
    CREATE INDEX key_statement_station ON key_statement(station, "index");
    -- What signs its requests; and why its pushes are refused.
    ALTER TABLE station ADD COLUMN request_key bytea, ADD COLUMN frozen_at int8, ADD COLUMN frozen_code text,
      ADD COLUMN frozen_reason bytea;
    -- One-time codes, as digests; used_by is the digest of the keys that were enrolled by it.
    CREATE TABLE enrolment_code(
      station bytea PRIMARY KEY, digest bytea NOT NULL, until int8 NOT NULL, tries int8 NOT NULL, used_by bytea
    );
    -- The last push of a station: the ratchet that the next one presents, and how the last one is known again.
    CREATE TABLE last_push(
      station bytea PRIMARY KEY, ratchet text NOT NULL, previous text, entries int8 NOT NULL, digest bytea NOT NULL
    ) WITH (fillfactor = 50);
    -- Ids of signed requests that were here, until they are over.
    CREATE TABLE request_token(id bytea PRIMARY KEY, until int8 NOT NULL, attempt int8 NOT NULL);
    CREATE INDEX request_token_until ON request_token(until);
    """

  private static let firstTables = """
    -- Who may push.
    CREATE TABLE station(
      name bytea PRIMARY KEY, vkey bytea NOT NULL, token bytea NOT NULL UNIQUE, enrolled_at int8 NOT NULL,
      stated_at int8                      -- which entry of the log states the enrolment
    );

    -- The newest tree head, a signed note (null before the log has a tree), and its size. Whoever sequences holds this one
    -- row until its commit: it is the counter of log indexes, of the order of application, and of what was rejected. A
    -- sequence would do none of it: what it gives out is lost by a rollback and becomes visible out of order.
    CREATE TABLE head(
      id int8 PRIMARY KEY DEFAULT 0 CHECK (id = 0), size int8 NOT NULL DEFAULT 0, note bytea,
      next_applied int8 NOT NULL DEFAULT 0, next_rejected int8 NOT NULL DEFAULT 1
    ) WITH (fillfactor = 10);
    INSERT INTO head DEFAULT VALUES;

    -- Hashes of the log's tree, 32 bytes each: a tile has up to 256, and with 256 never changes.
    CREATE TABLE tile(level int8, "index" int8, bytes bytea NOT NULL, PRIMARY KEY(level, "index"));
    ALTER TABLE tile ALTER COLUMN bytes SET STORAGE EXTERNAL;

    -- The log: every well signed entry, in the order of arrival, from 0 without gaps. Bytes are never changed.
    CREATE TABLE log(
      "index" int8 PRIMARY KEY,
      station bytea NOT NULL, epoch int8, seq int8,
      hash bytea NOT NULL UNIQUE, bytes bytea NOT NULL, received_at int8 NOT NULL,
      holds_place bool NOT NULL,          -- false when other bytes hold its place of the chain, or it has none
      event_id bytea, asset bytea,        -- null where they cannot be read
      status text NOT NULL,
      applied int8,                       -- order of application to the projection; null when not applied
      code text, reason bytea             -- why it is not applied
    );
    ALTER TABLE log ALTER COLUMN bytes SET STORAGE EXTERNAL;
    CREATE UNIQUE INDEX log_place ON log(station, epoch, seq) WHERE holds_place;
    CREATE INDEX log_event ON log(event_id);
    CREATE INDEX log_asset ON log(asset, "index");
    CREATE UNIQUE INDEX log_applied ON log(applied) WHERE applied IS NOT NULL;
    CREATE INDEX log_exception ON log("index") WHERE status <> 'applied';
    CREATE INDEX log_waiting ON log(asset) WHERE status = 'quarantined' AND holds_place;

    -- What was not admitted.
    CREATE TABLE rejected(
      id int8 PRIMARY KEY, station bytea NOT NULL, hash bytea NOT NULL, epoch int8, seq int8,
      bytes bytea NOT NULL, received_at int8 NOT NULL, times int8 NOT NULL,
      code text NOT NULL, reason bytea NOT NULL, UNIQUE(station, hash)
    );

    -- The projection: what apply makes of the log. Can be dropped and rebuilt. What is searched for is folded to lower
    -- case (ASCII); an index takes no more than its beginning.
    CREATE TABLE asset(
      id bytea PRIMARY KEY, manufacturer bytea, model bytea, state text NOT NULL, doc bytea NOT NULL
    ) WITH (fillfactor = 80);
    CREATE INDEX asset_state ON asset(state);
    CREATE TABLE identifier(asset bytea NOT NULL, kind text NOT NULL, value bytea NOT NULL);
    CREATE INDEX identifier_asset ON identifier(asset);
    CREATE INDEX identifier_value ON identifier(substring(value FROM 1 FOR 256));

    -- Numbers of asset tags that were given to stations.
    CREATE TABLE tag_numbers(
      station bytea NOT NULL, request bytea NOT NULL, letters bytea NOT NULL,
      first int8 NOT NULL, last int8 NOT NULL, at int8 NOT NULL, PRIMARY KEY(station, request)
    );
    CREATE INDEX tag_numbers_last ON tag_numbers(letters, last);
    """
}
