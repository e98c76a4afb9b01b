import CentralStore
import Dispatch
import Synchronization

/// Hears of entries that any process appends to the log, by NOTIFY, on a connection of its own.
final class HeadListener: Sendable {
  /// How long until a lost connection is tried again.
  private static let pause = Duration.seconds(2)
  /// How long to wait for one notification, before asking whether the server is still there.
  private static let patience = Duration.seconds(30)

  private let address: PostgresAddress
  private let interruption: Interruption
  private let queue = DispatchQueue(label: "custody.central.listener")
  private let isClosed = Mutex(false)

  init(_ address: PostgresAddress) throws(CentralFault) {
    self.address = address
    interruption = try Interruption()
  }

  /// The log's heads as they grow, the newest only; ends when the listener is closed.
  func heads() -> AsyncStream<Int64> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      queue.async { [self] in
        while !isClosed.withLock({ $0 }) {
          do {
            try follow { continuation.yield($0) }
          } catch {
            // The server is gone, or the listener is closed. What was missed meanwhile is told at the next connection.
            interruption.wait(atMost: Self.pause)
          }
        }
        continuation.finish()
      }
    }
  }

  /// Ends the streams.
  func close() async {
    isClosed.withLock { $0 = true }
    interruption.raise()
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }

  private func follow(_ tell: (Int64) -> Void) throws {
    let connection = try PostgresConnection.open(address, interruption: interruption)
    guard let channel = try connection.rows("SELECT \(Self.channel)").first?.text(0) else { return }
    try connection.run("LISTEN \"\(channel)\"")
    while true {
      if let head = try connection.rows("SELECT size - 1 FROM head").first?.int(0) { tell(head) }
      while true {
        let payloads = try connection.notifications(within: Self.patience)
        if payloads.isEmpty { break }
        if let head = payloads.compactMap({ Int64($0) }).max() { tell(head) }
      }
    }
  }

  /// A channel of this log alone: channels are the database's, and it may hold the logs of several schemas.
  private static let channel = "'custody_log_' || 'head'::regclass::oid"

  /// The statement that tells everybody of a new head, at the commit.
  static func notification(head: Int64) -> PostgresConnection.Step {
    .init("SELECT pg_notify(\(channel), $1::int8::text)", [.int(head)])
  }
}
