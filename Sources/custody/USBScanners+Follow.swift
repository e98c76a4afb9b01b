import USBScanning
import UnixSignals

extension USBScanners {
  /// Reads devices, and hands over what happens until `take` says that it has seen enough, Ctrl-C, or the time is up; then
  /// gives every device back.
  func follow(
    for limit: Duration? = nil, _ take: (USBScanningEvent) async throws -> Follow
  ) async throws {
    let running = Task { try await run() }
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let stopping = Task { for await _ in signals { running.cancel() } }
    let timing = limit.map { limit in
      Task {
        try await Task.sleep(for: limit)
        running.cancel()
      }
    }
    defer {
      stopping.cancel()
      timing?.cancel()
    }
    do {
      for await event in events where try await take(event) == .enough { break }
    } catch {
      running.cancel()
      try await running.value
      throw error
    }
    running.cancel()
    try await running.value
  }

  enum Follow: Sendable { case more, enough }
}
