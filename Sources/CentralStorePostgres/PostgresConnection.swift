import CLibPQ
import CentralStore
import Glibc

/// A connection to a PostgreSQL server, through libpq in its non-blocking mode: every wait is in poll(2), ends by a
/// deadline, and can be interrupted. Calls block their thread; one thread at a time may use it.
///
/// After a ``PostgresFault`` whose `endsConnection` is true it is of no more use. Statements are prepared at their first
/// use, and parameters and results are binary.
final class PostgresConnection {
  /// How long a connection may take to come about.
  private static let connecting = Duration.seconds(5)
  /// How long the server may take for one call; its own limits are shorter, so that it says why.
  private static let answering = Duration.seconds(40)

  private let pq: custody_pq
  private let handle: UnsafeMutableRawPointer
  private let interruption: Interruption
  private var deadline = ContinuousClock.now
  private var prepared: [String: String] = [:]

  /// Connects, and sets what durability and bounded waiting rest on. Throws ``CentralFault/settingRefused`` for a server
  /// that would acknowledge what is not on disk.
  static func open(_ address: PostgresAddress, interruption: Interruption) throws -> PostgresConnection {
    let pq = try LibPQ.shared().functions
    let options: [(String, String?)] = [
      ("dbname", address.uri), ("password", address.password), ("application_name", "custody-central"),
      ("client_encoding", "UTF8"),
    ]
    let given = options.filter { $0.1 != nil }
    let handle = withCStrings(given.map(\.0)) { keywords in
      withCStrings(given.compactMap(\.1)) { values in pq.PQconnectStartParams(keywords, values, 1) }
    }
    guard let handle else { throw PostgresFault.lost(reason: "no memory for a connection") }
    let connection = PostgresConnection(pq, handle, interruption)
    custody_pq_silence(pq, handle)
    try connection.connect()
    try connection.makeDurable()
    return connection
  }

  private init(_ pq: custody_pq, _ handle: UnsafeMutableRawPointer, _ interruption: Interruption) {
    self.pq = pq
    self.handle = handle
    self.interruption = interruption
  }

  deinit { pq.PQfinish(handle) }

  /// Whether it is outside of any transaction, as a call must leave it.
  var isIdle: Bool { pq.PQtransactionStatus(handle) == Int32(CUSTODY_PQ_TRANSACTION_IDLE) }

  // MARK: Statements

  /// One statement with its parameters.
  struct Step {
    let sql: String
    let parameters: [PostgresValue]

    init(_ sql: String, _ parameters: [PostgresValue] = []) {
      self.sql = sql
      self.parameters = parameters
    }
  }

  /// Carries out one statement.
  func rows(_ sql: String, _ parameters: [PostgresValue] = []) throws -> PostgresRows {
    guard let rows = try pipeline([Step(sql, parameters)]).first else {
      throw PostgresFault.lost(reason: "the server gave no result")
    }
    return rows
  }

  /// Sends statements all at once and gives their results back, one for each: they cost one round trip together. The
  /// first that fails is thrown; those behind it are not carried out. Without a BEGIN among them, they are one
  /// transaction.
  func pipeline(_ steps: [Step]) throws -> [PostgresRows] {
    deadline = .now + Self.answering
    guard pq.PQenterPipelineMode(handle) == 1 else { throw lost() }
    // What results will come, in their order: a new statement's name, or nil for an execution.
    var expected: [(sql: String, name: String)?] = []
    var named: [String: String] = [:]
    for step in steps {
      let name = prepared[step.sql] ?? named[step.sql] ?? "s\(prepared.count + named.count)"
      if prepared[step.sql] == nil, named[step.sql] == nil {
        named[step.sql] = name
        guard pq.PQsendPrepare(handle, name, step.sql, 0, nil) == 1 else { throw lost() }
        expected.append((step.sql, name))
      }
      try send(name, step.parameters)
      expected.append(nil)
    }
    guard pq.PQpipelineSync(handle) == 1 else { throw lost() }
    try flush()

    var results: [PostgresRows] = []
    var fault: PostgresFault?
    for preparation in expected {
      guard let result = try nextResult() else { throw lost() }
      switch pq.PQresultStatus(result) {
      case Int32(CUSTODY_PQ_COMMAND_OK), Int32(CUSTODY_PQ_TUPLES_OK):
        if let preparation {
          prepared[preparation.sql] = preparation.name
          pq.PQclear(result)
        } else {
          results.append(PostgresRows(pq, result))
        }
      case Int32(CUSTODY_PQ_PIPELINE_ABORTED): pq.PQclear(result)
      default: fault = fault ?? refusal(in: result)
      }
      if let fault, fault.endsConnection { throw fault }
      // Nil ends the results of one statement.
      while let further = try nextResult() { pq.PQclear(further) }
    }
    guard let sync = try nextResult() else { throw lost() }
    let isSync = pq.PQresultStatus(sync) == Int32(CUSTODY_PQ_PIPELINE_SYNC)
    pq.PQclear(sync)
    guard isSync, pq.PQexitPipelineMode(handle) == 1 else { throw lost() }
    if let fault { throw fault }
    return results
  }

