import Glibc
import Synchronization

/// A frame of a camera, with its place in the row.
public struct CameraFrame: Sendable {
  public let gray: GrayFrame
  /// Counts up from 1 since the camera was first started; what is missing between two was dropped.
  public let number: Int
}

/// One live camera: an `ffmpeg` child that is kept alive, and the newest frame of what it shows.
///
/// A thread of its own reads frames as fast as they come, so that none grows old in a pipe. Whoever looks at `frames` gets
/// the newest; older ones that nobody took are dropped and counted.
public final class Camera: Sendable {
  /// How long is waited for what.
  public struct Patience: Sendable {
    /// For the first frame after a start.
    public var firstFrame: Duration
    /// From one frame to the next.
    public var frame: Duration
    /// Between failure and next start.
    public var backoff: Backoff

    /// What suits real cameras.
    public init(
      firstFrame: Duration = .seconds(15), frame: Duration = .seconds(5), backoff: Backoff = Backoff()
    ) {
      self.firstFrame = firstFrame
      self.frame = frame
      self.backoff = backoff
    }
  }

  private struct State {
    var status = CameraStatus()
    var rate = FrameRate()
    var newest: CameraFrame?
    var newestAt: ContinuousClock.Instant?
  }

  /// The name by which the settings know it.
  public let name: String
  public let source: CameraSource
  /// The newest frame each time it is asked for one; ends when the camera has stopped. For one listener.
  public let frames: AsyncStream<CameraFrame>
  private let mailbox: AsyncStream<CameraFrame>.Continuation
  private let patience: Patience
  private let thread = ThreadWithBell()
  private let state = Mutex(State())

