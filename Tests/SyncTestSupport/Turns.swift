/// Lets only so many tests at a time hold a store open.
///
/// Tests run side by side by the hundred, and a store holds a dozen descriptors. Beyond some 1,300 of them Foundation's
/// `Process.run` reads behind the end of its list of the process's own descriptors, which ends the whole run.
public actor Turns {
  /// The turns of this process.
  public static let stores = Turns(12)
  @TaskLocal private static var isHeld = false

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  /// Runs `body` in its turn. Who has a turn already takes no second one.
  public nonisolated func take<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    if Self.isHeld { return try await body() }
    await begin()
    do {
      let value = try await Self.$isHeld.withValue(true) { try await body() }
      await end()
      return value
    } catch {
      await end()
      throw error
    }
  }

  private func begin() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func end() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
