import Hummingbird

/// What a request carries through the centre.
struct CentralContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The address of the other end; nil for a socket of this machine.
  let remoteAddress: String?

  init(source: Source) {
    coreContext = .init(source: source)
    remoteAddress = source.channel.remoteAddress?.ipAddress
  }

  /// Where a request comes from: the connection's address, or what the proxy says, whose own entry is the last.
  func address(of request: Request, isBehindProxy: Bool) -> String {
    if isBehindProxy, let said = request.headers[named: "X-Forwarded-For"]?.split(separator: ",").last {
      return String(said.drop { $0 == " " }.prefix(64))
    }
    return remoteAddress ?? "this machine"
  }
}
