import Foundation
import Testing

/// A TCP connection on which a test sends what no client of ours would.
enum RawConnection {
  struct Failed: Error { let what: String }

  /// Sends bytes to a port of this machine and gives the first line of what is answered; the connection stays open until then.
  static func firstLine(port: Int, sending text: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try ask(port, Array(text.utf8)) }) }
    }
  }

  private static func ask(_ port: Int, _ bytes: [UInt8]) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failed(what: "socket") }
    defer { close(descriptor) }
    // A test that gets no answer fails, and does not hang.
    var limit = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failed(what: "connect") }
    guard send(descriptor, bytes, bytes.count, 0) == bytes.count else { throw Failed(what: "send") }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !answer.contains(0x0A) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { throw Failed(what: "no answer") }
      answer += buffer[..<count]
    }
    return String(decoding: answer.prefix { $0 != 0x0D }, as: UTF8.self)
  }
}
