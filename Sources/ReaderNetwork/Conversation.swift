import NIOCore
import ScannerProtocols
import Synchronization

/// One connection to a reader: carries out what its session decides. Fed from several tasks at once.
final class Conversation: Sendable {
  private struct State {
    var session: LLRPSession
    var waiting: [Int: CheckedContinuation<TagMemoryOutcome, Never>] = [:]
    var lastJob = 0
    var end: ConnectionEnd?
  }

  /// How many messages may wait to be sent: beyond that the reader takes none, and only sends.
  private static let mostUnsent = 1_024

  /// What is to be sent; ends with the conversation.
  let outbox: AsyncStream<ByteBuffer>
  private let reader: NetworkReader
  private let post: AsyncStream<ByteBuffer>.Continuation
  private let state: Mutex<State>

  init(_ reader: NetworkReader) {
    self.reader = reader
    (outbox, post) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostUnsent))
    state = Mutex(
      State(session: LLRPSession(configuration: reader.address.configuration, at: reader.stopwatch.elapsed)))
  }

  /// Takes bytes; throws when the conversation is over.
  func receive(_ buffer: ByteBuffer) throws(ConnectionEnd) {
    try advance { session, now in session.receive(Array(buffer.readableBytesView), at: now) }
  }

  /// Does what is due; throws when the conversation is over.
  func tick() throws(ConnectionEnd) { try advance { session, now in session.tick(at: now) } }

  /// Asks for something to be done with a tag's memory, and waits until it is.
  func perform(_ work: TagMemoryJob.Work, on epc: [UInt8], password: UInt32) async -> TagMemoryOutcome {
    await withCheckedContinuation { continuation in
      let id = state.withLock { state in
        state.lastJob += 1
        state.waiting[state.lastJob] = continuation
        return state.lastJob
      }
      // An end that comes of it is found by the tasks of the connection.
      _ = carryOut { session, now in
        session.perform(TagMemoryJob(id: id, epc: epc, work: work, password: password), at: now)
      }
    }
  }

  /// The connection is gone, or is to be closed; gives back what is still to be said.
  func close() -> [ByteBuffer] {
    let farewell = state.withLock { $0.session.close() }
    carryOut(farewell.filter { if case .send = $0 { false } else { true } }, at: reader.stopwatch.elapsed)
    post.finish()
    return farewell.compactMap { if case .send(let message) = $0 { ByteBuffer(bytes: message.bytes) } else { nil } }
  }

  private func advance(
    _ body: (inout LLRPSession, Duration) -> [LLRPSession.Action]
  ) throws(ConnectionEnd) {
    if let end = carryOut(body) { throw end }
  }

  /// Gives back why the conversation is over, once it is.
  private func carryOut(_ body: (inout LLRPSession, Duration) -> [LLRPSession.Action]) -> ConnectionEnd? {
    let now = reader.stopwatch.elapsed
    let (actions, told, end) = state.withLock { state in
      let before = state.session.toldTime
      let actions = body(&state.session, now)
      let told = state.session.toldTime
      return (actions, told == before ? nil : told, state.end)
    }
    if let told { reader.learn(told, at: now) }
    carryOut(actions, at: now)
    return end ?? state.withLock { $0.end }
  }

  private func carryOut(_ actions: [LLRPSession.Action], at now: Duration) {
    for action in actions {
      switch action {
      case .send(let message):
        if case .dropped = post.yield(ByteBuffer(bytes: message.bytes)) {
          end(
            ConnectionEnd(
              reason: "the reader does not take what it is sent",
              remedy: "Restart the reader. It is tried again by itself."))
        }
      case .tags(let reports): reader.take(reports, at: now)
      case .capabilities(let capabilities): reader.change { $0.capabilities = capabilities }
      case .running: reader.change { $0.phase = .reading }
      case .event(let event): reader.take(event)
      case .fault(let trouble):
        reader.change { ($0.reason, $0.remedy) = (trouble.description, trouble.remedy) }
      case .finished(let job, let outcome):
        state.withLock { $0.waiting.removeValue(forKey: job.id) }?.resume(returning: outcome)
      case .disconnect(let reason): end(ConnectionEnd(session: reason))
      }
    }
  }

  private func end(_ end: ConnectionEnd) {
    state.withLock { state in
      if state.end == nil { state.end = end }
    }
    post.finish()
  }
}
