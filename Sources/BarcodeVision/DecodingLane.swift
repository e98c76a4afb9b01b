import Dispatch
import Synchronization

/// Threads for work that blocks, so that Swift's own few threads never do.
///
/// At most `width` pieces of work run at a time; the others wait in order of arrival.
final class DecodingLane: Sendable {
  private let width: Int
  private let queue = DispatchQueue(label: "custody.decoding", attributes: .concurrent)
  private let state = Mutex(State())

  private struct State {
    var running = 0
    // A list with a moving head: taking from the front of an array would move all the rest.
    var waiting: [@Sendable () -> Void] = []
    var head = 0

    mutating func next() -> (@Sendable () -> Void)? {
      guard head < waiting.count else {
        waiting.removeAll()
        head = 0
        return nil
      }
      defer { head += 1 }
      if head > 64, head * 2 > waiting.count {
        waiting.removeFirst(head)
        head = 0
      }
      return waiting[head]
    }
  }

  /// A lane for `width` pieces of work at a time, at least one.
  init(width: Int) { self.width = max(1, width) }

  /// Runs the work on one of the lane's threads and waits for it without blocking this one.
  func run<Answer: Sendable>(_ work: @escaping @Sendable () -> Answer) async -> Answer {
    await withCheckedContinuation { continuation in
      submit { continuation.resume(returning: work()) }
    }
  }

  /// Runs the work on one of the lane's threads; it has to tell its own result.
  func submit(_ work: @escaping @Sendable () -> Void) {
    let startsNow = state.withLock { state in
      if state.running < width {
        state.running += 1
        return true
      }
      state.waiting.append(work)
      return false
    }
    if startsNow { start(work) }
  }

  private func start(_ work: @escaping @Sendable () -> Void) {
    queue.async { [self] in
      work()
      let next = state.withLock { state in
        let next = state.next()
        if next == nil { state.running -= 1 }
        return next
      }
      if let next { start(next) }
    }
  }
}
