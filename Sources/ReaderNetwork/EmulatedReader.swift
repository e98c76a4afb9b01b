import NIOCore
import NIOPosix
import NIOSSL
import ScannerProtocols
import Synchronization

/// A reader that is not there: listens on TCP and speaks LLRP as a reader does, with one client at a time. For tests, and for
/// trying a station without hardware.
///
///     let reader = try EmulatedReader(LLRPEmulation(recording: bytes))
///     let port = try await reader.start(port: 5084)
///     while … { reader.playNext() }
public final class EmulatedReader: Sendable {
  private struct State {
    var emulation: LLRPEmulation
    var server: (any Channel)?
    var client: (any Channel)?
    var played = 0
  }

  private let tls: NIOSSLContext?
  private let state: Mutex<State>

  /// A reader that behaves as `emulation` says; with TLS when a context of a server is given.
  public init(_ emulation: LLRPEmulation, tls: NIOSSLContext? = nil) {
    self.tls = tls
    state = Mutex(State(emulation: emulation))
  }

  /// Starts listening; gives back the port. 0 takes a free one.
  public func start(host: String = "127.0.0.1", port: Int = 0) async throws -> Int {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls = self.tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
          try channel.pipeline.syncOperations.addHandler(Client(self))
        }
      }
      .bind(host: host, port: port).get()
    state.withLock { $0.server = server }
    return server.localAddress?.port ?? port
  }

  /// Stops listening and hangs up.
  public func stop() async throws {
    let (server, client) = state.withLock { state in
      defer { state.server = nil }
      return (state.server, state.client)
    }
    try await server?.close()
    client?.close(promise: nil)
  }

  /// Hangs up, as a reader does that loses its power.
  public func hangUp() { state.withLock { $0.client }?.close(promise: nil) }

  /// Whether a client has an inventory running.
  public var isReading: Bool { state.withLock { $0.client != nil && $0.emulation.isReading } }

  /// Whether a client is connected.
  public var isConnected: Bool { state.withLock { $0.client != nil } }

  /// How often the client wants a sign of life; nil for never.
  public var keepAlive: Duration? { state.withLock { $0.emulation.keepAlive } }

  /// What the client has asked so far.
  public var received: [LLRPMessage] { state.withLock { $0.emulation.received } }

  /// Reports tags; nothing when no inventory runs.
  public func report(_ reads: [TagRead]) throws {
    let message = try state.withLock { state in
      state.emulation.isReading ? try state.emulation.report(reads) : nil
    }
    if let message { send(message.bytes) }
  }

  /// Sends the next report of the recording, from the begin again after the last; false when no inventory runs or nothing is
  /// recorded.
  @discardableResult public func playNext() -> Bool {
    let message = state.withLock { state -> LLRPMessage? in
      let reports = state.emulation.recordedReports
      guard state.emulation.isReading, !reports.isEmpty else { return nil }
      defer { state.played += 1 }
      return reports[state.played % reports.count]
    }
    guard let message else { return false }
    send(message.bytes)
    return true
  }

  /// Gives a sign of life.
  public func giveSignOfLife() { send(state.withLock { $0.emulation.signOfLife() }.bytes) }

  /// Sends bytes as they are, whatever they are; nothing without a client.
  public func send(_ bytes: [UInt8]) {
    state.withLock { $0.client }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  // MARK: One client

  fileprivate func connected(_ channel: any Channel) throws -> LLRPMessage? {
    try state.withLock { state in
      guard state.client == nil else { return nil }
      state.client = channel
      return try state.emulation.connected(at: Self.now)
    }
  }

  fileprivate func disconnected(_ channel: any Channel) {
    state.withLock { state in
      if state.client === channel { state.client = nil }
    }
  }

  fileprivate func take(_ bytes: [UInt8]) throws -> [LLRPMessage] {
    try state.withLock { try $0.emulation.receive(bytes) }
  }

  /// Microseconds since 1970.
  fileprivate static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
  }
}

/// One connection of a client.
private final class Client: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let reader: EmulatedReader
  private var isTaken = false

  init(_ reader: EmulatedReader) { self.reader = reader }

  func channelActive(context: ChannelHandlerContext) {
    do {
      if let welcome = try reader.connected(context.channel) {
        isTaken = true
        send(welcome, context)
      } else {
        send(try LLRPEmulation.busy(at: EmulatedReader.now), context)
        context.close(promise: nil)
      }
    } catch {
      context.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard isTaken else { return }
    do {
      for answer in try reader.take(Array(unwrapInboundIn(data).readableBytesView)) {
        send(answer, context)
        // CLOSE_CONNECTION_RESPONSE.
        if answer.type == 4 { context.close(promise: nil) }
      }
    } catch {
      // A client that speaks no LLRP.
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { reader.disconnected(context.channel) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func send(_ message: LLRPMessage, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: message.bytes)), promise: nil)
  }
}
