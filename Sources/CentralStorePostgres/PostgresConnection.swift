import CLibPQ
import CentralStore
import Glibc

/// A connection to a PostgreSQL server, through libpq in its non-blocking mode: every wait is in poll(2), ends by a
/// deadline, and can be interrupted. Calls block their thread; one thread at a time may use it.
///
/// After a ``PostgresFault`` whose `endsConnection` is true it is of no more use. Statements are prepared at their first
/// use, and parameters and results are binary.
final class PostgresConnection {
  /// How long the server may take for one call; its own limits are shorter, so that it says why.
  private static let answering = Duration.seconds(40)

  let pq: custody_pq
  let handle: UnsafeMutableRawPointer
  let interruption: Interruption
  var deadline = ContinuousClock.now
  private var prepared: [String: String] = [:]

  init(_ pq: custody_pq, _ handle: UnsafeMutableRawPointer, _ interruption: Interruption) {
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
}
