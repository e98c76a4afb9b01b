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
    /// Whether tags are asked for; otherwise it is only asked who it is.
    public var takesInventory: Bool

    /// Settings that suit every reader here.
    public init(
      region: ReaderRegion? = nil, power: Int? = nil, answerTimeout: Duration = .seconds(3), retries: Int = 2,
      pause: Duration = .milliseconds(50), recovery: Duration = .seconds(5), takesInventory: Bool = true
    ) {
      self.region = region
      self.power = power
      self.answerTimeout = answerTimeout
      self.retries = retries
      self.pause = pause
      self.recovery = recovery
      self.takesInventory = takesInventory
    }

    /// Of a device that may be something else: it is asked who it is, and nothing more. A reader that is there answers this at
    /// once, or after it has started.
    public static var probing: Configuration { Configuration(answerTimeout: .seconds(1), takesInventory: false) }
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
    /// What was wrong is so no more.
    case well
    /// The reader does not answer; it is tried again.
    case lost
  }

  enum Step: Hashable, Sendable {
    case identify, setting(String), inventory, stop
    case memory
    /// Nothing is asked: a reader that reads until it is stopped, or a pause.
    case listening, pausing, recovering
  }

  /// How the reader is set.
  public let configuration: Configuration
  /// What the line brought.
  public var statistics: FramingStatistics { decoder.statistics }

  let reader: Reader
  var decoder = FrameDecoder<Reader.Wire>()
  var step = Step.recovering
  var outbox: [[UInt8]] = []
  var tries = 0
  var due: Duration?
  var lastByte: Duration?
  var settings: [(name: String, command: ReaderCommand)] = []
  var jobs: [TagMemoryJob] = []
  var steps: TagMemorySteps?
  var repeats = 0
  var lastFault: (text: String, toldAt: Duration, at: Duration)?

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

  /// What ends an inventory that runs until it is stopped, or that is just being started; empty where there is none. Send it before the
  /// reader is left: it would go on without anybody to listen.
  public var farewell: [UInt8] {
    guard Reader.readsContinuously, configuration.takesInventory else { return [] }
    switch step {
    case .identify, .recovering: return []
    case .setting, .inventory, .stop, .memory, .listening, .pausing: break
    }
    do throws(TagMemoryFault) {
      return try reader.bytes(for: .stopInventory).flatMap { $0 }
    } catch {
      // A reader that knows no such command has nothing to stop.
      return []
    }
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
}
