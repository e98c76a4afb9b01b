import CentralStore
import Custody
import CustodyLedger
import TamperEvidence

extension PostgresAdmission {
  /// Begins a transaction, waits for the counter, and fetches what the rules will ask about these entries: one round trip.
  static func begin(
    _ connection: PostgresConnection, author: LogAuthor, for pushes: [(entries: [CheckedEntry], station: String)] = []
  ) throws -> PostgresAdmission {
    var wanted = Wanted()
    for push in pushes { for entry in push.entries { wanted.add(entry, from: push.station) } }
    let hashes = wanted.hashes.map(\.bytes)
    let places = Array(wanted.places)
    let assets = wanted.assets.map(\.column)
    let serials = Array(wanted.serials)
    let results = try connection.pipeline([
      .init("BEGIN"),
      HeadRow.take,
      PostgresTree.edge,
      .init(select("WHERE hash = ANY($1::bytea[])"), [.bytesArray(hashes)]),
      .init(
        select(
          """
          JOIN unnest($1::bytea[], $2::int8[], $3::int8[]) AS wanted(station, epoch, seq)
            ON log.station = wanted.station AND log.epoch = wanted.epoch AND log.seq = wanted.seq WHERE log.holds_place
          """),
        [
          .utf8Array(places.map(\.station)), .intArray(places.map { Int64($0.place.epoch) }),
          .intArray(places.map { Int64($0.place.seq) }),
        ]),
      .init(
        "SELECT event_id, min(\"index\") FROM log WHERE event_id = ANY($1::bytea[]) GROUP BY event_id",
        [.bytesArray(wanted.events.map(\.column))]),
      .init(selectAsset, [.bytesArray(assets)]),
      .init("SELECT DISTINCT asset FROM log WHERE asset = ANY($1::bytea[])", [.bytesArray(assets)]),
      .init(
        """
        SELECT rejected.station, rejected.hash, id FROM rejected
          JOIN unnest($1::bytea[], $2::bytea[]) AS wanted(station, hash)
            ON rejected.station = wanted.station AND rejected.hash = wanted.hash
        """,
        [.utf8Array(wanted.rejected.map(\.station)), .bytesArray(wanted.rejected.map(\.hash.bytes))]),
      .init("SELECT id, canonical FROM alias WHERE id = ANY($1::bytea[])", [.bytesArray(assets)]),
      .init(
        """
        SELECT value, asset FROM identifier
        WHERE substring(value FROM 1 FOR \(SearchKey.indexed)) = ANY($1::bytea[]) AND kind = 'serial'
        """, [.bytesArray(serials.map { Array(SearchKey.bytes($0).prefix(SearchKey.indexed)) })]),
    ])
    let ledger = PostgresAdmission(connection, try HeadRow(results[1]), author: author)
    try ledger.tree.learn(results[2])
    for rows in [results[3], results[4]] { try ledger.learn(rows) }
    ledger.know(hashes: wanted.hashes, places: wanted.places)
    ledger.know(
      history: wanted.assets,
      of: try (0..<results[7].count).map { try AssetID(column: try results[7][$0].bytes(0)) })
    for row in 0..<results[9].count {
      ledger.know(
        alias: try AssetID(column: try results[9][row].bytes(0)),
        of: try AssetID(column: try results[9][row].bytes(1)))
    }
    for id in wanted.assets { ledger.know(alias: id, of: nil) }
    var carriers: [[UInt8]: [AssetID]] = [:]
    for row in 0..<results[10].count {
      carriers[try results[10][row].bytes(0), default: []].append(
        try AssetID(column: try results[10][row].bytes(1)))
    }
    for serial in serials { ledger.know(serial: serial, of: carriers[SearchKey.bytes(serial)] ?? []) }
    for event in wanted.events { ledger.know(event: event, first: nil) }
    for row in 0..<results[5].count {
      ledger.know(
        event: try EventID(column: try results[5][row].bytes(0)), first: try results[5][row].int(1))
    }
    try ledger.learnAssets(results[6], asked: wanted.assets)
    for row in 0..<results[8].count {
      let key = RejectedKey(
        station: try results[8][row].text(0), hash: try EntryHash(column: try results[8][row].bytes(1)))
      ledger.know(rejected: key, id: try results[8][row].int(2))
    }
    return ledger
  }

  /// What the rules will ask about, each once.
  private struct Wanted {
    var hashes: Set<EntryHash> = []
    var places: Set<StationPlace> = []
    var events: Set<EventID> = []
    var assets: Set<AssetID> = []
    var serials: Set<String> = []
    var rejected: [RejectedKey] = []

    mutating func add(_ entry: CheckedEntry, from station: String) {
      guard case .verified = entry.verdict else {
        rejected.append(RejectedKey(station: station, hash: entry.hash))
        return
      }
      hashes.insert(entry.hash)
      if let header = entry.content.header {
        // Its own place, the one it follows, and the one that may have waited for it.
        for step in -1...1 {
          places.insert(
            StationPlace(
              station: station, place: ChainPlace(epoch: header.place.epoch, seq: header.place.seq &+ step)))
        }
        if header.place.seq == 1, let previous = header.prevHash, previous != .zero { hashes.insert(previous) }
      }
      if let event = entry.content.event {
        events.insert(event.eventID)
        assets.insert(event.asset)
        for mark in event.details.identifiers where mark.kind == .serial { serials.insert(mark.value) }
      }
    }
  }
}
