import Glibc
import LabelDesign
import NIOCore
import NIOPosix
import Synchronization

/// A printer that is not there: listens on TCP as a printer does on port 9100, with one client at a time; the next waits. For tests,
/// and for trying a station without hardware.
public final class EmulatedPrinter: Sendable {
  /// What goes wrong with a connection.
  public enum Fault: Hashable, Sendable {
    /// It breaks the connection off, behind so many bytes.
    case reset(after: Int)
    /// It takes no more, and says nothing: behind so many bytes.
    case hang(after: Int)
  }

  private struct State {
    var emulation: PrinterEmulation
    var fault: Fault?
    var server: (any Channel)?
    var clients: [ObjectIdentifier: any Channel] = [:]
    var queue: [ObjectIdentifier] = []
    var onPrinted: (@Sendable ([UInt8]) -> Void)?
    var connections = 0
  }

  private let state: Mutex<State>

  public init(_ emulation: PrinterEmulation) { state = Mutex(State(emulation: emulation)) }

  /// Starts listening; gives back the port. 0 takes a free one.
  public func start(host: String = "127.0.0.1", port: Int = 0) async throws -> Int {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Client(self)) }
      }
      .bind(host: host, port: port).get()
    state.withLock { $0.server = server }
    return server.localAddress?.port ?? port
  }

  /// Stops listening and hangs up.
  public func stop() async throws {
    let (server, clients) = state.withLock { state in
      defer { state.server = nil }
      return (state.server, Array(state.clients.values))
    }
    try await server?.close()
    for client in clients { client.close(promise: nil) }
  }

  /// Changes what it is like, such as its conditions.
  public func change(_ body: @Sendable (inout PrinterEmulation) -> Void) {
    report { body(&$0.emulation) }
  }

  /// What goes wrong with every connection that is made from now on; nil for nothing.
  public var fault: Fault? {
    get { state.withLock { $0.fault } }
    set { state.withLock { $0.fault = newValue } }
  }

  /// The labels that it has printed.
  public var printed: [[UInt8]] { state.withLock { $0.emulation.printed } }
  /// The labels that it has and has not printed.
  public var waiting: [[UInt8]] { state.withLock { $0.emulation.waiting } }
  /// How many clients there have been.
  public var connections: Int { state.withLock { $0.connections } }

  /// Hears of every label that is printed.
  public func onPrinted(_ body: @escaping @Sendable ([UInt8]) -> Void) { state.withLock { $0.onPrinted = body } }

  /// Does something, and tells what was printed by it.
  @discardableResult
  private func report<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
    let (value, new, tell) = state.withLock { state in
      let before = state.emulation.printed.count
      let value = body(&state)
      return (value, Array(state.emulation.printed[before...]), state.onPrinted)
    }
    if let tell { for label in new { tell(label) } }
    return value
  }

  /// A client has come; gives back what goes wrong with it.
  fileprivate func connected(_ channel: any Channel) -> Fault? {
    let (isFirst, fault) = state.withLock { state in
      state.connections += 1
      state.clients[ObjectIdentifier(channel)] = channel
      state.queue.append(ObjectIdentifier(channel))
      return (state.queue.count == 1, state.fault)
    }
    if isFirst { Self.serve(channel) }
    return fault
  }

  fileprivate func disconnected(_ channel: any Channel) {
    let next = state.withLock { state -> (any Channel)? in
      let wasFirst = state.queue.first == ObjectIdentifier(channel)
      state.clients[ObjectIdentifier(channel)] = nil
      state.queue.removeAll { $0 == ObjectIdentifier(channel) }
      if wasFirst { state.emulation.disconnect() }
      return wasFirst ? state.queue.first.flatMap { state.clients[$0] } : nil
    }
    if let next { Self.serve(next) }
  }

  private static func serve(_ channel: any Channel) {
    channel.setOption(.autoRead, value: true).whenComplete { _ in }
    channel.read()
  }

  /// Takes bytes of a client; `count` is how many it has sent before, `fault` what goes wrong with it.
  fileprivate func take(_ bytes: [UInt8], after count: Int, _ fault: Fault?) -> (answer: [UInt8], end: Fault?) {
    report { state in
      var taken = bytes[...]
      var end: Fault?
      switch fault {
      case .reset(let limit)? where count + bytes.count >= limit:
        (taken, end) = (bytes.prefix(max(0, limit - count)), fault)
      case .hang(let limit)? where count + bytes.count >= limit:
        (taken, end) = (bytes.prefix(max(0, limit - count)), fault)
      default: break
      }
      return (state.emulation.receive(taken), end)
    }
  }
}

/// One client of the emulated printer.
private final class Client: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let printer: EmulatedPrinter
  private var count = 0
  private var fault: EmulatedPrinter.Fault?

  init(_ printer: EmulatedPrinter) { self.printer = printer }

  func channelActive(context: ChannelHandlerContext) { fault = printer.connected(context.channel) }

  func channelInactive(context: ChannelHandlerContext) { printer.disconnected(context.channel) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = Array(unwrapInboundIn(data).readableBytesView)
    let (answer, end) = printer.take(bytes, after: count, fault)
    count += bytes.count
    if !answer.isEmpty { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil) }
    switch end {
    case .reset?:
      // Zero seconds to linger: the other side gets a reset.
      let channel = context.channel
      let lingering = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      (lingering ?? channel.eventLoop.makeSucceededVoidFuture()).whenComplete { _ in channel.close(promise: nil) }
    case .hang?: context.channel.setOption(.autoRead, value: false).whenComplete { _ in }
    case nil: break
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
