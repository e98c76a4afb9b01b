/// A conversation with one UHF reader on a serial line: who it is, its settings, tags without end, and in between what is to be
/// done with a tag's memory.
///
/// Decides and does nothing: the caller sends what it is told to send, and feeds in bytes and time.
public struct UHFReaderSession<Reader: UHFReaderProtocol>: Sendable {
  /// How the reader is set.
  public struct Configuration: Hashable, Sendable {
    /// Set at the begin; nil leaves the reader as it is.
    public var region: ReaderRegion?
    /// Set at the begin, in dBm; nil leaves the reader as it is.
    public var power: Int?
    /// How long an answer may take.
    public var answerTimeout: Duration
    /// How often a command is sent again before the reader counts as lost, or the job as failed.
    public var retries: Int
    /// Time between two inventories of a reader that is asked round by round.
    public var pause: Duration
    /// How long a lost reader is left alone before it is tried again.
    public var recovery: Duration

    /// Settings that suit every reader here.
    public init(
      region: ReaderRegion? = nil, power: Int? = nil, answerTimeout: Duration = .seconds(3), retries: Int = 2,
      pause: Duration = .milliseconds(50), recovery: Duration = .seconds(5)
    ) {
      self.region = region
      self.power = power
      self.answerTimeout = answerTimeout
      self.retries = retries
      self.pause = pause
      self.recovery = recovery
    }
  }

  /// What the caller is to do.
  public enum Action: Hashable, Sendable {
    /// Send these bytes.
    case send([UInt8])
    /// The reader is there, and says who it is.
    case identified(ReaderIdentity)
    /// Tags were read.
    case tags([TagRead])
    /// A job has ended.
    case finished(TagMemoryJob, TagMemoryOutcome)
    /// Something is wrong that the operator can mend; the conversation goes on.
    case fault(String)
    /// The reader does not answer; it is tried again.
    case lost
  }

  private enum Step: Hashable, Sendable {
    case identify, setting(String), inventory, stop
    case memory
    /// Nothing is asked: a reader that reads until it is stopped, or a pause.
    case listening, pausing, recovering
  }

  /// How the reader is set.
  public let configuration: Configuration
  /// What the line brought.
  public var statistics: FramingStatistics { decoder.statistics }

  private let reader: Reader
  private var decoder = FrameDecoder<Reader.Wire>()
  private var step = Step.recovering
  private var outbox: [[UInt8]] = []
  private var tries = 0
  private var due: Duration?
  private var lastByte: Duration?
  private var settings: [(name: String, command: ReaderCommand)] = []
  private var jobs: [TagMemoryJob] = []
  private var steps: TagMemorySteps?
  private var repeats = 0

  /// A conversation that has not begun.
  public init(reader: Reader, configuration: Configuration = Configuration()) {
    self.reader = reader
    self.configuration = configuration
  }

  /// When `tick(at:)` is due.
  public var deadline: Duration? {
    let pause = decoder.pending > 0 ? lastByte.map { $0 + Reader.maximumPause } : nil
    return [due, pause].compactMap { $0 }.min()
  }

  /// Begins.
  public mutating func start(at now: Duration) -> [Action] {
    settings = []
    if let region = configuration.region { settings.append(("region", .setRegion(region))) }
    if let power = configuration.power { settings.append(("power", .setPower(dBm: power))) }
    return ask(.identify, .identify, at: now)
  }

  /// Asks for something to be done with a tag's memory, after what was asked for before.
  public mutating func perform(_ job: TagMemoryJob, at now: Duration) -> [Action] {
    jobs.append(job)
    switch step {
    case .listening: return ask(.stop, .stopInventory, at: now)
    case .pausing: return proceed(at: now)
    default: return []
    }
  }

  /// Takes the bytes of one transfer.
  public mutating func receive(_ bytes: [UInt8], at now: Duration) -> [Action] {
    if !bytes.isEmpty { lastByte = now }
    return decoder.receive(bytes).flatMap { take(reader.answer($0), at: now) }
  }

  /// Does what is due.
  public mutating func tick(at now: Duration) -> [Action] {
    var actions: [Action] = []
    if let lastByte, decoder.pending > 0, now >= lastByte + Reader.maximumPause {
      var frames: [Reader.Wire.Frame] = []
      decoder.silence { frames.append($0) }
      actions += frames.flatMap { take(reader.answer($0), at: now) }
    }
    guard let due, now >= due else { return actions }
    switch step {
    case .pausing: return actions + proceed(at: now)
    case .recovering: return actions + start(at: now)
    default: break
    }
    if step != .listening, tries < configuration.retries, let frame = outbox.first {
      tries += 1
      self.due = now + configuration.answerTimeout
      return actions + [.send(frame)]
    }
    switch step {
    // A reader that has fallen silent is asked to go on; if it does not answer that, it is lost.
    case .listening: return actions + ask(.inventory, .startInventory, at: now)
    case .memory: return actions + endJob(.noAnswer("the reader does not answer"), at: now)
    default: return actions + lose(at: now)
    }
  }

  // MARK: answers

