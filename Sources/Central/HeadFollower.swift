import ServiceLifecycle

/// Wakes those who wait for the log to grow when another central process has made it grow.
struct HeadFollower: Service {
  let heads: AsyncStream<Int64>
  let signal: LogSignal

  func run() async throws {
    for await head in heads.cancelOnGracefulShutdown() { signal.advance(to: head) }
    // A store that was closed tells nothing more; that is no reason to stop serving.
    try await gracefulShutdown()
  }
}
