/// A conversation with an LLRP reader over one connection: what it can do, its settings, an inventory without end, signs of
/// life, and in between what is to be done with a tag's memory.
///
/// Decides and does nothing: the caller has the connection, sends what it is told to send, and feeds in bytes and time. A new
/// connection is a new session.
public struct LLRPSession: Sendable {
  /// How the reader is set.
  public struct Configuration: Hashable, Sendable {
    /// How it is to look for tags.
    public var inventory: LLRPInventory
    /// Transmit power in dBm, the reader's next lower step; nil for the reader's own choice.
    public var power: Int?
    /// How often the reader gives a sign of life; after three that did not come it counts as lost.
    public var keepAlive: Duration
    /// How long an answer may take.
    public var answerTimeout: Duration
    /// How long a tag may take to be seen by an inventory when its memory is asked for.
    public var tagTimeout: Duration

    /// Settings that suit every reader.
    public init(
      inventory: LLRPInventory = LLRPInventory(), power: Int? = nil, keepAlive: Duration = .seconds(10),
      answerTimeout: Duration = .seconds(5), tagTimeout: Duration = .seconds(5)
    ) {
      self.inventory = inventory
      self.power = power
      self.keepAlive = keepAlive
      self.answerTimeout = answerTimeout
      self.tagTimeout = tagTimeout
    }
  }

  /// What the caller is to do.
  public enum Action: Hashable, Sendable {
    /// Send it.
    case send(LLRPMessage)
    /// The reader is there, and can do this.
    case capabilities(LLRPCapabilities)
    /// The inventory runs.
    case running
    /// Tags were read.
    case tags([LLRPTagReport])
    /// The reader tells of itself.
    case event(LLRPReaderEvent)
    /// A job has ended.
    case finished(TagMemoryJob, TagMemoryOutcome)
    /// Something is wrong that the operator can mend; the conversation goes on.
    case fault(LLRPTrouble)
    /// Close the connection, for this reason, and connect anew later.
    case disconnect(String)
  }

  /// What is asked, one after the other.
  enum Request: Hashable, Sendable {
    case capabilities, configuration, deleteAccessSpecs, deleteROSpecs, addROSpec, enableROSpec
    case addAccessSpec(TagMemoryOperation, epc: [UInt8], password: UInt32)
    case enableAccessSpec, deleteAccessSpec
  }

  enum State: Hashable, Sendable {
    case connecting, asking(Request, id: UInt32), idle, waitingForTag, ended
  }

  /// How the reader is set.
  public let configuration: Configuration
  /// What the connection brought.
  public var statistics: FramingStatistics { decoder.statistics }

  /// The newest moment on the reader's own clock that it told with an event.
  public internal(set) var toldTime: ReaderTime?

  var state = State.connecting
  /// How it is to look for tags, as far as the reader can.
  var inventory: LLRPInventory
  var queue: [Request] = []
  var jobs: [TagMemoryJob] = []
  var steps: TagMemorySteps?
  var accessSpecID: UInt32 = 0
  var answer: ReaderAnswer?
  var due: Duration?
  var decoder = FrameDecoder<LLRPFraming>()
  var reports = LLRPTagReportReader()
  var power: UInt16?
  var lastID: UInt32 = 0
  var lastHeard: Duration = .zero
  var version: UInt8 = 1

  /// A conversation over a connection that was made at `now`; the reader speaks first.
  public init(configuration: Configuration = Configuration(), at now: Duration) {
    self.configuration = configuration
    inventory = configuration.inventory
    due = now + configuration.answerTimeout
    lastHeard = now
  }

  /// When `tick(at:)` is due; nil when the session has ended.
  public var deadline: Duration? {
    state == .ended ? nil : [due, lastHeard + configuration.keepAlive * 3].compactMap { $0 }.min()
  }

  /// Asks for something to be done with a tag's memory, after what was asked for before.
  public mutating func perform(_ job: TagMemoryJob, at now: Duration) -> [Action] {
    guard state != .ended else { return [.finished(job, .noAnswer("the reader is not connected"))] }
    jobs.append(job)
    return state == .idle ? proceed(at: now) : []
  }

  /// The connection is gone: the jobs that were asked for end.
  public mutating func vanish() -> [Action] {
    defer { state = .ended }
    guard state != .ended else { return [] }
    let waiting = ([steps?.job].compactMap { $0 } + jobs).map { job in
      Action.finished(job, .noAnswer("the connection to the reader was lost"))
    }
    (steps, jobs) = (nil, [])
    return waiting
  }

  /// Ends the conversation in good order: what is to be sent before the connection is closed, so that the reader does not go
  /// on looking for tags that nobody asks for.
  public mutating func close() -> [Action] {
    guard state != .ended else { return [] }
    var farewell: [Action] = []
    if state != .connecting {
      var number: [UInt8] = []
      number.appendBigEndian(inventory.roSpecID)
      // DELETE_ROSPEC.
      farewell.append(.send(stamped(LLRPMessage(type: 21, id: nextID(), body: number))))
    }
    farewell.append(.send(stamped(.closeConnection(id: nextID()))))
    return farewell + vanish()
  }

  /// Takes bytes of the connection.
  public mutating func receive(_ bytes: [UInt8], at now: Duration) -> [Action] {
    guard state != .ended else { return [] }
    var actions: [Action] = []
    for message in decoder.receive(bytes) {
      lastHeard = now
      actions += take(message, at: now)
      if state == .ended { return actions }
    }
    // TCP loses nothing: bytes that are no LLRP mean that this is no LLRP reader, or that it has lost its mind.
    if decoder.statistics.droppedBytes > 0 { return actions + end("what comes is no LLRP") }
    return actions
  }

  /// Does what is due.
  public mutating func tick(at now: Duration) -> [Action] {
    guard let deadline, now >= deadline else { return [] }
    if now >= lastHeard + configuration.keepAlive * 3 { return end("no sign of life from the reader") }
    switch state {
    case .connecting: return end("the reader does not say whether it takes the connection")
    case .asking(let request, _): return end("no answer to \(request.name)")
    case .waitingForTag:
      answer = .noTag
      return ask(.deleteAccessSpec, at: now)
    case .idle, .ended:
      due = nil
      return []
    }
  }
}
