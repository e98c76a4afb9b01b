import Synchronization

/// Wakes those who wait for the log to grow.
final class LogSignal: Sendable {
  private struct State {
    var head: Int64
    var nextWaiter: UInt64 = 0
    var waiters: [UInt64: (index: Int64, continuation: CheckedContinuation<Void, Never>)] = [:]
  }

  private let state: Mutex<State>

  /// A log whose newest entry has this index.
  init(head: Int64) { state = Mutex(State(head: head, waiters: [:])) }

  /// Says that the log's newest entry has this index, once it is durable.
  func advance(to head: Int64) {
    let woken = state.withLock { state in
      state.head = max(state.head, head)
      let woken = state.waiters.filter { $0.value.index < state.head }
      for id in woken.keys { state.waiters[id] = nil }
      return woken.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Gives back once the log has an entry after `index`, the time is over, or the task is cancelled.
  func wait(past index: Int64, atMost duration: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait(past: index) }
      group.addTask {
        // Ends early only when it is cancelled, which is what it then shall do.
        try? await Task.sleep(for: duration)
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func wait(past index: Int64) async {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.head > index || Task.isCancelled { return true }
          state.waiters[id] = (index, continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume()
    }
  }
}
