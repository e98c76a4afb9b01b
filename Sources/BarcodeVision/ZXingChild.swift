import CMemoryFile
import Glibc
import Synchronization

/// One running `custody-zxing`: the process in which zxing-cpp decodes, so that its aborts are not ours.
///
/// A frame is handed over in a memory file that both map; the question and the answer are small messages on a socket
/// pair. The process ends with that socket: when this object goes, or when we die.
final class ZXingChild: Sendable {
  /// What to look for, and how hard.
  struct Request {
    /// Which symbologies: all but GS1 DataBar, which aborts libzxing 1.4 now and then, only that, or all; or one family.
    enum Formats: UInt32 {
      case anyButDataBar = 1, dataBar, any
      case productCodes = 4
      /// Data Matrix, Aztec, QR and Micro QR alone.
      case matrices = 8
      /// Rows of bars, but GS1 DataBar.
      case bars = 16
    }
    var formats = Formats.any
    var harder = true
    var rotate = true
    var downscale = true
    var globalThreshold = false
    /// Whether to look beside a product code for an add-on.
    var addOns = false
    /// Whether to look for nothing but bars, and PDF417, once a first symbol is found.
    var thenBars = false
    /// Symbols to look for at most, one after the other.
    var most: UInt32 = 1

    fileprivate var flags: UInt32 {
      (harder ? 1 : 0) | (rotate ? 2 : 0) | (downscale ? 4 : 0) | (globalThreshold ? 8 : 0)
        | (addOns ? 16 : 0) | (thenBars ? 64 : 0)
    }
  }

  /// Why there was no answer. The child is of no more use after either.
  enum Fault: Error {
    /// It died, of this frame or before.
    case died
    /// It took longer than it may.
    case late
    /// There is none: its program is missing, or the system has no room for another process.
    case unavailable
  }

  /// Its process id.
  let process: pid_t
  private let socket: Int32
  private let memory: Int32
  /// Bytes of the memory file. Locked for a whole exchange, so that no two of them mix.
  private let capacity = Mutex(0)

  /// Starts the program at `path`; `nil` when that cannot be done.
  init?(path: String) {
    // Nobody but the child inherits any of these: all close on exec, and dup2 in the child clears that mark.
    let memory = custody_memory_file("custody-frame")
    guard memory >= 0 else { return nil }
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      close(memory)
      return nil
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // A descriptor that already has the wanted number would keep its close-on-exec mark, so go by way of a high one.
    posix_spawn_file_actions_adddup2(&actions, ends[1], 200)
    posix_spawn_file_actions_adddup2(&actions, memory, 201)
    posix_spawn_file_actions_adddup2(&actions, 200, 0)
    posix_spawn_file_actions_adddup2(&actions, 200, 1)
    // The text of its assertions would only litter ours.
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, 201, 3)

    // Signals are the parent's business: a terminal's Ctrl-C goes to the group, and our socket ends the child anyway.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    posix_spawnattr_setpgroup(&attributes, 0)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)

    var process: pid_t = 0
    let failure = path.withCString { path in
      "--frames".withCString { option in
        var arguments: [UnsafeMutablePointer<CChar>?] = [
          UnsafeMutablePointer(mutating: path), UnsafeMutablePointer(mutating: option), nil,
        ]
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        return posix_spawn(&process, path, &actions, &attributes, &arguments, &environment)
      }
    }
    close(ends[1])
    guard failure == 0 else {
      close(ends[0])
      close(memory)
      return nil
    }
    self.process = process
    self.socket = ends[0]
    self.memory = memory
  }

  deinit {
    // A stopped or busy process does not notice that its socket is closed.
    kill(process, SIGKILL)
    close(socket)
    close(memory)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  }

  /// Whether it still runs. A child that has ended is not waited for here but in `deinit`.
  var isAlive: Bool {
    var ended = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    // Between answers there is nothing to read but the end.
    return poll(&ended, 1, 0) == 0
  }

  /// The symbols of the frame, in whichever order. Blocks until the child has worked for `limit`, and at most five times as
  /// long: on a busy machine a frame is not given up because others were at work.
  func symbols(in frame: GrayFrame, _ request: Request, within limit: Duration) throws(Fault) -> [Symbol] {
    try capacity.withLock { capacity throws(Fault) in
      guard hand(over: frame, &capacity) else { throw .died }
      return try ask(about: frame, request, within: limit)
    }
  }

  private func ask(about frame: GrayFrame, _ request: Request, within limit: Duration) throws(Fault) -> [Symbol] {
    let deadline = Deadline(limit, of: process)
    let question: [UInt32] = [
      0x315A_5843, UInt32(frame.width), UInt32(frame.height), UInt32(frame.width), request.formats.rawValue,
      request.flags, request.most,
    ]
    let sent = question.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    guard sent == question.count * 4 else { throw .died }
    var head = ZXingAnswer(try receive(8, until: deadline))
    guard head.number() == 0x315A_5843, let length = head.number(), length <= 1 << 24 else { throw .died }
    var answer = ZXingAnswer(try receive(Int(length), until: deadline))
    var symbols: [Symbol] = []
    while !answer.isAtEnd {
      guard let symbol = answer.symbol() else { throw .died }
      if let symbol { symbols.append(symbol) }
    }
    return symbols
  }

  /// Copies the frame into the memory file; `false` when there is no memory for it.
  private func hand(over frame: GrayFrame, _ capacity: inout Int) -> Bool {
    let count = frame.bytes.count
    // Grown in steps, and given back after a large picture.
    let wanted = (count + 0xF_FFFF) & ~0xF_FFFF
    if wanted > capacity || capacity > 32 << 20 {
      guard ftruncate(memory, wanted) == 0 else { return false }
      capacity = wanted
    }
    return frame.bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < count {
        let put = pwrite(memory, bytes.baseAddress?.advanced(by: done), count - done, done)
        if put < 0 && errno == EINTR { continue }
        guard put > 0 else { return false }
        done += put
      }
      return true
    }
  }

  /// When a child has had its time: that of its processor, within a bound of the clock on the wall.
  private struct Deadline {
    private let process: pid_t
    private let worked: Duration
    private let end: ContinuousClock.Instant

    init(_ limit: Duration, of process: pid_t) {
      self.process = process
      worked = Self.processorTime(of: process) + limit
      end = ContinuousClock.now + limit * 5
    }

    /// How long it may be waited for without a look at the clocks; nil when there is no time left.
    var left: Duration? {
      let left = min(worked - Self.processorTime(of: process), end - ContinuousClock.now)
      return left > .zero ? left : nil
    }

    /// What a process has used; of one that is gone, none.
    private static func processorTime(of process: pid_t) -> Duration {
      var clock = clockid_t()
      var time = timespec()
      guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .zero }
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
  }

  private func receive(_ count: Int, until deadline: Deadline) throws(Fault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      guard let left = deadline.left else { throw .late }
      let milliseconds = Int32(clamping: Int(left / .milliseconds(1)) + 1)
      var answer = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      let ready = poll(&answer, 1, milliseconds)
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      let got = bytes.withUnsafeMutableBytes { recv(socket, $0.baseAddress?.advanced(by: done), count - done, 0) }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw .died }
      done += got
    }
    return bytes
  }
}
