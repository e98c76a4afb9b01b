import Certificates
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

@testable import HTTPServing

/// A server on a free port of all addresses of this machine, that answers `hello`, and how long a body is.
func serving<Answer: Sendable>(
  _ serving: HTTPServing, host: String = "0.0.0.0", _ body: @escaping @Sendable (_ port: Int) async throws -> Answer
) async throws -> Answer {
  let router = Router()
  router.get("/hello") { _, _ in "hello" }
  router.post("/length") { request, _ in "\(try await request.body.collect(upTo: 1 << 26).readableBytes)" }
  let (ports, continuation) = AsyncStream<Int>.makeStream()
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let application = Application(
    router: router, server: serving.builder, configuration: .init(address: .hostname(host, port: 0)),
    onServerRunning: { channel in
      continuation.yield(channel.localAddress?.port ?? 0)
      continuation.finish()
    }, logger: logger)
  let group = ServiceGroup(services: [application], logger: logger)
  return try await withThrowingTaskGroup(of: Answer?.self) { tasks in
    tasks.addTask {
      defer { continuation.finish() }
      try await group.run()
      return nil
    }
    var answer: Answer?
    for await port in ports { answer = try await body(port) }
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
    guard let answer else { throw Unreached() }
    return answer
  }
}

struct Unreached: Error {}

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A bare TCP connection that says what it is told.
actor BareConnection {
  private let channel: any Channel
  private let received: Received

  private final class Received: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    let text = Mutex("")
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let part = String(buffer: unwrapInboundIn(data))
      text.withLock { $0 += part }
    }
  }

  init(port: Int) async throws {
    let received = Received()
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(received) }
      }.connect(host: "127.0.0.1", port: port).get()
    self.received = received
  }

  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }
  var answer: String { received.text.withLock { $0 } }
  var isOpen: Bool { channel.isActive }
  func ended() async throws { try await channel.closeFuture.get() }
  func close() async throws { try await channel.close() }
}
