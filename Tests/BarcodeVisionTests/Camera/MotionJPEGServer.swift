import Foundation
import Glibc
import Synchronization

/// A small camera in the network: MJPEG over HTTP (multipart/x-mixed-replace), on a free port of this machine.
final class MotionJPEGServer: Sendable {
  private struct State {
    var connections = 0
    var open: [Int32] = []
    var isStopped = false
  }

  private let listener: Int32
  let port: Int
  private let state = Mutex(State())

  /// Sends these pictures over and over, 20 a second; nothing at all, not even a head, when there are none.
  init(_ pictures: [[UInt8]]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 4) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard bound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in accepting(pictures) }
  }

  /// How often somebody connected.
  var connections: Int { state.withLock { $0.connections } }

  /// Cuts every connection; new ones are still taken.
  func cut() { state.withLock { state in state.open.forEach { shutdown($0, Int32(SHUT_RDWR)) } } }

  func stop() {
    state.withLock { $0.isStopped = true }
    cut()
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accepting(_ pictures: [[UInt8]]) {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else {
        close(listener)
        return
      }
      let isStopped = state.withLock { state in
        state.connections += 1
        state.open.append(connection)
        return state.isStopped
      }
      if isStopped { shutdown(connection, Int32(SHUT_RDWR)) }
      Thread.detachNewThread { [self] in
        if pictures.isEmpty {
          // Holds the line until the other side lets go.
          var byte: UInt8 = 0
          while recv(connection, &byte, 1, 0) > 0 {}
        } else {
          serve(pictures, to: connection)
        }
        state.withLock { state in
          state.open.removeAll { $0 == connection }
          close(connection)
        }
      }
    }
  }

  private func serve(_ pictures: [[UInt8]], to connection: Int32) {
    func send(_ bytes: [UInt8]) -> Bool {
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
    var isOpen = send(
      Array("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n".utf8))
    var next = 0
    while isOpen {
      let picture = pictures[next % pictures.count]
      next += 1
      let head = "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: \(picture.count)\r\n\r\n"
      isOpen = send(Array(head.utf8) + picture + [0x0D, 0x0A])
      usleep(50_000)
    }
  }
}
