import CentralStore
import Custody
import CustodyLedger
import Glibc
import SyncProtocol
import TamperEvidence

/// The centre's store in a PostgreSQL database, which several central processes may share: any of them takes pushes and
/// answers, and one at a time gives places in the log. Every value that a writing call gives back is on the server's disk.
///
/// When the server goes away, calls throw ``CentralFault/unavailable(reason:)``; nothing of what they wrote is half there,
/// and the next call after its return connects anew.
public final class PostgresCentralStore: CentralStore {
  /// So many reads at a time.
  private static let readers = 4

  /// Where it is.
  public let address: PostgresAddress
  public let author: LogAuthor
  private let sequencer: Sequencer
  private let readers: ConnectionPool
  private let listener: HeadListener

  /// Opens the store in a database, making its tables when they are not there.
  ///
  /// `author` gives the centre's key, the same for all processes; it is told whether there is a log that was signed
  /// already, whose key must not be made anew. Throws ``CentralFault`` when the server does not let it in or would
  /// acknowledge what is not on disk, when the tables are of a newer program, when the newest entry does not have its
  /// hash, or when tree, tree head and key do not go together.
  public init(_ address: PostgresAddress, author: @escaping @Sendable (_ isNeeded: Bool) throws -> LogAuthor)
    async throws
  {
    self.address = address
    let lane = try ConnectionLane(address, label: "sequencer")
    readers = try ConnectionPool(address, size: Self.readers)
    listener = try HeadListener(address)
    do {
      let author = try await lane.run { connection in
        try Schema.migrate(connection)
        try Self.checkHead(connection)
        let author = try Self.prepareLog(connection, author)
        // What other rules had made is made anew, at once and not when something happens to an asset.
        try PostgresAdmission.rebuildProjection(connection, author: author, recordingAt: Self.now)
        return author
      }
      self.author = author
      sequencer = Sequencer(lane, author: author)
    } catch PostgresFault.lost(let reason), PostgresFault.refused(_, let reason) {
      throw CentralFault.databaseRefused(database: address.description, reason: reason)
    } catch {
      throw CentralFault(reading: error)
    }
  }

  /// Takes the centre's key while nobody else can begin the log, and begins it if it is new.
  private static func prepareLog(
    _ connection: PostgresConnection, _ author: (_ isNeeded: Bool) throws -> LogAuthor
  ) throws -> LogAuthor {
    let head = try HeadRow(try connection.pipeline([.init("BEGIN"), HeadRow.take])[1])
    let author = try author(head.note != nil)
    let tree = PostgresTree(connection, head)
    // Every log here has had its tree from the first entry on: one portion is all of it.
    _ = try LogSequencer(tree, author: author).catchUp()
    _ = try connection.pipeline(tree.steps())
    let adopted = try connection.rows("SELECT EXISTS(SELECT 1 FROM key_statement)").first?.bool(0) ?? true
    let ledger = PostgresAdmission(connection, head, author: author)
    if !adopted { try ledger.adoptKeyStatements(at: Instant(milliseconds: 0)) }
    _ = try connection.pipeline(try ledger.entrySteps() + ledger.assetSteps() + [.init("COMMIT")])
    return author
  }

  public func admit(
    _ entries: [UnverifiedEntry], from station: EnrolledStation, at moment: Instant
  ) async throws -> [PushResult] {
    // Signatures cost more than all the rest and need no database: they are checked before the sequencer is taken.
    let keys = try await keys(of: station)
    let checked = CheckedEntry.check(entries, from: station, by: keys)
    return try await sequencer.submit(checked, from: station.name) { ledger in
      try ledger.admit(checked, from: station, by: keys, at: moment)
    }
  }

  public func push(
    _ push: StationPush, from station: EnrolledStation, at moment: Instant
  ) async throws -> PushOutcome {
    let keys = try await keys(of: station)
    let checked = CheckedEntry.check(push.entries, from: station, by: keys)
    return try await sequencer.submit(checked, from: station.name) { ledger in
      try ledger.push(checked, ratchet: push.ratchet, from: station, by: keys, at: moment)
    }
  }

  public func replay(_ entries: [UnverifiedEntry], from index: Int64) async throws {
    try await sequencer.submit { ledger in
      for (offset, entry) in entries.enumerated() { try ledger.replay(entry, at: index + Int64(offset)) }
    }
  }

  public func issue(_ code: TokenDigest, forStation name: String, until: Instant) async throws -> Refusal? {
    try await sequencer.submit { try $0.issue(code, forStation: name, until: until) }
  }

  public func enrol(
    _ key: VerifierKey, requestKey: VerifierKey, code: TokenDigest, at moment: Instant
  ) async throws -> CodeEnrolment {
    try await sequencer.submit { try $0.enrol(key, requestKey: requestKey, code: code, at: moment) }
  }

  public func revoke(
    _ station: String, after lastGood: ChainPlace?, reason: String, at moment: Instant
  ) async throws -> Refusal? {
    try await sequencer.submit { try $0.revoke(station, after: lastGood, reason: reason, at: moment) }
  }

