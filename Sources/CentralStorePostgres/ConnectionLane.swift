import CentralStore
import Dispatch
import Synchronization

/// One connection and the thread that waits for it, so that no wait blocks a thread of Swift's tasks. Connects when there
/// is something to do, and anew after the connection was lost.
final class ConnectionLane: @unchecked Sendable {
  // Sendable: `connection` is touched on `queue` alone; all else is constant, or locks itself.
  private let address: PostgresAddress
  private let queue: DispatchQueue
  private let interruption: Interruption
  /// Counts calls, so that one that is given up never interrupts the one behind it.
  private let current = Mutex<(call: UInt64, isUnderWay: Bool)>((0, false))
  private var connection: PostgresConnection?

  init(_ address: PostgresAddress, label: String) throws(CentralFault) {
    self.address = address
    queue = DispatchQueue(label: "custody.central.\(label)", qos: .userInitiated)
    interruption = try Interruption()
  }

  /// Carries out `body` on the lane's thread and gives its value back. A task that is cancelled gives the call up, and
  /// with it the connection.
  ///
  /// `body` runs a second time, on a new connection, where an older one turns out to be gone: it must be harmless to do
  /// twice.
  func run<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
    let call = Mutex<(number: UInt64?, isGivenUp: Bool)>((nil, false))
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        queue.async { [self] in
          let isGivenUp = call.withLock { call in
            if !call.isGivenUp { call.number = begin() }
            return call.isGivenUp
          }
          if isGivenUp { return continuation.resume(throwing: PostgresFault.interrupted) }
          let result = Result { try perform(body) }
          end()
          continuation.resume(with: result)
        }
      }
    } onCancel: {
      let number = call.withLock { call in
        call.isGivenUp = true
        return call.number
      }
      if let number { interrupt(number) }
    }
  }

  /// Has `body` carried out on the lane's thread, where it may call ``perform(_:)``.
  func enqueue(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

  /// Carries out `body` at once; on the lane's thread only.
  func perform<Value>(_ body: (PostgresConnection) throws -> Value) throws -> Value {
    dispatchPrecondition(condition: .onQueue(queue))
    if let connection {
      do {
        return try attempt(body, on: connection)
      } catch let fault as PostgresFault where fault.isLoss {
        // It was lost at some time since it was used last: the server may well be there again.
      }
    }
    let new = try PostgresConnection.open(address, interruption: interruption)
    connection = new
    return try attempt(body, on: new)
  }

  /// Lets go of the connection, once what is under way has ended.
  func close() async {
    await withCheckedContinuation { continuation in
      queue.async { [self] in
        connection = nil
        continuation.resume()
      }
    }
  }

  private func attempt<Value>(
    _ body: (PostgresConnection) throws -> Value, on connection: PostgresConnection
  ) throws -> Value {
    do {
      let value = try body(connection)
      guard connection.isIdle else { throw CentralFault.readFailed(reason: "a transaction was left open") }
      return value
    } catch {
      // What failed within a transaction is undone before the next call; or the server does it when the connection goes.
      if let fault = error as? PostgresFault, fault.endsConnection {
        self.connection = nil
      } else if !connection.isIdle {
        do { try connection.run("ROLLBACK") } catch { self.connection = nil }
      }
      throw error
    }
  }

  private func begin() -> UInt64 {
    current.withLock { current in
      interruption.clear()
      current = (current.call + 1, true)
      return current.call
    }
  }

  private func end() { current.withLock { $0.isUnderWay = false } }

  private func interrupt(_ call: UInt64) {
    current.withLock { current in
      if current.isUnderWay, current.call == call { interruption.raise() }
    }
  }
}

extension PostgresFault {
  /// Whether the connection went, for whatever reason but ours.
  fileprivate var isLoss: Bool {
    switch self {
    case .lost: true
    case .refused: endsConnection
    case .timedOut, .interrupted: false
    }
  }
}
