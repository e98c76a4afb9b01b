import Foundation
import NIOCore
import NIOPosix

/// Where a service is to listen. Tried before anything is opened or started, so that an address that cannot be had ends
/// the command with the reason alone.
struct ListeningAddress: Sendable {
  /// What listens there, as a sentence begins: "The desk".
  let listener: String
  let host: String
  /// 0 for any free one.
  let port: Int

  /// A port of the host that is free, and below those that systems hand out by themselves (RFC 6335, section 6; Linux: from
  /// 32768): whoever asks for any port, or calls out, does not take it before the listener does. Each process has
  /// eight that are no other's of the 1,500 that started around it, so that one that takes several does not meet the next.
  /// `taken` are those that it has taken and does not listen at yet. Throws what ``tried()`` throws.
  static func freePort(for listener: String, host: String, besides taken: [Int] = []) async throws -> Int {
    let (lowest, count) = (20_000, 12_000)
    let first = Int(getpid()) * 8 % count
    for attempt in 0..<99 {
      let port = lowest + (first + attempt / 8 * 968 + attempt % 8) % count
      if taken.contains(port) { continue }
      do {
        return try await ListeningAddress(listener: listener, host: host, port: port).tried()
      } catch let ending as Ending where ending.status == 3 {
        continue
      }
    }
    return try await ListeningAddress(listener: listener, host: host, port: 0).tried()
  }

  /// Listens there for a moment; gives the port. Throws an ``Ending`` that says which address, why, and what to do.
  @discardableResult
  func tried() async throws -> Int {
    do {
      // As the servers listen: what is left of closed connections does not count as in use.
      let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .bind(host: host, port: port).get()
      let port = channel.localAddress?.port ?? port
      try await channel.close()
      return port
    } catch let error as IOError {
      throw Ending(listening: self, error)
    } catch is SocketAddressError {
      throw Ending(
        2, "\(listener) cannot listen on \(host): no address has this name.",
        remedy: "Check --host: 127.0.0.1 is this machine alone, 0.0.0.0 all its addresses.")
    }
  }
}

extension Ending {
  /// Nobody can listen at an address; `address` where it is known which.
  init(listening address: ListeningAddress?, _ error: IOError) {
    let place = address.map { "\($0.host), port \($0.port)" }
    let listener = address?.listener ?? "The service"
    switch error.errnoCode {
    case EADDRINUSE:
      self.init(
        3, "\(listener) cannot listen on \(place ?? "the address"): the address is in use by another program.",
        remedy: "Stop it, or choose another port with --port.")
    case EADDRNOTAVAIL:
      self.init(
        2, "\(listener) cannot listen on \(place ?? "the address"): it is not an address of this machine.",
        remedy: "Check --host: 127.0.0.1 is this machine alone, 0.0.0.0 all its addresses.")
    case EACCES:
      self.init(
        3, "\(listener) may not listen on \(place ?? "the address"): ports below 1024 are the administrator's.",
        remedy: "Choose a port above 1023 with --port.")
    default:
      self.init(
        3, "\(listener) cannot listen on \(place ?? "the address"): \(String(cString: strerror(error.errnoCode))).",
        remedy: "Check --host and --port.")
    }
  }
}
