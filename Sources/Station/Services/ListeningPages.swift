import Synchronization

/// Pages that take themselves what the desk's scanners read, as long as they are seen: a count's, a disposal order's, a list's. A
/// scanner that the station has claimed types into no window, so its text goes to the page that the desk's operator opened last.
final class ListeningPages: Sendable {
  private struct Page {
    /// What the page calls itself.
    let id: String
    /// Of the sign-in that it was opened with.
    let token: String
    /// Tells it from the page that came in its place.
    let number: UInt64
    let events: AsyncStream<LiveEvent>.Continuation
  }

  private struct State {
    /// Who was opened last stands last.
    var pages: [Page] = []
    var opened: UInt64 = 0
    var handed: UInt64 = 0
  }

  /// How many scans wait for a page; those beyond go to the desk.
  private static let depth = 256

  private let state = Mutex(State())

  /// What is handed to a page from now on; the stream before of the same page ends.
  func open(_ id: String, token: String) -> AsyncStream<LiveEvent> {
    AsyncStream(bufferingPolicy: .bufferingOldest(Self.depth)) { continuation in
      let (number, former) = state.withLock { state in
        state.opened += 1
        let former = state.pages.filter { $0.id == id && $0.token == token }
        state.pages.removeAll { $0.id == id && $0.token == token }
        state.pages.append(Page(id: id, token: token, number: state.opened, events: continuation))
        return (state.opened, former)
      }
      for page in former { page.events.finish() }
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { state in state.pages.removeAll { $0.number == number } }
      }
    }
  }

  /// Has pages of a sign-in take nothing more: one that says that it is no longer seen, or all.
  func close(_ id: String? = nil, token: String) {
    let closed = state.withLock { state in
      let closed = state.pages.filter { $0.token == token && (id == nil || $0.id == id) }
      state.pages.removeAll { $0.token == token && (id == nil || $0.id == id) }
      return closed
    }
    for page in closed { page.events.finish() }
  }

  /// Whether a page of this sign-in takes scans.
  func hasPage(of token: String) -> Bool { state.withLock { $0.pages.contains { $0.token == token } } }

  /// Hands an event to the page of this sign-in that was opened last; false when there is none that takes it.
  func hand(_ name: String, _ data: [UInt8], to token: String) -> Bool {
    let (event, pages) = state.withLock { state in
      state.handed += 1
      return (
        LiveEvent(id: state.handed, name: name, data: data), state.pages.reversed().filter { $0.token == token }
      )
    }
    for page in pages {
      if case .enqueued = page.events.yield(event) { return true }
    }
    return false
  }
}