  /// Carries out statements without parameters that stand in one text.
  func run(_ script: String) throws {
    deadline = .now + Self.answering
    guard pq.PQsendQuery(handle, script) == 1 else { throw lost() }
    try flush()
    try finish(until: nil)
  }

  /// Copies rows into a table: `COPY TABLE(COLUMNS) FROM STDIN (FORMAT binary)`.
  func copy(_ rows: CopyRows, by sql: String) throws {
    deadline = .now + Self.answering
    guard pq.PQsendQuery(handle, sql) == 1 else { throw lost() }
    try flush()
    try finish(until: Int32(CUSTODY_PQ_COPY_IN))
    try rows.finished().withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 16))
        switch pq.PQputCopyData(handle, piece.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(piece.count)) {
        case 1: rest = rest.dropFirst(piece.count)
        case 0: try drain()
        default: throw lost()
        }
      }
    }
    while true {
      let ended = pq.PQputCopyEnd(handle, nil)
      if ended == 1 { break }
      guard ended == 0 else { throw lost() }
      try drain()
    }
    try flush()
    try finish(until: nil)
  }

  // MARK: Notifications

  /// Waits for what was sent by NOTIFY and gives the payloads; empty when `limit` is over.
  func notifications(within limit: Duration) throws -> [String] {
    deadline = .now + limit
    while true {
      var payloads: [String] = []
      while let notification = pq.PQnotifies(handle) {
        payloads.append(String(cString: notification.pointee.extra))
        pq.PQfreemem(notification)
      }
      if !payloads.isEmpty { return payloads }
      do {
        _ = try wait(for: Int16(POLLIN))
      } catch PostgresFault.timedOut {
        return []
      }
      guard pq.PQconsumeInput(handle) == 1 else { throw lost() }
    }
  }

  // MARK: Connecting

  private func connect() throws {
    deadline = .now + Self.connecting
    guard pq.PQstatus(handle) != Int32(CUSTODY_PQ_CONNECTION_BAD) else { throw lost() }
    var wanted = Int16(POLLOUT)
    while true {
      _ = try wait(for: wanted)
      switch pq.PQconnectPoll(handle) {
      case Int32(CUSTODY_PQ_POLLING_OK):
        guard pq.PQsetnonblocking(handle, 1) == 0 else { throw lost() }
        return
      case Int32(CUSTODY_PQ_POLLING_READING): wanted = Int16(POLLIN)
      case Int32(CUSTODY_PQ_POLLING_WRITING): wanted = Int16(POLLOUT)
      default: throw lost()
      }
    }
  }

  private func makeDurable() throws {
    // A statement ends within 30 s and waits at most 10 s for a lock; a process that hangs within a transaction gives
    // the counter back after 15 s; a statement whose client has gone is ended within a second. Plans are kept, and one
    // that was made while a table was small must not read the whole of it when it has grown.
    try run(
      """
      SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '15s';
      SET client_min_messages = warning; SET jit = off; SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;
      """)
    let found = try rows(
      """
      SELECT set_config('synchronous_commit',
          CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'
            ELSE current_setting('synchronous_commit') END, false),
        current_setting('fsync'), current_setting('full_page_writes'),
        (SELECT count(set_config(name, '1s', false)) FROM pg_settings WHERE name = 'client_connection_check_interval')
      """)
    guard let row = found.first else { throw lost() }
    for (column, name) in [(1, "fsync"), (2, "full_page_writes")] {
      let value = try row.text(column)
      guard value == "on" else { throw CentralFault.settingRefused(name: name, wanted: "on", found: value) }
    }
  }

  // MARK: Waiting

  private func send(_ name: String, _ parameters: [PostgresValue]) throws {
    // One buffer for all, then pointers into it; a byte before the first, so that an empty value has an address too.
    var bytes: [UInt8] = [0]
    var places: [Range<Int>?] = []
    for parameter in parameters {
      let start = bytes.count
      places.append(parameter.append(to: &bytes) ? start..<bytes.count : nil)
    }
    let sent = bytes.withUnsafeBytes { buffer in
      let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      let values = places.map { place in place.flatMap { base?.advanced(by: $0.lowerBound) } }
      let lengths = places.map { Int32($0?.count ?? 0) }
      let formats = [Int32](repeating: 1, count: places.count)
      return pq.PQsendQueryPrepared(handle, name, Int32(places.count), values, lengths, formats, 1)
    }
    guard sent == 1 else { throw lost() }
    // What does not fit the socket's buffer goes out in time with what the server answers, or both would wait for ever.
    if bytes.count > 1 << 15 { try flush() }
  }

  /// Reads results to their end, or to one of a status that is waited for.
  private func finish(until status: Int32?) throws {
    var fault: PostgresFault?
    while let result = try nextResult() {
      switch pq.PQresultStatus(result) {
      case status:
        pq.PQclear(result)
        return
      case Int32(CUSTODY_PQ_COMMAND_OK), Int32(CUSTODY_PQ_TUPLES_OK): pq.PQclear(result)
      default: fault = fault ?? refusal(in: result)
      }
      if let fault, fault.endsConnection { throw fault }
    }
    if let fault { throw fault }
    if status != nil { throw lost() }
  }

  private func nextResult() throws -> UnsafeMutableRawPointer? {
    while pq.PQisBusy(handle) == 1 {
      _ = try wait(for: Int16(POLLIN))
      guard pq.PQconsumeInput(handle) == 1 else { throw lost() }
    }
    return pq.PQgetResult(handle)
  }

  private func flush() throws {
    while true {
      switch pq.PQflush(handle) {
      case 0: return
      case 1: try drain()
      default: throw lost()
      }
    }
  }

  /// Waits until more can be written, and takes meanwhile what comes.
  private func drain() throws {
    if try wait(for: Int16(POLLIN | POLLOUT)) & Int16(POLLIN) != 0 {
      guard pq.PQconsumeInput(handle) == 1 else { throw lost() }
    }
    guard pq.PQflush(handle) >= 0 else { throw lost() }
  }

  private func wait(for events: Int16) throws -> Int16 {
    while true {
      var polled = [
        pollfd(fd: pq.PQsocket(handle), events: events, revents: 0),
        pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let rest = ContinuousClock.now.duration(to: deadline)
      guard rest > .zero else { throw PostgresFault.timedOut }
      let milliseconds = Int64((rest / .milliseconds(1)).rounded(.up))
      let ready = poll(&polled, 2, Int32(clamping: milliseconds))
      if ready < 0, errno != EINTR {
        throw PostgresFault.lost(reason: "waiting failed: \(String(cString: strerror(errno)))")
      }
      if polled[1].revents != 0 { throw PostgresFault.interrupted }
      if ready > 0, polled[0].revents != 0 { return polled[0].revents }
    }
  }

  private func lost() -> PostgresFault {
    .lost(reason: Self.sentence(pq.PQerrorMessage(handle), otherwise: "the connection is gone"))
  }

  /// Takes an error apart, and frees it.
  private func refusal(in result: UnsafeMutableRawPointer) -> PostgresFault {
    defer { pq.PQclear(result) }
    guard let state = pq.PQresultErrorField(result, Int32(CUSTODY_PQ_SQLSTATE)) else { return lost() }
    // The primary message alone: the detail may repeat a row's values.
    return .refused(
      sqlState: String(cString: state),
      message: Self.sentence(
        pq.PQresultErrorField(result, Int32(CUSTODY_PQ_MESSAGE_PRIMARY)), otherwise: "the server refused"))
  }

  /// The first line of what libpq says.
  private static func sentence(_ text: UnsafeMutablePointer<CChar>?, otherwise: String) -> String {
    let lines = text.map { String(cString: $0).split(whereSeparator: \.isNewline) } ?? []
    return lines.first.map { String($0.prefix(300)) } ?? otherwise
  }

  private static func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) throws -> Value
  ) rethrows -> Value {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try body(copies.map { UnsafePointer($0) } + [nil])
  }
}