  public func remember(request id: String, until: Instant, at moment: Instant) async throws -> Bool {
    // Told apart by its attempt: a try on a new connection, after the first one went, must not take itself for another.
    var random = SystemRandomNumberGenerator()
    let attempt = Int64(bitPattern: random.next())
    return try await write { connection in
      let rows = try connection.pipeline([
        .init("BEGIN"),
        .init(
          """
          DELETE FROM request_token WHERE id IN (
            SELECT id FROM request_token WHERE until < $1::int8 ORDER BY until LIMIT 1000 FOR UPDATE SKIP LOCKED)
          """, [.int(moment.milliseconds)]),
        .init(
          """
          INSERT INTO request_token(id, until, attempt) VALUES ($1::bytea, $2::int8, $3::int8)
          ON CONFLICT (id) DO UPDATE SET attempt = request_token.attempt RETURNING attempt
          """, [.utf8(id), .int(until.milliseconds), .int(attempt)]),
        .init("COMMIT"),
      ])
      return try rows[2].first?.int(0) == attempt
    }
  }

  public func enrol(_ key: VerifierKey, token: TokenDigest, at moment: Instant) async throws -> Refusal? {
    try await sequencer.submit { try $0.enrol(key, token: token, at: moment) }
  }

  public func tagNumbers(
    _ request: TagNumberRequest, for station: EnrolledStation, at moment: Instant
  ) async throws -> TagNumbers {
    try await write { connection in
      let begun = try connection.pipeline([
        .init("BEGIN"), HeadRow.take,
        .init(
          "SELECT letters, first, last FROM tag_numbers WHERE station = $1::bytea AND request = $2::bytea",
          [.utf8(station.name), .utf8(request.request)]),
        .init("SELECT max(last) FROM tag_numbers WHERE letters = $1::bytea", [.utf8(request.letters)]),
      ])
      let numbers: TagNumbers
      var steps: [PostgresConnection.Step] = []
      if let row = begun[2].first {
        numbers = TagNumbers(letters: try row.text(0), first: Int(try row.int(1)), last: Int(try row.int(2)))
      } else {
        let given = try begun[3].first?.optionalInt(0) ?? 0
        let first = max(Int(given), request.inUse) + 1
        numbers = TagNumbers(letters: request.letters, first: first, last: first + request.count - 1)
        steps.append(
          .init(
            """
            INSERT INTO tag_numbers(station, request, letters, first, last, at)
            VALUES ($1::bytea, $2::bytea, $3::bytea, $4::int8, $5::int8, $6::int8)
            """,
            [
              .utf8(station.name), .utf8(request.request), .utf8(numbers.letters), .int(numbers.first),
              .int(numbers.last), .int(moment.milliseconds),
            ]))
      }
      _ = try connection.pipeline(steps + [.init("COMMIT")])
      return numbers
    }
  }

  public func rebuildProjection() async throws {
    do {
      let author = sequencer.author
      try await sequencer.run { try PostgresAdmission.rebuildProjection($0, author: author) }
    } catch {
      throw CentralFault(writing: error)
    }
  }

  public func subject(ofEntryAt index: Int64) async throws -> (asset: AssetID?, event: EventID?) {
    try await read { connection in
      let row = try connection.rows(
        "SELECT asset, event_id FROM log WHERE \"index\" = $1::int8", [.int(index)]
      ).first
      return (
        try row?.optionalBytes(0).map { try AssetID(column: $0) },
        try row?.optionalBytes(1).map { try EventID(column: $0) }
      )
    }
  }

  public func foldedOtherwise(after id: AssetID?, limit: Int) async throws -> FoldedPortion {
    do {
      let author = sequencer.author
      return try await sequencer.run {
        try PostgresAdmission.foldedOtherwise($0, author: author, after: id, limit: limit)
      }
    } catch {
      throw CentralFault(writing: error)
    }
  }

  public func heads() -> AsyncStream<Int64>? { listener.heads() }

  public func close() async throws {
    await sequencer.close()
    await readers.close()
    await listener.close()
  }

  /// Runs `body` on a connection for reading.
  func read<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
    do {
      return try await readers.run(body)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw CentralFault(reading: error)
    }
  }

  /// Runs a small write beside the sequencer, in one transaction that `body` makes; it must be harmless to do twice.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    do {
      return try await readers.run(body)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw CentralFault(writing: error)
    }
  }

  private static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  private static func checkHead(_ connection: PostgresConnection) throws {
    let rows = try connection.rows("SELECT \(LogEntry.columns()) FROM log ORDER BY \"index\" DESC LIMIT 1")
    guard let head = try rows.first.map(LogEntry.init) else { return }
    guard EntryHash(of: head.bytes) == head.hash else {
      throw CentralFault.damaged(reason: "log entry \(head.index) does not have the hash that was stored with it")
    }
  }
}
