import CentralStore
import Custody
import CustodyLedger
import TamperEvidence

/// The rules of admission on PostgreSQL, inside one transaction that holds the counter row. Lives only as long as that.
///
/// A question to the server costs a round trip, and an entry asks ten. So what a batch of entries will ask for is fetched
/// at once when the transaction begins (``begin(_:for:)``), answers come from memory, and what is decided is written at
/// once at the end (``commit()``). What was not foreseen, such as what a filled gap releases, is asked of the server then.
///
/// The server knows nothing of this transaction before its end: memory is always the newer of the two.
final class PostgresAdmission: AdmissionLedger {
  /// An entry of the log as this transaction has it.
  struct Held {
    var entry: LogEntry
    let holdsPlace: Bool
    let eventID: EventID?
    let asset: AssetID?
  }

  /// A place in a station's chain.
  struct StationPlace: Hashable {
    let station: String
    let place: ChainPlace
  }

  /// What was rejected in this transaction, before it is written.
  struct Rejected {
    let entry: CheckedEntry
    let station: String
    let reason: AdmissionReason
    var moment: Instant
    var times: Int64
    /// Its number, if it is new.
    let id: Int64
  }

  struct RejectedKey: Hashable {
    let station: String
    let hash: EntryHash
  }

  let connection: PostgresConnection
  let tree: PostgresTree
  let sequencer: LogSequencer
  /// How many entries the log had when the transaction began.
  private let size: Int64
  private(set) var nextRejected: Int64

  // What is known of the database. A key with the value nil is known not to be there.
  private var held: [Int64: Held] = [:]
  private var byHash: [EntryHash: Int64?] = [:]
  private var byPlace: [StationPlace: Int64?] = [:]
  private var byEvent: [EventID: Int64?] = [:]
  private var byAsset: [AssetID: [Int64]] = [:]
  /// Assets of which it is known whether the database has entries about them, and those of which it has.
  private var historyKnown: Set<AssetID> = []
  private var withHistory: Set<AssetID> = []
  /// Assets whose entries are all in `held`.
  private var eventsKnown: Set<AssetID> = []
  private var aliases: [AssetID: AssetID?] = [:]
  /// Assets that the database has with a serial number, whatever its letters' case.
  private var bySerial: [String: [AssetID]] = [:]
  private var assets: [AssetID: Asset?] = [:]
  private var rejectedKnown: [RejectedKey: Int64] = [:]

  // What is to be written.
  private var appended: [Int64] = []
  private var changed: Set<Int64> = []
  private var stored: [AssetID: Asset?] = [:]
  private var rejected: [RejectedKey: Rejected] = [:]

  init(_ connection: PostgresConnection, _ head: HeadRow, author: LogAuthor) {
    self.connection = connection
    tree = PostgresTree(connection, head)
    sequencer = LogSequencer(tree, author: author)
    size = head.size
    nextRejected = head.nextRejected
  }

  // MARK: What the rules ask

  func entry(withHash hash: EntryHash) throws -> LogEntry? {
    if byHash[hash] == nil {
      byHash[hash] = .some(nil)
      try learn(connection.rows(Self.select("WHERE hash = $1::bytea"), [.bytes(hash.bytes)]))
    }
    return byHash[hash].flatMap(\.self).flatMap { held[$0]?.entry }
  }

  func entry(of station: String, at place: ChainPlace) throws -> LogEntry? {
    let key = StationPlace(station: station, place: place)
    if byPlace[key] == nil {
      byPlace[key] = .some(nil)
      try learn(
        connection.rows(
          Self.select("WHERE station = $1::bytea AND epoch = $2::int8 AND seq = $3::int8 AND holds_place"),
          [.utf8(station), .int(place.epoch), .int(place.seq)]))
    }
    return byPlace[key].flatMap(\.self).flatMap { held[$0]?.entry }
  }

  func firstIndex(ofEvent id: EventID) throws -> Int64? {
    if let known = byEvent[id] { return known }
    let rows = try connection.rows(
      "SELECT min(\"index\") FROM log WHERE event_id = $1::bytea", [.bytes(id.column)])
    let index = try rows.first?.optionalInt(0)
    byEvent[id] = .some(index)
    return index
  }

  func insert(
    _ entry: CheckedEntry, at index: Int64, from station: String, received moment: Instant, holdsPlace: Bool
  ) throws {
    let event = entry.content.event
    if let event, try firstIndex(ofEvent: event.eventID) == nil { byEvent[event.eventID] = .some(index) }
    hold(
      Held(
        entry: LogEntry(
          index: index, receivedAt: moment, station: station, place: entry.content.header?.place, hash: entry.hash,
          bytes: entry.bytes, status: .quarantined, reason: nil),
        holdsPlace: holdsPlace, eventID: event?.eventID, asset: event?.asset))
    appended.append(index)
  }

