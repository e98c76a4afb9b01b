import Synchronization

/// Lets only so many pushes in at once; the others are told to come again, before their bodies take memory.
final class PushGate: Sendable {
  private let free: Mutex<Int>

  init(places: Int) { free = Mutex(places) }

  /// Runs `body` if there is a place; nil when there is none.
  func enter<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value? {
    guard free.withLock({ free in if free > 0 { free -= 1; return true } else { return false } }) else { return nil }
    defer { free.withLock { $0 += 1 } }
    return try await body()
  }
}
