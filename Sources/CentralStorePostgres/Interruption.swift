import CLinux
import CentralStore
import Glibc

/// What ends a wait in poll(2) from another thread: a pipe, waited for beside a connection's socket.
final class Interruption: Sendable {
  /// Readable while it is raised.
  let descriptor: Int32
  private let writing: Int32

  init() throws(CentralFault) {
    var ends: (Int32, Int32) = (-1, -1)
    guard custody_pipe(&ends.0, &ends.1) == 0 else {
      throw .unavailable(reason: "no pipe can be made: \(String(cString: strerror(errno)))")
    }
    (descriptor, writing) = ends
  }

  deinit {
    close(descriptor)
    close(writing)
  }

  func raise() {
    // A full pipe is raised already.
    if !isRaised { write(writing, "!", 1) }
  }

  func clear() {
    var byte: UInt8 = 0
    while isRaised { read(descriptor, &byte, 1) }
  }

  private var isRaised: Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, 0) == 1
  }
}

extension Interruption {
  /// Gives back once it is raised, or the time is over.
  func wait(atMost limit: Duration) {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&polled, 1, Int32(clamping: Int64(limit / .milliseconds(1))))
  }
}
