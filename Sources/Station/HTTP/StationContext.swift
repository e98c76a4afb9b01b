import Custody
import Hummingbird
import NIOCore
import StationStore

/// What a request carries through the station.
struct StationContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Who is signed in; nil for nobody.
  var signedIn: SignedIn?
  /// The language of the pages.
  var language = PageLanguage.english

  /// Whether the request comes from this machine.
  let isLocal: Bool
  /// The address of the other end; nil for a socket of this machine.
  let remoteAddress: String?

  init(source: Source) {
    coreContext = .init(source: source)
    isLocal = source.channel.remoteAddress?.isLoopback ?? false
    remoteAddress = source.channel.remoteAddress?.ipAddress
  }

  /// Pictures are the largest thing anybody sends.
  var maxUploadSize: Int { 64 << 20 }

  /// Who is signed in; throws the problem that says how to sign in.
  func requireSignedIn() throws -> SignedIn {
    guard let signedIn else { throw Problem.notSignedIn }
    return signedIn
  }
}

extension SocketAddress {
  /// Whether it is of this machine: 127.0.0.0/8 (RFC 1122, section 3.2.1.3), ::1, or the former written as an IPv6 address.
  var isLoopback: Bool {
    guard let text = ipAddress else { return false }
    return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
  }
}
