import Foundation
import Glibc

/// The text of a PDF, laid out as on its page. The parser of a stranger's file is a process of its own (`pdftotext` of
/// poppler-utils), with no more memory, time and output than a certificate needs: what it does with a hostile file is not ours.
public enum PDFText {
  /// Why there is no text.
  public enum Fault: Error, Hashable, Sendable {
    /// `pdftotext` or `prlimit` is not installed, or there is no room for another process.
    case unavailable
    /// It is no PDF that can be read, or it holds no text.
    case unreadable
    /// It took longer than it may, or wrote more than a certificate has.
    case tooMuch
  }

  /// Pages that are read, bytes of memory, seconds of the processor, bytes of text.
  static let pages = 20, memory = 512 << 20, seconds = 10, output = 4 << 20

  /// The text of the first 20 pages, in UTF-8. Blocks a thread of its own, at most for `limit`.
  public static func text(of pdf: [UInt8], within limit: Duration = .seconds(20)) async -> Result<String, Fault> {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: take(pdf, limit)) }
    }
  }

  private static func take(_ pdf: [UInt8], _ limit: Duration) -> Result<String, Fault> {
    // A file without a name, gone with its last descriptor: pdftotext wants to seek.
    guard let file = tmpfile() else { return .failure(.unavailable) }
    defer { fclose(file) }
    // Nobody but this one child inherits it: dup2 there clears the mark.
    _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC)
    guard fwrite(pdf, 1, pdf.count, file) == pdf.count, fflush(file) == 0, lseek(fileno(file), 0, SEEK_SET) == 0 else {
      return .failure(.unavailable)
    }
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      return .failure(.unavailable)
    }
    defer { close(ends[0]) }
    let process = start(input: fileno(file), output: ends[1])
    close(ends[1])
    guard let process else { return .failure(.unavailable) }
    let text = read(ends[0], until: ContinuousClock.now + limit)
    // A process that still runs has nothing more to say.
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    guard let text else { return .failure(.tooMuch) }
    let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    if code == 126 || code == 127 { return .failure(.unavailable) }
    let string = String(decoding: text, as: UTF8.self)
    guard code == 0, string.contains(where: { !$0.isWhitespace }) else { return .failure(.unreadable) }
    return .success(string.replacingOccurrences(of: "\u{0C}", with: "\n"))
  }

  private static func start(input: Int32, output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // By way of high numbers: one that already has the wanted number would keep its close-on-exec mark.
    posix_spawn_file_actions_adddup2(&actions, input, 200)
    posix_spawn_file_actions_adddup2(&actions, output, 201)
    posix_spawn_file_actions_adddup2(&actions, 200, 0)
    posix_spawn_file_actions_adddup2(&actions, 201, 1)
    posix_spawn_file_actions_addclose(&actions, 200)
    posix_spawn_file_actions_addclose(&actions, 201)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    let words = [
      "prlimit", "--as=\(memory)", "--cpu=\(seconds)", "--nofile=32", "--", "pdftotext", "-layout", "-enc", "UTF-8",
      "-l",
      "\(pages)", "-", "-",
    ]
    var arguments = words.map { strdup($0) } + [nil]
    var environment = [strdup("PATH=/usr/local/bin:/usr/bin:/bin"), strdup("LC_ALL=C.UTF-8"), nil]
    defer { for text in arguments + environment { free(text) } }
    var process: pid_t = 0
    return posix_spawnp(&process, "prlimit", &actions, nil, &arguments, &environment) == 0 ? process : nil
  }

  /// Everything up to the end; nil when that does not come in time, or is too much.
  private static func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> [UInt8]? {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { return nil }
      let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, Int32(clamping: milliseconds + 1))
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return nil }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return text }
      if count < 0 {
        if errno == EINTR { continue }
        return nil
      }
      text += buffer[..<count]
      guard text.count <= output else { return nil }
    }
  }
}
