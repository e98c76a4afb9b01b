import CLinux
import Glibc

/// A running `ffmpeg`, its output, and its end. Used by one thread.
///
/// It inherits no descriptor but its own three, gets its arguments without a shell, and dies with the thread that started
/// it: by a signal where util-linux's `setpriv` is (on Debian always), else at the next frame, which has nowhere to go.
struct FFmpegChild: ~Copyable {
  private let identifier: pid_t
  /// Frames come out here; does not block.
  let output: Int32
  /// Complaints come out here; does not block.
  let errors: Int32
  private var isReaped = false

  /// Starts ffmpeg with these arguments; `script`, of a few kilobytes at most, is its standard input.
  init(_ arguments: [String], script: String? = nil) throws(CameraFault) {
    guard let ffmpeg = Executable.path(of: "ffmpeg") else { throw .ffmpegMissing }
    var command = [ffmpeg] + arguments
    if let setpriv = Executable.path(of: "setpriv") { command = [setpriv, "--pdeathsig", "KILL", "--"] + command }

    var (frames, framesEnd, complaints, complaintsEnd): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    guard custody_pipe(&frames, &framesEnd) == 0 else { throw .notStarted(code: errno) }
    guard custody_pipe(&complaints, &complaintsEnd) == 0 else {
      let code = errno
      close(frames)
      close(framesEnd)
      throw .notStarted(code: code)
    }
    let input: Int32
    do {
      input = try Self.input(script)
    } catch {
      for descriptor in [frames, framesEnd, complaints, complaintsEnd] { close(descriptor) }
      throw error
    }
    let (code, child) = Self.spawn(command, input: input, output: framesEnd, errors: complaintsEnd)
    for descriptor in [input, framesEnd, complaintsEnd] { close(descriptor) }
    guard code == 0 else {
      close(frames)
      close(complaints)
      throw .notStarted(code: code)
    }
    identifier = child
    output = frames
    errors = complaints
    for descriptor in [output, errors] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    // A megabyte holds a whole 720p frame; where it is refused, the pipe's own 64 kB do.
    _ = custody_pipe_size(output, 1 << 20)
  }

  /// Ends ffmpeg, waits until it is gone, and gives back its exit status; nil when a signal ended it.
  ///
  /// It gets half a second to say good-bye: some network cameras count a session as open until it is closed.
  mutating func end(killing: Bool) -> Int32? {
    defer {
      close(output)
      close(errors)
      isReaped = true
    }
    if killing { kill(identifier, SIGTERM) }
    var status: Int32 = 0
    for _ in 0..<50 {
      if waitpid(identifier, &status, WNOHANG) != 0 { return Self.exitStatus(status) }
      usleep(10_000)
    }
    kill(identifier, SIGKILL)
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return Self.exitStatus(status)
  }

  deinit { assert(isReaped, "a child must be ended") }

  private static func exitStatus(_ status: Int32) -> Int32? { status & 0x7F == 0 ? (status >> 8) & 0xFF : nil }

  /// A descriptor from which a text can be read, and nothing after it.
  private static func input(_ text: String?) throws(CameraFault) -> Int32 {
    var (reader, writer): (Int32, Int32) = (-1, -1)
    guard custody_pipe(&reader, &writer) == 0 else { throw .notStarted(code: errno) }
    defer { close(writer) }
    let bytes = Array((text ?? "").utf8)
    // A pipe holds 4 KiB at least (pipe(7)), and its reader is open: this neither waits nor raises a signal.
    guard bytes.isEmpty || write(writer, bytes, bytes.count) == bytes.count else {
      let code = errno
      close(reader)
      throw .notStarted(code: code)
    }
    return reader
  }

  private static func spawn(
    _ command: [String], input: Int32, output: Int32, errors: Int32
  ) -> (code: Int32, child: pid_t) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    custody_spawn_close_from(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own: Ctrl-C in the station's terminal is for the station, which ends its children itself. No signal
    // is blocked or ignored, or ffmpeg would outlive the reader of its pipe.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var child: pid_t = 0
    let code = withStrings(command) { arguments in
      withStrings(environment) { environment in
        posix_spawn(&child, command[0], &actions, &attributes, arguments, environment)
      }
    }
    return (code, child)
  }

  /// This process's environment without the station's own settings: a token is none of ffmpeg's business.
  private static var environment: [String] {
    var variables: [String] = []
    var next = environ
    while let variable = next.pointee {
      variables.append(String(cString: variable))
      next += 1
    }
    return variables.filter { !$0.hasPrefix("CUSTODY_") }
  }

  private static func withStrings<Answer>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Answer
  ) -> Answer {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return body(&pointers)
  }
}
