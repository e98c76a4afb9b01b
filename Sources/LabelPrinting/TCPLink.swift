import Glibc
import LabelDesign
import NIOCore
import NIOPosix

/// A raw TCP connection to a printer, as on port 9100.
struct TCPLink: PrinterLink {
  private let channel: any Channel
  let inbox: LinkInbox

  /// What goes out at a time: so much is not known to have gone when the connection breaks.
  private static let piece = 4_096

  /// Connects.
  init(host: String, port: Int, patience: PrintPatience) async throws(LinkFault) {
    let inbox = LinkInbox()
    self.inbox = inbox
    do {
      channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(TimeAmount(patience.connection))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        // A printer that says no more may still take bytes.
        .channelOption(.allowRemoteHalfClosure, value: false)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox)) }
        }
        .connect(host: host, port: port).get()
    } catch {
      throw LinkFault(connecting: error, host: host, port: port)
    }
  }

  func send(
    _ bytes: [UInt8], patience: Duration, clock: any Clock<Duration>
  ) async -> (bytesSent: Int, fault: LinkFault?) {
    var sent = 0
    while sent < bytes.count {
      guard channel.isActive else { return (sent, inbox.fault ?? .closed) }
      let piece = bytes[sent..<min(sent + Self.piece, bytes.count)]
      if let fault = await written(ByteBuffer(bytes: piece), patience, clock) {
        // Some of the piece may have gone out.
        return (sent + piece.count, fault)
      }
      sent += piece.count
    }
    return (sent, nil)
  }

  /// Writes, or closes the connection when that takes too long or nobody waits for it any more.
  private func written(_ buffer: ByteBuffer, _ patience: Duration, _ clock: any Clock<Duration>) async -> LinkFault? {
    await withTaskCancellationHandler {
      await withTaskGroup(of: LinkFault?.self) { group in
        group.addTask { [channel, inbox] in
          do {
            try await channel.writeAndFlush(buffer)
            return nil
          } catch {
            return inbox.fault ?? LinkFault(.unreachable, "\(error)")
          }
        }
        group.addTask { [channel] in
          do { try await clock.sleep(for: patience) } catch { return nil }
          // The write ends with the channel.
          channel.close(promise: nil)
          return .stalled
        }
        var fault = await group.next() ?? nil
        group.cancelAll()
        // Cancelled, the wait may end first; what became of the write is what counts. A write that failed because it took too
        // long, and was ended for that, may be told of before.
        for await other in group where fault == nil || other == .stalled { fault = other }
        return fault
      }
    } onCancel: { [channel] in
      channel.close(promise: nil)
    }
  }

  func finish(patience: Duration, clock: any Clock<Duration>) async -> LinkFault? {
    do {
      try await channel.close(mode: .output)
    } catch {
      return inbox.fault ?? LinkFault(.unreachable, "\(error)")
    }
    // A printer that has taken everything closes too, or stays silent; one that has not resets the connection.
    while true {
      switch await inbox.take(within: patience, clock: clock) {
      case .bytes: continue
      case .nothing: return nil
      case .ended(let fault): return fault == .closed ? nil : fault
      }
    }
  }

  func portStatus() async -> PrinterStatus? { nil }

  func close() async {
    do {
      try await channel.close()
    } catch {
      // It is closed already.
    }
  }
}

/// Puts what comes into the inbox.
private final class InboxHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let inbox: LinkInbox

  init(_ inbox: LinkInbox) { self.inbox = inbox }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    inbox.append(unwrapInboundIn(data).readableBytesView)
  }

  func channelInactive(context: ChannelHandlerContext) {
    inbox.end(.closed)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    inbox.end(LinkFault(broken: error))
    context.close(promise: nil)
  }
}

extension LinkFault {
  /// What an error of the network means.
  fileprivate init(connecting error: any Error, host: String, port: Int) {
    switch error {
    case let error as NIOConnectionError where !error.connectionErrors.isEmpty:
      self.init(connecting: error.connectionErrors[0].error, host: host, port: port)
    case let error as NIOConnectionError where error.dnsAError != nil || error.dnsAAAAError != nil:
      self.init(.unreachable, "the name \(host) is not known")
    case ChannelError.connectTimeout: self.init(.unreachable, "nothing answers at \(host)")
    case let error as IOError where error.errnoCode == ECONNREFUSED:
      self.init(.unreachable, "\(host) refuses port \(port)")
    case let error as IOError where [EHOSTUNREACH, ENETUNREACH, ETIMEDOUT, EHOSTDOWN].contains(error.errnoCode):
      self.init(.unreachable, "nothing answers at \(host)")
    default: self.init(.unreachable, "the connection failed: \(error)")
    }
  }

  fileprivate init(broken error: any Error) {
    if let error = error as? IOError, [ECONNRESET, EPIPE].contains(error.errnoCode) {
      self.init(.unreachable, "it broke the connection off")
    } else {
      self.init(.unreachable, "the connection failed: \(error)")
    }
  }
}
