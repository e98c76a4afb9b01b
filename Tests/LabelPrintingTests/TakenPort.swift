import Glibc

/// A TCP port of this machine that is bound, and where nobody listens: whoever connects is refused.
struct TakenPort {
  struct Fault: Error {
    let errno: Int32
  }

  let number: Int
  private let socket: Int32

  init() throws(Fault) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socket
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
      }
    }
    guard status == 0 else {
      close(socket)
      throw Fault(errno: errno)
    }
    number = Int(UInt16(bigEndian: address.sin_port))
  }

  func giveBack() { close(socket) }
}
