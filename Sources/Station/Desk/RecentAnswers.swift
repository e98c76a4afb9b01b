import Synchronization

/// Idempotency keys of the desk's own page, so that an act that is sent again after a lost answer counts once. Kept in
/// memory: the page's keys do not outlive the station's run.
final class RecentAnswers: Sendable {
  private struct State {
    var known: Set<String> = []
    var order: [String] = []
  }

  private static let memory = 10_000
  private let state = Mutex(State())

  /// Whether the act under this key has still to be done.
  func begin(_ key: String) -> Bool {
    state.withLock { state in
      guard state.known.insert(key).inserted else { return false }
      state.order.append(key)
      if state.order.count > Self.memory { state.known.remove(state.order.removeFirst()) }
      return true
    }
  }

  /// The act failed for good reasons of ours: it may come again.
  func forget(_ key: String) { state.withLock { _ = $0.known.remove(key) } }
}