  private mutating func take(_ answer: ReaderAnswer, at now: Duration) -> [Action] {
    switch answer {
    case .tags(let tags, let isLast):
      var actions = [Action.tags(tags)]
      if step == .inventory, !Reader.readsContinuously {
        if isLast { actions += rest(at: now) } else { due = now + configuration.answerTimeout }
      } else if step == .inventory || step == .listening {
        listen(at: now)
      }
      return actions
    case .keepAlive:
      if step == .inventory || step == .listening { listen(at: now) }
      return []
    case .unreadable(let reason) where step == .listening || step == .inventory:
      return [.fault("the reader's answer makes no sense: \(reason)")]
    default: break
    }
    switch step {
    case .identify:
      guard case .identity(let identity) = answer else { return [] }
      return [.identified(identity)] + proceed(at: now)
    case .setting(let name):
      var actions: [Action] = []
      if case .refused(let refusal) = answer { actions.append(.fault("the \(name) is not set: \(refusal)")) }
      return actions + proceed(at: now)
    case .inventory: return inventory(answer, at: now)
    case .listening:
      listen(at: now)
      if case .refused(let refusal) = answer, !refusal.isTransient { return [.fault("\(refusal)")] }
      return []
    case .stop:
      // A last sign of the round that is being stopped is not the answer.
      if case .noTag = answer { return [] }
      return next(at: now) ?? proceed(at: now)
    case .memory:
      if case .identity = answer { return [] }
      if outbox.count > 1, case .done = answer { return next(at: now) ?? [] }
      return memory(answer, at: now)
    case .pausing, .recovering: return []
    }
  }

  private mutating func inventory(_ answer: ReaderAnswer, at now: Duration) -> [Action] {
    var actions: [Action] = []
    if case .refused(let refusal) = answer, !refusal.isTransient { actions.append(.fault("\(refusal)")) }
    if Reader.readsContinuously {
      if let more = next(at: now) { return actions + more }
      listen(at: now)
      return actions
    }
    return actions + rest(at: now)
  }

  private mutating func memory(_ answer: ReaderAnswer, at now: Duration) -> [Action] {
    let isTransient: Bool =
      switch answer {
      case .noTag: true
      case .refused(let refusal): refusal.isTransient
      default: false
      }
    if isTransient, repeats < configuration.retries, let steps {
      repeats += 1
      return perform(steps.job, steps.last, at: now)
    }
    guard let next = steps?.take(answer) else { return proceed(at: now) }
    repeats = 0
    return follow(next, at: now)
  }

  // MARK: steps

  /// What comes next when nothing is under way.
  private mutating func proceed(at now: Duration) -> [Action] {
    if !settings.isEmpty {
      let setting = settings.removeFirst()
      return ask(.setting(setting.name), setting.command, at: now)
    }
    if !jobs.isEmpty {
      var steps = TagMemorySteps(jobs.removeFirst())
      let next = steps.begin()
      self.steps = steps
      return follow(next, at: now)
    }
    return ask(.inventory, Reader.readsContinuously ? .startInventory : .inventory, at: now)
  }

  private mutating func follow(_ next: TagMemorySteps.Next, at now: Duration) -> [Action] {
    switch next {
    case .perform(let operation, let epc):
      guard let job = steps?.job else { return proceed(at: now) }
      steps?.last = (operation, epc)
      return perform(job, (operation, epc), at: now)
    case .end(let outcome): return endJob(outcome, at: now)
    }
  }

  private mutating func perform(
    _ job: TagMemoryJob, _ operation: (TagMemoryOperation, epc: [UInt8]), at now: Duration
  ) -> [Action] {
    do throws(TagMemoryFault) {
      let command = ReaderCommand.memory(operation.0, epc: operation.epc, password: job.password)
      return send(.memory, try reader.bytes(for: command), at: now)
    } catch {
      return endJob(.impossible(error), at: now)
    }
  }

  private mutating func endJob(_ outcome: TagMemoryOutcome, at now: Duration) -> [Action] {
    guard let job = steps?.job else { return proceed(at: now) }
    steps = nil
    repeats = 0
    return [.finished(job, outcome)] + proceed(at: now)
  }

  private mutating func rest(at now: Duration) -> [Action] {
    guard jobs.isEmpty else { return proceed(at: now) }
    step = .pausing
    outbox = []
    due = now + configuration.pause
    return []
  }

  private mutating func listen(at now: Duration) {
    step = .listening
    outbox = []
    due = now + configuration.answerTimeout
  }

  private mutating func lose(at now: Duration) -> [Action] {
    step = .recovering
    outbox = []
    due = now + configuration.recovery
    return [.lost]
  }

  private mutating func ask(_ step: Step, _ command: ReaderCommand, at now: Duration) -> [Action] {
    do throws(TagMemoryFault) {
      return send(step, try reader.bytes(for: command), at: now)
    } catch {
      // A setting that this reader does not have.
      return [.fault("\(error)")] + proceed(at: now)
    }
  }

  private mutating func send(_ step: Step, _ frames: [[UInt8]], at now: Duration) -> [Action] {
    self.step = step
    outbox = frames
    tries = 0
    due = now + configuration.answerTimeout
    return outbox.first.map { [.send($0)] } ?? []
  }

  /// The next frame of the command under way; nil when all were answered.
  private mutating func next(at now: Duration) -> [Action]? {
    guard outbox.count > 1 else { return nil }
    outbox.removeFirst()
    tries = 0
    due = now + configuration.answerTimeout
    return outbox.first.map { [.send($0)] }
  }
}
