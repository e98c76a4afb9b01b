import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// How both ends serve HTTP: over TLS or in the clear, with bounds on how large a head may be and how long a request may
/// take.
public struct HTTPServing: Sendable {
  /// Nil serves in the clear.
  public let tls: ServerTLS?
  var limits = RequestPace.Limits.standard

  /// A way to serve.
  public init(tls: ServerTLS? = nil) { self.tls = tls }

  /// Most bytes of one header field, and of all together.
  static let longestField = 16 << 10
  static let longestHead = 32 << 10
  static let mostFields = 100

  /// `http` or `https`.
  public var scheme: String { tls == nil ? "http" : "https" }

  /// What builds the server of an application.
  public var builder: HTTPServerBuilder {
    let (tls, limits) = (tls, limits)
    return HTTPServerBuilder { responder in
      GuardedChannel(
        base: HTTP1Channel(
          responder: responder,
          configuration: .init(
            additionalChannelHandlers: [RequestPace(limits)], idleTimeout: limits.idle,
            httpDecoderConfiguration: .init(
              maxHeaderFieldSize: Self.longestField, maxHeaderListSize: Self.longestHead,
              maxHeaderFieldCount: Self.mostFields))),
        tls: tls)
    }
  }
}

/// A connection: TLS first where there is any, with the certificate of that moment.
private struct GuardedChannel: ServerChildChannel {
  let base: HTTP1Channel
  let tls: ServerTLS?

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    guard let tls else { return base.setup(channel: channel, logger: logger) }
    return channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
    }.flatMap { base.setup(channel: channel, logger: logger) }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
