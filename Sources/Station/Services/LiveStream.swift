import Synchronization

/// One thing that happened, as it is sent to every page that is open.
struct LiveEvent: Sendable {
  /// Counts up from 1 since the station started.
  let id: UInt64
  /// `scan`, `device`, `session`, `centre`.
  let name: String
  /// JSON, one line.
  let data: [UInt8]
  /// The reading, where a device made it at this station's desk: no page has been told what came of it.
  var reading: Int64?

  /// Tells nobody anything: whoever listens looks whether they still may.
  static let recheck = LiveEvent(id: 0, name: "", data: [])
}

/// Hands what happens at the station to all who listen, and what they missed to those who come back.
final class LiveStream: Sendable {
  private struct State {
    var lastID: UInt64 = 0
    var recent: [LiveEvent] = []
    var listeners: [UInt64: AsyncStream<LiveEvent>.Continuation] = [:]
    var nextListener: UInt64 = 0
  }

  /// How many events are kept for those who come back.
  private static let memory = 512
  /// How many events a slow listener may lag before the oldest are dropped for it; its page then reloads the state.
  private static let lag = 256

  private let state = Mutex(State())

  /// Tells everybody.
  func publish(_ name: String, _ data: [UInt8], reading: Int64? = nil) {
    let (event, listeners) = state.withLock { state in
      state.lastID += 1
      let event = LiveEvent(id: state.lastID, name: name, data: data, reading: reading)
      state.recent.append(event)
      if state.recent.count > Self.memory { state.recent.removeFirst(state.recent.count - Self.memory) }
      return (event, Array(state.listeners.values))
    }
    for listener in listeners { listener.yield(event) }
  }

  /// Has everybody who listens looked at again, because somebody was signed out.
  func recheck() {
    let listeners = state.withLock { Array($0.listeners.values) }
    for listener in listeners { listener.yield(.recheck) }
  }

  /// How many listen.
  var listenerCount: Int { state.withLock { $0.listeners.count } }

  /// Everything that happens from now on, after what happened since event `last` as far as it is remembered.
  func listen(after last: UInt64?) -> AsyncStream<LiveEvent> {
    AsyncStream(bufferingPolicy: .bufferingNewest(Self.lag + Self.memory)) { continuation in
      let (number, missed) = state.withLock { state in
        let number = state.nextListener
        state.nextListener += 1
        state.listeners[number] = continuation
        // An id from before a restart says nothing here: everything remembered is sent.
        let missed = last.map { last in state.recent.filter { last > state.lastID || $0.id > last } } ?? []
        return (number, missed)
      }
      for event in missed { continuation.yield(event) }
      continuation.onTermination = { [weak self] _ in
        _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
      }
    }
  }

  /// Ends every stream, so that the station can stop.
  func finish() {
    let listeners = state.withLock { Array($0.listeners.values) }
    for listener in listeners { listener.finish() }
  }
}
