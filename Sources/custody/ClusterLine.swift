import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The line between a station of the cluster and the centre: hands bytes on, until it is cut. While a certain file is there, no
/// connection is made, and those that were are closed.
final class ClusterLine: Service {
  /// How often the file is looked for.
  private static let interval = Duration.milliseconds(100)

  private struct State {
    var isCut = false
    var open: [ObjectIdentifier: any Channel] = [:]
  }

  let port: Int
  private let centre: Int
  private let cutFile: String
  private let logger: Logger
  private let state = Mutex(State())

  init(port: Int, to centre: Int, cutFile: String, logger: Logger) {
    self.port = port
    self.centre = centre
    self.cutFile = cutFile
    self.logger = logger
  }

  func run() async throws {
    look()
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [self] station in join(station) }
      .bind(host: "127.0.0.1", port: port).get()
    await cancelWhenGracefulShutdown { [self] in
      while !Task.isCancelled {
        look()
        // A sleep that is cut short is the end.
        do { try await Task.sleep(for: Self.interval) } catch {}
      }
    }
    try await server.close()
    for channel in state.withLock({ Array($0.open.values) }) { channel.close(promise: nil) }
  }

  private func look() {
    let isCut = FileManager.default.fileExists(atPath: cutFile)
    let ended = state.withLock { state -> [any Channel] in
      state.isCut = isCut
      return isCut ? Array(state.open.values) : []
    }
    for channel in ended { channel.close(promise: nil) }
  }

  private func join(_ station: any Channel) -> EventLoopFuture<Void> {
    let isCut = state.withLock { state in
      if !state.isCut { state.open[ObjectIdentifier(station)] = station }
      return state.isCut
    }
    station.closeFuture.whenComplete { [self] _ in
      state.withLock { _ = $0.open.removeValue(forKey: ObjectIdentifier(station)) }
    }
    if isCut { return station.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
    // On one event loop, so that neither end waits for the other's.
    return ClientBootstrap(group: station.eventLoop).connect(host: "127.0.0.1", port: centre).flatMapThrowing {
      centre in
      let (one, two) = LineEnd.pair()
      try station.pipeline.syncOperations.addHandler(one)
      try centre.pipeline.syncOperations.addHandler(two)
    }
  }
}

/// One end of a line: what it reads, the other writes; it reads on once the other has room.
private final class LineEnd: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var other: LineEnd?
  private var context: ChannelHandlerContext?
  private var isReadWanted = false

  static func pair() -> (LineEnd, LineEnd) {
    let (one, two) = (LineEnd(), LineEnd())
    (one.other, two.other) = (two, one)
    return (one, two)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    other = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    other?.context?.write(wrapOutboundOut(unwrapInboundIn(data)), promise: nil)
  }

  func channelReadComplete(context: ChannelHandlerContext) { other?.context?.flush() }

  func channelInactive(context: ChannelHandlerContext) { other?.context?.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { other?.readOn() }
  }

  func read(context: ChannelHandlerContext) {
    if other?.context?.channel.isWritable ?? true { context.read() } else { isReadWanted = true }
  }

  private func readOn() {
    guard isReadWanted else { return }
    isReadWanted = false
    context?.read()
  }
}
