import NIOCore
import NIOPosix
import NIOSSL

/// Why a connection to a reader ended, or never came to be, and what to do about it.
struct ConnectionEnd: Error, Hashable {
  /// A sentence without its full stop.
  let reason: String
  let remedy: String

  init(reason: String, remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }

  /// What the session says.
  init(session reason: String) {
    let remedy =
      if reason.contains("client") {
        "Close the other program that is connected to the reader; it takes one at a time."
      } else if reason.contains("no LLRP") {
        "Check the port; LLRP is on 5084, and on 5085 with TLS: llrps://."
      } else if reason.contains("inventory") || reason.contains("set so") {
        "Check the options of its address: antennas, power, mode, session, prefix."
      } else {
        "Check its power and its cable. It is tried again by itself."
      }
    self.init(reason: reason, remedy: remedy)
  }

  /// The reader hung up.
  static let closedByReader = ConnectionEnd(
    reason: "the reader closed the connection", remedy: "Check its power and its cable. It is tried again by itself.")

  /// What an error of the network means.
  init(_ error: any Error, address: ReaderAddress) {
    switch error {
    case let end as ConnectionEnd: self = end
    case let error as NIOConnectionError where error.dnsAError != nil || error.dnsAAAAError != nil:
      if let first = error.connectionErrors.first {
        self.init(first.error, address: address)
      } else {
        self.init(
          reason: "the name \(address.host) is not known", remedy: "Check the name, or write the reader's IP address.")
      }
    case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
      self.init(error.connectionErrors[0].error, address: address)
    case ChannelError.connectTimeout:
      self.init(
        reason: "nothing answers at \(address.host)", remedy: "Check the address, the reader's power and its cable.")
    case let error as IOError: self.init(error.errnoCode, "\(error)", address)
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      let text = "\(error)"
      // What follows " at " is where in its own source text BoringSSL noticed it.
      let cause = text.split(separator: " at /").first.map(String.init) ?? text
      if text.contains("WRONG_VERSION_NUMBER") || text.contains("EOF during handshake") {
        self.init(
          reason: "port \(address.port) of \(address.host) does not answer with TLS",
          remedy: "Switch TLS on in the reader's own pages, or write its address with llrp://; check the port, too.")
      } else {
        self.init(
          reason: "the reader's certificate or TLS is not accepted (\(cause))",
          remedy: "Name the file of its certificate with ca=FILE, and the name in it with name=NAME.")
      }
    default:
      self.init(reason: "the connection failed (\(error))", remedy: "It is tried again by itself.")
    }
  }

  private init(_ code: CInt, _ text: String, _ address: ReaderAddress) {
    switch code {
    case ECONNREFUSED:
      self.init(
        reason: "\(address.host) refuses port \(address.port)",
        remedy: "Is LLRP switched on in the reader's own pages, and is this its port?")
    case EHOSTUNREACH, ENETUNREACH, ETIMEDOUT, EHOSTDOWN:
      self.init(
        reason: "nothing answers at \(address.host)", remedy: "Check the address, the reader's power and its cable.")
    case ECONNRESET, EPIPE: self = .closedByReader
    default: self.init(reason: "the connection failed (\(text))", remedy: "It is tried again by itself.")
    }
  }
}
