import Foundation
import Glibc
import Synchronization

/// The network between a browser and a station, on a port of its own: it can be cut, with every connection on it, and joined again. A
/// browser's own way of playing offline leaves its service workers online.
final class NetworkLine: Sendable {
  private struct State {
    var isCut = false
    var isOver = false
    var ends: Set<Int32> = []
  }

  private let state = Mutex(State())
  private let listener: Int32
  /// Where it listens, on 127.0.0.1.
  let port: Int

  /// Runs `body` with a line to a port of this machine.
  static func run<Answer>(to port: Int, _ body: (NetworkLine) async throws -> Answer) async throws -> Answer {
    let line = try NetworkLine(to: port)
    defer { line.end() }
    return try await body(line)
  }

  private init(to target: Int) throws {
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.address(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, length) | listen(listening, 64) | getsockname(listening, $0, &length)
      }
    }
    guard status == 0 else { throw Failure("no port for a network line") }
    listener = listening
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in
      while true {
        let near = accept(listener, nil, nil)
        if state.withLock({ $0.isOver }) { return }
        if near >= 0 { carry(near, to: target) }
      }
    }
  }

  /// Cuts every connection; new ones come to nothing until ``join()``.
  func cut() {
    state.withLock { state in
      state.isCut = true
      for end in state.ends { shutdown(end, Int32(SHUT_RDWR)) }
    }
  }

  func join() { state.withLock { $0.isCut = false } }

  private func end() {
    cut()
    state.withLock { $0.isOver = true }
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private static func address(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(port).bigEndian
    return address
  }

  private func carry(_ near: Int32, to target: Int) {
    let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.address(target)
    let isOpen = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let isTaken =
      isOpen
      && state.withLock { state in
        guard !state.isCut, !state.isOver else { return false }
        state.ends.formUnion([near, far])
        return true
      }
    guard isTaken else {
      close(near)
      close(far)
      return
    }
    // Whichever way ends last closes both.
    let ways = Ways()
    for (from, to) in [(near, far), (far, near)] {
      Thread.detachNewThread { [self] in
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while true {
          let count = recv(from, &bytes, bytes.count, 0)
          guard count > 0, Self.sendAll(to, bytes[..<count]) else { break }
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
        guard ways.endOne() else { return }
        state.withLock { state in
          state.ends.subtract([near, far])
          close(near)
          close(far)
        }
      }
    }
  }

  private static func sendAll(_ to: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// The two ways of a connection.
private final class Ways: Sendable {
  private let open = Mutex(2)

  /// Ends one of them; true when it was the last.
  func endOne() -> Bool {
    open.withLock { open in
      open -= 1
      return open == 0
    }
  }
}
