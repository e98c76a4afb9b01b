import CLinux
import Glibc

/// A folder into which others put pictures: each file is handed out once it is whole, and filed away when it was read.
///
/// A file is whole when its writer has closed it or it was moved in. Where the file system grants leases (any local one),
/// a file that somebody still has open for writing is left alone until it is closed, at the start too. Hidden files and
/// those named `.part`, `.tmp` or `~` are left alone until they are renamed; so is whatever is no regular file.
public final class WatchedFolder: Sendable {
  /// Where the files come in.
  public let path: String
  /// Names of files that are whole, in the order in which they became so; ends when the folder is no longer watched. A
  /// name may come twice, and its file may be gone by then.
  public let names: AsyncStream<String>
  private let mailbox: AsyncStream<String>.Continuation
  private let thread = ThreadWithBell()

  /// How long an unleasable file that was there before must have lain untouched.
  private static let rest: Int = 2
  /// How long until a folder that is gone is looked for again, milliseconds.
  private static let retry: Int32 = 2_000

  /// Looks whether the folder can be watched, and makes its folders `done` and `failed`.
  public init(_ path: String) throws(WatchedFolderError) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    (names, mailbox) = AsyncStream.makeStream()
    if let kind = Self.fault(of: self.path) { throw WatchedFolderError(path: path, kind: kind) }
  }

  /// Looks whether a folder can be watched, and makes its folders `done` and `failed`; what is wrong with it, else nil.
  private static func fault(of path: String) -> WatchedFolderError.Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    guard status.st_mode & S_IFMT == S_IFDIR else { return .noFolder }
    guard access(path, R_OK | W_OK | X_OK) == 0 else { return .notWritable }
    for place in Place.allCases where mkdir(path + "/" + place.rawValue, 0o755) != 0 && errno != EEXIST {
      return .notWritable
    }
    return nil
  }

  /// Watches until the task is cancelled. Once per folder. `onChange` is told why the folder cannot be watched each time
  /// that is tried, and nil when it is.
  public func run(onChange: @escaping @Sendable (WatchedFolderError?) -> Void = { _ in }) async {
    await thread.run { [self] bell in
      if let bell { watch(bell, onChange) } else { onChange(WatchedFolderError(path: path, kind: .notWatchable)) }
      mailbox.finish()
    }
  }

  // MARK: On the folder's thread

  private func watch(_ bell: Int32, _ onChange: (WatchedFolderError?) -> Void) {
    while !isStopping {
      let fault = Self.fault(of: path) ?? listen(bell) { onChange(nil) }
      if let fault { onChange(WatchedFolderError(path: path, kind: fault)) }
      var stop = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
      // The folder may come back: a share that is mounted again.
      if !isStopping { _ = poll(&stop, 1, Self.retry) }
    }
  }

  /// Listens until it is stopped, or the folder is gone: then says what is wrong. `begun` is called once it listens.
  private func listen(_ stop: Int32, begun: () -> Void) -> WatchedFolderError.Kind? {
    let inotify = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard inotify >= 0 else { return .notWatchable }
    defer { close(inotify) }
    let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
    guard inotify_add_watch(inotify, path, mask) >= 0 else { return errno == ENOSPC ? .notWatchable : .missing }
    begun()
    // Watched first, listed second: what comes in between is heard of twice rather than not at all.
    var restless = listing().filter { !offer($0, isClosed: false) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    defer { buffer.deallocate() }
    while !isStopping {
      var polled = [stop, inotify].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = poll(&polled, 2, restless.isEmpty ? -1 : 1_000)
      let count = read(inotify, buffer.baseAddress, buffer.count)
      if count > 0 {
        for (name, what) in Self.events(in: UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
          if what & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED) != 0 { return .missing }
          if what & UInt32(IN_Q_OVERFLOW) != 0 {
            restless = listing().filter { !offer($0, isClosed: false) }
          } else if !name.isEmpty {
            restless.removeAll { $0 == name }
            _ = offer(name, isClosed: true)
          }
        }
      }
      restless = restless.filter { !offer($0, isClosed: false) }
    }
    return nil
  }

  /// Hands a file out when it is whole. False when only time can tell whether it is.
  private func offer(_ name: String, isClosed: Bool) -> Bool {
    let isPartial = name.hasPrefix(".") || [".part", ".tmp", ".crdownload", "~"].contains { name.hasSuffix($0) }
    var status = stat()
    guard !isPartial, lstat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return true }
    let file = open(path + "/" + name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    if file >= 0 {
      defer { close(file) }
      if custody_lease(file) == 0 {
        _ = custody_unlease(file)
        mailbox.yield(name)
        return true
      }
      // Its writer will be heard when it closes it.
      if errno == EAGAIN { return true }
    }
    // No lease here (a network share, another's file), or not to be opened: then that is what the reading will say.
    guard isClosed || time(nil) - status.st_mtim.tv_sec >= Self.rest else { return false }
    mailbox.yield(name)
    return true
  }

  /// The names in the folder, oldest first.
  private func listing() -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var found: [(name: String, seconds: Int, nanoseconds: Int)] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      guard lstat(path + "/" + name, &status) == 0 else { continue }
      found.append((name, status.st_mtim.tv_sec, status.st_mtim.tv_nsec))
    }
    return found.sorted { ($0.seconds, $0.nanoseconds, $0.name) < ($1.seconds, $1.nanoseconds, $1.name) }.map(\.name)
  }

  /// The events of a read: struct inotify_event of inotify(7), each followed by its name, padded with NUL.
  private static func events(in bytes: UnsafeRawBufferPointer) -> [(name: String, mask: UInt32)] {
    var events: [(String, UInt32)] = []
    var start = 0
    while start + 16 <= bytes.count {
      let mask = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
      let length = Int(bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
      guard start + 16 + length <= bytes.count else { break }
      let name = bytes[(start + 16)..<(start + 16 + length)].prefix { $0 != 0 }
      events.append((String(decoding: name, as: UTF8.self), mask))
      start += 16 + length
    }
    return events
  }

  private var isStopping: Bool { thread.isStopping }
}

/// Why a folder cannot be watched.
public struct WatchedFolderError: Error, Sendable, Equatable, CustomStringConvertible {
  enum Kind: Sendable {
    case missing, noFolder, notWritable, notWatchable
  }

  public let path: String
  let kind: Kind

  /// One sentence that says what is wrong.
  public var description: String {
    switch kind {
    case .missing: "There is no folder \(path) to watch."
    case .noFolder: "\(path) is no folder."
    case .notWritable: "The folder \(path) cannot be written: pictures are moved away in it once they are read."
    case .notWatchable: "The system allows no further folder to be watched."
    }
  }

  /// One sentence that says what to do about it.
  public var remedy: String {
    switch kind {
    case .missing, .noFolder: "Make it (mkdir -p), or correct watch.folder."
    case .notWritable: "Give the station's user permission to read and write it."
    case .notWatchable: "Raise fs.inotify.max_user_instances (sysctl)."
    }
  }
}