  func mark(_ index: Int64, _ status: LogEntry.Status, _ reason: AdmissionReason?) throws {
    try change(index) { held in
      held.entry.status = status
      held.entry.reason = reason
    }
  }

  func station(ofEvent id: EventID) throws -> String? { try firstEntry(ofEvent: id)?.entry.station }

  func standpoint(of event: CustodyEvent) throws -> Standpoint? {
    try firstEntry(ofEvent: event.eventID).flatMap { LogEntry.standpoint($0.entry.status, code: $0.entry.reason?.code) }
  }

  func set(_ standpoint: Standpoint, of event: CustodyEvent) throws {
    guard let index = try firstEntry(ofEvent: event.eventID)?.entry.index else { return }
    try change(index) { held in
      held.entry.status = LogEntry.Status(standpoint)
      held.entry.reason = nil
      if let code = standpoint.code, let sentence = standpoint.sentence {
        held.entry.reason = AdmissionReason(code, sentence)
      }
    }
  }

  private func firstEntry(ofEvent id: EventID) throws -> Held? {
    guard let index = try firstIndex(ofEvent: id) else { return nil }
    if held[index] == nil { try learn(connection.rows(Self.select("WHERE log.\"index\" = $1::int8"), [.int(index)])) }
    return held[index]
  }

  func canonical(of id: AssetID) throws -> AssetID? {
    if let known = aliases[id] { return known }
    let rows = try connection.rows("SELECT canonical FROM alias WHERE id = $1::bytea", [.bytes(id.column)])
    let canonical = try rows.first.map { try AssetID(column: try $0.bytes(0)) }
    aliases[id] = .some(canonical)
    return canonical
  }

  func hasEvents(about id: AssetID, besides event: EventID) throws -> Bool {
    if byAsset[id]?.contains(where: { held[$0]?.eventID != event }) == true { return true }
    if historyKnown.contains(id), !withHistory.contains(id) { return false }
    return try events(about: id).contains { $0.eventID != event }
  }

  func assets(withSerial serial: String) throws -> [AssetID] {
    if bySerial[serial] == nil {
      bySerial[serial] = try connection.rows(
        """
        SELECT asset FROM identifier
        WHERE substring(value FROM 1 FOR \(SearchKey.indexed)) = substring($1::bytea FROM 1 FOR \(SearchKey.indexed))
          AND value = $1::bytea AND kind = 'serial'
        """, [.bytes(SearchKey.bytes(serial))]
      ).map { try AssetID(column: try $0.bytes(0)) }
    }
    let mark = BoundIdentifier(.serial, serial)
    var found = Set(try (bySerial[serial] ?? []).filter { try asset($0)?.identifiers.contains(mark) == true })
    for id in stored.keys where assets[id].flatMap(\.self)?.identifiers.contains(mark) == true { found.insert(id) }
    return Array(found)
  }

  func asset(_ id: AssetID) throws -> Asset? {
    if let known = assets[id] { return known }
    try learnAssets(connection.rows(Self.selectAsset, [.bytesArray([id.column])]), asked: [id])
    return assets[id].flatMap(\.self)
  }

  func events(about asset: AssetID) throws -> [CustodyEvent] {
    if eventsKnown.insert(asset).inserted {
      try learn(connection.rows(Self.select("WHERE asset = $1::bytea"), [.bytes(asset.column)]))
    }
    return try (byAsset[asset] ?? []).compactMap { held[$0] }.filter { row in
      switch row.entry.status {
      case .applied, .contested: true
      case .quarantined: row.entry.reason.map { Standpoint(code: $0.code) != nil } ?? true
      case .stated, .unsupported: false
      }
    }.map { try Self.event($0.entry) }
  }

  func project(_ after: Asset?, of id: AssetID, replacing before: Asset?) throws {
    if stored[id] == nil { stored[id] = .some(before) }
    assets[id] = .some(after)
  }

  func keepAside(_ entry: CheckedEntry, from station: String, reason: AdmissionReason, at moment: Instant) throws {
    let key = RejectedKey(station: station, hash: entry.hash)
    if rejected[key] != nil {
      rejected[key]?.times += 1
      rejected[key]?.moment = moment
      return
    }
    let id = rejectedKnown[key] ?? nextRejected
    if rejectedKnown[key] == nil { nextRejected += 1 }
    rejected[key] = Rejected(entry: entry, station: station, reason: reason, moment: moment, times: 1, id: id)
  }

  func lastEntry(of station: String) throws -> LogEntry? {
    try learn(
      connection.rows(
        Self.select("WHERE station = $1::bytea AND holds_place ORDER BY epoch DESC, seq DESC LIMIT 1"),
        [.utf8(station)]))
    return held.values.filter { $0.holdsPlace && $0.entry.station == station }.map(\.entry).max {
      guard let left = $0.place, let right = $1.place else { return $0.place == nil }
      return (left.epoch, left.seq) < (right.epoch, right.seq)
    }
  }