  /// A camera that does not run yet.
  public init(name: String, source: CameraSource, patience: Patience = Patience()) {
    self.name = name
    self.source = source
    self.patience = patience
    (frames, mailbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// How it stands now.
  public var status: CameraStatus {
    let now = ContinuousClock.now
    return state.withLock { state in
      var status = state.status
      let isFlowing = state.newestAt.map { now - $0 < .seconds(2) } ?? false
      status.framesPerSecond = isFlowing ? state.rate.perSecond : 0
      return status
    }
  }

  /// The newest frame that came; nil before the first.
  public var newest: CameraFrame? { state.withLock { $0.newest } }

  /// Runs the camera until the task is cancelled or its source is over. Once per camera. `onChange` is told whenever its
  /// phase or the reason of its failure changes; it must not block.
  public func run(onChange: @escaping @Sendable (CameraStatus) -> Void = { _ in }) async {
    // A thread, not a task: it blocks in poll(2), and the child dies with the thread that started it.
    await thread.run { [self] bell in
      if let bell { attend(bell, onChange) } else { fail(.notStarted(code: errno), onChange) }
      mailbox.finish()
    }
  }

  // MARK: On the camera's thread

  private func attend(_ bell: Int32, _ onChange: (CameraStatus) -> Void) {
    var isFile = false
    if case .file(_, loops: false) = source { isFile = true }
    var watch = CameraWatch(
      mayEnd: isFile, firstPatience: patience.firstFrame, patience: patience.frame, backoff: patience.backoff)
    while !isStopping {
      switch watch.step(at: .now) {
      case .launch:
        change(onChange) { $0.phase = $0.phase == .failed ? .failed : .starting }
        do {
          try watchOver(&watch, bell: bell, onChange)
        } catch {
          fail(error, onChange)
          watch.failed(at: .now)
        }
        if !isStopping { state.withLock { $0.status.restarts += 1 } }
      case .rest(let until): wait([bell], until: until)
      case .finish:
        return change(onChange) { status in
          status.phase = .ended
          status.reason = nil
          status.remedy = nil
          status.restarts -= 1
        }
      case .listen, .giveUp: return
      }
    }
    change(onChange) { $0.phase = .off }
  }

  /// Starts a child and takes its frames until it is gone.
  private func watchOver(
    _ watch: inout CameraWatch, bell: Int32, _ onChange: (CameraStatus) -> Void
  ) throws(CameraFault) {
    try checkSource()
    var child = try FFmpegChild(source.ffmpegArguments(), script: source.ffmpegScript(silence: patience.frame))
    watch.launched(at: .now)
    var stream = PGMStream()
    var complaints = LastWords()
    var isOpen = true
    var fault: CameraFault?
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while isOpen, fault == nil, !isStopping {
      guard case .listen(let until) = watch.step(at: .now) else {
        if case .giveUp(let why) = watch.step(at: .now) { fault = why }
        break
      }
      wait([bell, child.output, child.errors], until: until)
      while let count = Self.read(child.errors, buffer), count > 0 {
        complaints.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      guard let count = Self.read(child.output, buffer) else { continue }
      if count == 0 { isOpen = false }
      do {
        try stream.take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { frame in
          watch.sawFrame(at: .now)
          take(frame, onChange)
        }
      } catch {
        fault = error
      }
    }
    let status = child.end(killing: isOpen)
    if isStopping { return }
    if let fault { throw fault }
    // ffmpeg says 0 at a proper end, and mostly so when a camera goes away as well.
    if case .file = source, status == 0 { return watch.ended(at: .now) }
    // An address is told to it by its standard input, and is no secret but for what is left out.
    throw .ended(words: complaints.words?.replacing("pipe:0", with: source.description))
  }

  /// What can be told about a source before ffmpeg is asked, in better words.
  private func checkSource() throws(CameraFault) {
    let (path, isDevice): (String, Bool)
    switch source {
    case .device(let device, _): (path, isDevice) = (device, true)
    case .file(let file, _): (path, isDevice) = (file, false)
    case .rtsp, .http: return
    }
    if access(path, F_OK) != 0 { throw .missing(path: path) }
    if access(path, isDevice ? R_OK | W_OK : R_OK) != 0 {
      throw .permissionDenied(path: path, isDevice: isDevice)
    }
  }

  private func take(_ frame: GrayFrame, _ onChange: (CameraStatus) -> Void) {
    let (numbered, isNews) = state.withLock { state in
      state.status.frames += 1
      state.status.width = frame.width
      state.status.height = frame.height
      let now = ContinuousClock.now
      state.rate.count(at: now)
      let numbered = CameraFrame(gray: frame, number: state.status.frames)
      state.newest = numbered
      state.newestAt = now
      return (numbered, state.status.phase != .running)
    }
    if case .dropped = mailbox.yield(numbered) { state.withLock { $0.status.dropped += 1 } }
    if isNews {
      change(onChange) { status in
        status.phase = .running
        status.reason = nil
        status.remedy = nil
      }
    }
  }

  private func fail(_ fault: CameraFault, _ onChange: (CameraStatus) -> Void) {
    change(onChange) { status in
      status.phase = .failed
      status.reason = fault.description
      status.remedy = fault.remedy
    }
  }

  private func change(_ onChange: (CameraStatus) -> Void, _ body: (inout CameraStatus) -> Void) {
    let changed = state.withLock { state -> CameraStatus? in
      let before = state.status
      body(&state.status)
      return before.phase != state.status.phase || before.reason != state.status.reason ? state.status : nil
    }
    if let changed { onChange(changed) }
  }

  private var isStopping: Bool { thread.isStopping }

  /// Waits until one of the descriptors has something to say, or until then.
  private func wait(_ descriptors: [Int32], until: ContinuousClock.Instant) {
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let milliseconds = (until - .now) / .milliseconds(1)
    // Rounded up, or the last millisecond would be spent turning in circles.
    _ = poll(&polled, nfds_t(polled.count), Int32(max(0, min(60_000, milliseconds.rounded(.up)))))
  }

  /// What can be read now: nil when nothing can, 0 at the end.
  private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EINTR ? nil : 0
  }
}

/// The last line that a program complained with, without what is secret in it.
struct LastWords {
  private static let longest = 2048
  private var bytes: [UInt8] = []

  mutating func take(_ more: UnsafeRawBufferPointer) {
    bytes += more
    bytes.removeFirst(max(0, bytes.count - Self.longest))
  }

  /// The last line that is not blank; nil when nothing was said.
  var words: String? {
    let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }.map { String(decoding: $0, as: UTF8.self) }
    return lines.last { $0.contains { !$0.isWhitespace } }.map(CameraSource.redacted)
  }
}
