import CentralStore
import Synchronization

/// So many connections for reading, and for the rare small writes. Callers wait in order for a free one; a caller too many
/// is told so.
final class ConnectionPool: Sendable {
  /// So many callers wait at most.
  private static let longestQueue = 512

  private struct State {
    var free: [ConnectionLane]
    var waiting: [(id: UInt64, continuation: CheckedContinuation<ConnectionLane, any Error>)] = []
    var lastID: UInt64 = 0
    var isClosed = false
  }

  private let lanes: [ConnectionLane]
  private let state: Mutex<State>

  init(_ address: PostgresAddress, size: Int) throws(CentralFault) {
    var lanes: [ConnectionLane] = []
    for number in 0..<size { lanes.append(try ConnectionLane(address, label: "reader-\(number)")) }
    self.lanes = lanes
    state = Mutex(State(free: lanes))
  }

  /// Carries out `body` on a free connection; see ``ConnectionLane/run(_:)``.
  func run<Value: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> Value) async throws -> Value {
    let lane = try await acquire()
    do {
      let value = try await lane.run(body)
      release(lane)
      return value
    } catch {
      release(lane)
      // Whoever asked has gone: nothing is broken.
      try Task.checkCancellation()
      throw error
    }
  }

  /// Refuses what comes later, waits for what is under way, and lets go of the connections.
  func close() async {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.continuation.resume(throwing: CentralFault.closed) }
    for lane in lanes { await lane.close() }
  }

  private func acquire() async throws -> ConnectionLane {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let answer = state.withLock { state -> Result<ConnectionLane, any Error>? in
          if state.isClosed { return .failure(CentralFault.closed) }
          if Task.isCancelled { return .failure(CancellationError()) }
          if let lane = state.free.popLast() { return .success(lane) }
          guard state.waiting.count < Self.longestQueue else {
            return .failure(CentralFault.unavailable(reason: "too many requests wait for the database"))
          }
          state.waiting.append((id, continuation))
          return nil
        }
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
      }
      waiter?.resume(throwing: CancellationError())
    }
  }

  private func release(_ lane: ConnectionLane) {
    let next = state.withLock { state in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation as CheckedContinuation? }
      state.free.append(lane)
      return nil
    }
    next?.resume(returning: lane)
  }
}