  // MARK: Memory

  func entryInMemory(at index: Int64) -> LogEntry? { held[index]?.entry }

  /// Entries of the log that are known here, in its order.
  var entriesInMemory: [LogEntry] { held.keys.sorted().compactMap { held[$0]?.entry } }

  /// Those that hold a place of a station's chain beyond another, in order of their places.
  func entriesInMemory(of station: String, after place: ChainPlace, limit: Int) -> [LogEntry] {
    let found = held.values.filter { $0.holdsPlace && $0.entry.station == station }.map(\.entry).filter {
      $0.place.map { place < $0 } ?? false
    }
    return Array(found.sorted { ($0.place ?? place) < ($1.place ?? place) }.prefix(limit))
  }

  /// Takes rows of ``select(_:)`` in. What this transaction has changed stays as it is.
  func learn(_ rows: PostgresRows) throws {
    for row in try rows.map(Self.held) where held[row.entry.index] == nil { hold(row) }
  }

  /// Takes over which of the assets asked for there are.
  func learnAssets(_ rows: PostgresRows, asked: some Sequence<AssetID>) throws {
    for id in asked where assets[id] == nil { assets[id] = .some(nil) }
    for row in 0..<rows.count {
      let id = try AssetID(column: try rows[row].bytes(0))
      if stored[id] == nil { assets[id] = .some(try Asset(document: try rows[row].bytes(1))) }
    }
  }

  /// Says that what is not among the rows learnt is not there.
  func know(
    hashes: some Sequence<EntryHash>, places: some Sequence<StationPlace>
  ) {
    for hash in hashes where byHash[hash] == nil { byHash[hash] = .some(nil) }
    for place in places where byPlace[place] == nil { byPlace[place] = .some(nil) }
  }

  /// Says which of the assets asked for the database has entries about, and which of them are aliases.
  func know(history assets: some Sequence<AssetID>, of known: some Sequence<AssetID>) {
    historyKnown.formUnion(assets)
    withHistory.formUnion(known)
  }

  func know(alias id: AssetID, of canonical: AssetID?) { if aliases[id] == nil { aliases[id] = .some(canonical) } }

  /// What this transaction says of an alias.
  func remember(alias id: AssetID, of canonical: AssetID?) { aliases[id] = .some(canonical) }

  func know(serial: String, of assets: [AssetID]) { if bySerial[serial] == nil { bySerial[serial] = assets } }

  func know(event id: EventID, first index: Int64?) { byEvent[id] = .some(index) }

  func know(rejected key: RejectedKey, id: Int64) { rejectedKnown[key] = id }

  private func hold(_ row: Held) {
    let index = row.entry.index
    held[index] = row
    byHash[row.entry.hash] = .some(index)
    if row.holdsPlace, let place = row.entry.place {
      byPlace[StationPlace(station: row.entry.station, place: place)] = .some(index)
    }
    if let asset = row.asset { byAsset[asset, default: []].append(index) }
  }

  private func change(_ index: Int64, _ body: (inout Held) -> Void) throws {
    guard var row = held[index] else {
      throw CentralFault.damaged(reason: "log entry \(index) was to be marked, but was never read")
    }
    body(&row)
    held[index] = row
    if index < size { changed.insert(index) }
  }

  // MARK: What is to be written

  /// Whether anything was decided that is not in the database yet.
  var isUnchanged: Bool { appended.isEmpty && changed.isEmpty && stored.isEmpty && rejected.isEmpty }

  var newEntries: [Held] { appended.compactMap { held[$0] } }

  var changedEntries: [Held] { changed.sorted().compactMap { held[$0] } }

  /// Assets as the database has them, and as they are now.
  var changedAssets: [(id: AssetID, before: Asset?, after: Asset?)] {
    stored.map { ($0.key, $0.value, assets[$0.key].flatMap(\.self)) }
  }

  var newRejected: [Rejected] { rejected.values.sorted { $0.id < $1.id } }

  // MARK: SQL

  /// Entries of the log as ``held(_:)`` reads them; `rest` follows the table's name.
  static func select(_ rest: String) -> String {
    "SELECT \(LogEntry.columns()), log.holds_place, log.event_id, log.asset FROM log \(rest)"
  }

  static let selectAsset = "SELECT id, doc FROM asset WHERE id = ANY($1::bytea[])"

  static func held(_ row: PostgresRows.Row) throws -> Held {
    Held(
      entry: try LogEntry(row), holdsPlace: try row.bool(10),
      eventID: try row.optionalBytes(11).map(EventID.init(column:)),
      asset: try row.optionalBytes(12).map(AssetID.init(column:)))
  }

  static func event(_ entry: LogEntry) throws -> CustodyEvent {
    guard let event = entry.content.event else {
      throw CentralFault.damaged(reason: "log entry \(entry.index) is in the projection, but cannot be read")
    }
    return event
  }
}
