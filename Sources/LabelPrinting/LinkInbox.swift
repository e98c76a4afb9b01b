import Synchronization

/// Bytes that a printer has sent and nobody has taken yet. For one taker at a time.
final class LinkInbox: Sendable {
  /// What a taker finds.
  enum Found: Hashable, Sendable {
    case bytes([UInt8])
    /// Nothing, and the taker waits no longer.
    case nothing
    case ended(LinkFault)
  }

  private struct State {
    var bytes: [UInt8] = []
    var end: LinkFault?
    var waiter: CheckedContinuation<Void, Never>?

    mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
      defer { waiter = nil }
      return waiter
    }
  }

  /// A printer says little; what it says beyond this is dropped.
  private static let mostBytes = 65_536

  private let state = Mutex(State())

  func append(_ bytes: some Sequence<UInt8>) {
    state.withLock { state in
      state.bytes += bytes
      if state.bytes.count > Self.mostBytes { state.bytes.removeFirst(state.bytes.count - Self.mostBytes) }
      return state.takeWaiter()
    }?.resume()
  }

  /// Nothing more comes.
  func end(_ fault: LinkFault) {
    state.withLock { state in
      if state.end == nil { state.end = fault }
      return state.takeWaiter()
    }?.resume()
  }

  /// Why the connection has ended; nil while it has not.
  var fault: LinkFault? { state.withLock(\.end) }

  /// What has come, or comes within the time.
  func take(within patience: Duration, clock: any Clock<Duration>) async -> Found {
    if let found = now() { return found }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.arrival() }
      group.addTask {
        do { try await clock.sleep(for: patience) } catch {
          // The other was first, or whoever asked is cancelled.
        }
      }
      await group.next()
      group.cancelAll()
    }
    return now() ?? .nothing
  }

  private func now() -> Found? {
    state.withLock { state in
      if !state.bytes.isEmpty {
        defer { state.bytes = [] }
        return .bytes(state.bytes)
      }
      return state.end.map(Found.ended)
    }
  }

  /// Waits until something has come, the connection has ended, or the task is cancelled.
  private func arrival() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isThere = state.withLock { state in
          guard state.bytes.isEmpty, state.end == nil, !Task.isCancelled else { return true }
          state.waiter = continuation
          return false
        }
        if isThere { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.takeWaiter() }?.resume()
    }
  }
}
