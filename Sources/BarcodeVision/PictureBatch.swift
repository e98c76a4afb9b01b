import Synchronization

/// Reads many picture files in parallel and hands out the readings in the order of the paths.
public struct PictureBatch: Sendable {
  private let reader: PictureReader
  private let lookAhead: Int

  /// A batch that uses `reader`. Up to four paths per parallel decode are taken in before the oldest of them is
  /// answered, so one slow picture does not idle the other cores, and a million paths do not fill the memory.
  public init(reader: PictureReader = PictureReader()) {
    self.reader = reader
    lookAhead = reader.parallelism * 4
  }

  /// Reads every picture of `paths`; each reading is emitted as soon as it and all before it are done, also while
  /// `paths` still waits for more.
  ///
  /// Throws what `paths` or `emit` throws, after which nothing more is emitted. For that, and for cancellation, `paths`
  /// has to end its wait when its task is cancelled, as ``InputLines`` does.
  public func read<Paths: AsyncSequence & Sendable>(
    _ paths: Paths, emit: (PictureReading) async throws -> Void
  ) async throws where Paths.Element == String {
    // One token per picture under way: taken before it is begun, given back when its reading is emitted.
    let (tokens, token) = AsyncStream.makeStream(of: Void.self)
    for _ in 0..<lookAhead { token.yield() }
    let (readings, line) = AsyncStream.makeStream(of: PictureReading.self)
    let order = InOrder(line)

    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        // Also when `paths` throws: what was read before it is still emitted.
        defer { order.close() }
        var tokens = tokens.makeAsyncIterator()
        for try await path in paths {
          guard await tokens.next() != nil else { return }
          let position = order.enter()
          reader.submit(pictureAt: path) { order.deliver($0, at: position) }
        }
      }
      for await reading in readings {
        try await emit(reading)
        token.yield()
      }
      try await group.waitForAll()
    }
    try Task.checkCancellation()
  }
}

/// Puts readings that are finished in any order back into the order in which they were begun.
private final class InOrder: Sendable {
  private let line: AsyncStream<PictureReading>.Continuation
  private let state = Mutex(State())

  private struct State {
    var entered = 0
    var emitted = 0
    var early: [Int: PictureReading] = [:]
    var isClosed = false
  }

  init(_ line: AsyncStream<PictureReading>.Continuation) { self.line = line }

  /// The next place in line.
  func enter() -> Int {
    state.withLock { state in
      defer { state.entered += 1 }
      return state.entered
    }
  }

  func deliver(_ reading: PictureReading, at position: Int) {
    // Yielding inside the lock keeps two threads from swapping their readings; it only appends to a buffer.
    state.withLock { state in
      state.early[position] = reading
      while let next = state.early.removeValue(forKey: state.emitted) {
        line.yield(next)
        state.emitted += 1
      }
      if state.isClosed, state.emitted == state.entered { line.finish() }
    }
  }

  /// No more will enter: the line ends with the last one that did.
  func close() {
    state.withLock { state in
      state.isClosed = true
      if state.emitted == state.entered { line.finish() }
    }
  }
}
