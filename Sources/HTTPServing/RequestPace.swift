import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections of those who send their requests drop by drop: each connection that is open takes memory, and there
/// are only so many.
///
/// The first request's head must be whole within ``headPatience`` of the connection (with TLS, handshake included). A body
/// must come at ``slowest`` bytes a second, with ``bodyPatience`` on top. Time in which the server itself does not read counts
/// for nobody.
final class RequestPace: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  struct Limits: Hashable, Sendable {
    var headPatience = TimeAmount.seconds(20)
    var bodyPatience = TimeAmount.seconds(20)
    /// Bytes a second.
    var slowest: Int64 = 4096
    /// How long a connection may be kept open between requests.
    var idle = TimeAmount.seconds(90)

    static let standard = Limits()
  }

  private let limits: Limits
  /// Since when a body is being read; nil between requests.
  private var since: NIODeadline?
  private var received: Int64 = 0
  private var hasBegun = false
  /// Whether the server wants more than has come.
  private var wanting = false
  private var timer: Scheduled<Void>?

  init(_ limits: Limits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { watch(context, in: limits.headPatience) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelActive(context: ChannelHandlerContext) {
    watch(context, in: limits.headPatience)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func read(context: ChannelHandlerContext) {
    wanting = true
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wanting = false
    switch unwrapInboundIn(data) {
    case .head:
      hasBegun = true
      since = context.eventLoop.now
      received = 0
      watch(context, in: limits.bodyPatience)
    case .body(let part):
      received += Int64(part.readableBytes)
    case .end:
      since = nil
    }
    context.fireChannelRead(data)
  }

  /// One look at a time: most requests are whole long before it comes.
  private func watch(_ context: ChannelHandlerContext, in wait: TimeAmount) {
    guard timer == nil else { return }
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
      timer = nil
      look(context)
    }
  }

  private func look(_ context: ChannelHandlerContext) {
    guard hasBegun else { return context.close(promise: nil) }
    guard let since else { return }
    let due = since + limits.bodyPatience + .seconds(received / max(1, limits.slowest))
    let now = context.eventLoop.now
    if now >= due, wanting { return context.close(promise: nil) }
    watch(context, in: max(.seconds(1), due - now))
  }
}
