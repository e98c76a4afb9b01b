import Synchronization

/// Wakes one waiter. A signal that nobody waits for is remembered; several are one.
final class Wake: Sendable {
  private enum State {
    case idle
    case signalled
    case waiting(CheckedContinuation<Void, Never>)
  }

  private let state = Mutex(State.idle)

  /// Wakes who waits, or who waits next.
  func signal() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if case .waiting(let waiter) = state {
        state = .idle
        return waiter
      }
      state = .signalled
      return nil
    }
    waiter?.resume()
  }

  /// Returns at the next signal, at once when there was one already, or when the task is cancelled.
  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let resumeNow = state.withLock { state -> Bool in
          if case .signalled = state {
            state = .idle
            return true
          }
          if Task.isCancelled { return true }
          state = .waiting(continuation)
          return false
        }
        if resumeNow { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
        guard case .waiting(let waiter) = state else { return nil }
        state = .idle
        return waiter
      }
      waiter?.resume()
    }
  }
}
