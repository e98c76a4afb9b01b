import CLibPQ
import CentralStore
import Glibc

extension PostgresConnection {
  /// How long a connection may take to come about.
  private static let connecting = Duration.seconds(5)

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

  private static func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) throws -> Value
  ) rethrows -> Value {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return try body(copies.map { UnsafePointer($0) } + [nil])
  }
}
