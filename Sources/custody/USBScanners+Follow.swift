import USBScanning
import UnixSignals

extension USBScanners {
  /// Reads devices, and hands over what happens until `take` says that it has seen enough, Ctrl-C, or the time is up; then
  /// gives every device back.
  func follow(
    for limit: Duration? = nil, _ take: (USBScanningEvent) async throws -> Follow
  ) async throws {
    // Before anything is read: who sees a scan may send the signal at once.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let running = Task { try await run() }
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

  /// The devices as they are once every claim has succeeded or failed, and nothing is awaited of any; at the latest after the
  /// limit. Throws when USB cannot be used.
  func settled(
    within limit: Duration, isAwaited: (USBDevice) -> Bool = { _ in false }
  ) async throws -> [USBDevice] {
    var found: [String: USBDevice] = [:]
    var isListening = false
    try await follow(for: limit) { event in
      switch event {
      case .status(.listening):
        // Everything that is plugged in has been seen by now, whether or not it was told of.
        for device in devices() where found[device.id] == nil { found[device.id] = device }
        isListening = true
      case .attached(let device), .changed(let device), .fault(let device?, _, _): found[device.id] = device
      case .detached(let device, _): found[device.id] = nil
      case .fault(nil, let message, let remedy): throw Ending(3, message + ".", remedy: remedy)
      default: break
      }
      let isSettled = found.values.allSatisfy { $0.state != .claiming && !isAwaited($0) }
      return isListening && isSettled ? .enough : .more
    }
    return found.values.sorted { ($0.port, $0.id) < ($1.port, $1.id) }
  }

  enum Follow: Sendable { case more, enough }
}
