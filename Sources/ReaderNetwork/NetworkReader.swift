import NIOCore
import NIOPosix
import NIOSSL
import ScannerProtocols
import Synchronization

/// An RFID reader on the network, spoken to by LLRP: connected, set, listened to, and connected again whenever it is lost.
///
/// Memory is bounded: what is not yet taken stays with the reader, and a message may have 1 MiB.
public final class NetworkReader: Sendable {
  /// What happens with a reader, told by its own tasks; reads come in order, and of a status the newest is `status`.
  public enum Event: Sendable {
    /// How it stands with it has changed.
    case status(ReaderStatus)
    /// It has read tags.
    case reads([TimedRead])
    /// The connection was lost: nobody knows which tags are still there.
    case interrupted
  }

  private struct State {
    var status = ReaderStatus()
    var clock = ReaderClock()
    var conversation: Conversation?
    var handler: (@Sendable (Event) -> Void)?
  }

  /// The station's own name for it.
  public let name: String
  /// Where it is, and how it is to be set.
  public let address: ReaderAddress
  /// What its reads are dated by.
  public let stopwatch: Stopwatch
  private let state = Mutex(State())

  /// How late a read may come and still be fresh, and how old it is then told to be at most: a reader's clock that was set back
  /// a little looks like a delay.
  private static let freshness = (lateness: Duration.seconds(5), age: Duration.seconds(1))

  /// A reader that is not connected yet.
  public init(name: String, address: ReaderAddress, stopwatch: Stopwatch) {
    self.name = name
    self.address = address
    self.stopwatch = stopwatch
  }

  /// How it stands with it.
  public var status: ReaderStatus { state.withLock { $0.status } }

  /// Keeps the reader connected and hands over what happens, until the task is cancelled; then takes leave of the reader.
  /// For one caller at a time.
  public func run(_ handler: @escaping @Sendable (Event) -> Void) async {
    state.withLock { $0.handler = handler }
    var reconnection = Reconnection()
    while !Task.isCancelled {
      let began = stopwatch.elapsed
      change { ($0.phase, $0.reason, $0.remedy) = ($0.phase == .lost ? .lost : .connecting, $0.reason, $0.remedy) }
      var connectedAt: Duration?
      let end: ConnectionEnd
      do {
        try await converse { connectedAt = self.stopwatch.elapsed }
        end = .closedByReader
      } catch {
        end = ConnectionEnd(error, address: address)
      }
      if Task.isCancelled { break }
      let wait = reconnection.failed(after: connectedAt.map { stopwatch.elapsed - $0 } ?? .zero)
      if connectedAt != nil { state.withLock { $0.handler }?(.interrupted) }
      let failures = reconnection.failures
      change { status in
        (status.phase, status.reason, status.remedy) = (.lost, end.reason, end.remedy)
        status.failures = failures
        status.antennas = [:]
      }
      do { try await stopwatch.wait(max(.milliseconds(100), wait - (stopwatch.elapsed - began))) } catch { break }
    }
    change { ($0.phase, $0.reason, $0.remedy) = (.off, nil, nil) }
    state.withLock { $0.handler = nil }
  }

  /// Does something with the memory of the tag that has this EPC, as soon as the reader hears it; see `TagMemoryJob`.
  public func perform(
    _ work: TagMemoryJob.Work, on epc: [UInt8], password: UInt32 = 0
  ) async -> TagMemoryOutcome {
    guard let conversation = state.withLock({ $0.status.phase == .reading ? $0.conversation : nil }) else {
      return .noAnswer("the reader is not connected")
    }
    return await conversation.perform(work, on: epc, password: password)
  }

  // MARK: One connection

  private func converse(onConnected: () -> Void) async throws {
    let channel = try await open()
    onConnected()
    let conversation = Conversation(self)
    state.withLock { $0.conversation = conversation }
    change { status in
      (status.phase, status.reason, status.remedy) = (.settingUp, nil, nil)
      status.connections += 1
    }
    defer { state.withLock { $0.conversation = nil } }
    try await channel.executeThenClose { inbound, outbound in
      defer {
        // Past the writer, which may be cancelled by now.
        for buffer in conversation.close() { channel.channel.writeAndFlush(buffer, promise: nil) }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for await buffer in conversation.outbox { try await outbound.write(buffer) }
          // What ended it is told by the other two.
        }
        group.addTask { [stopwatch] in
          while true {
            try await stopwatch.wait(.seconds(1))
            try conversation.tick()
          }
        }
        group.addTask {
          for try await buffer in inbound { try conversation.receive(buffer) }
          throw ConnectionEnd.closedByReader
        }
        defer { group.cancelAll() }
        while try await group.next() != nil {}
      }
    }
  }

  private func open() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
    let context = try address.tls.map { tls in
      var configuration = TLSConfiguration.makeClientConfiguration()
      if let file = tls.authorities { configuration.trustRoots = .file(file) }
      return try NIOSSLContext(configuration: configuration)
    }
    let opening = OpeningChannel()
    // A name, not an address, can stand in a ClientHello (RFC 6066, section 3).
    let serverName = address.tls?.name ?? (address.isNumeric ? nil : address.host)
    return try await withTaskCancellationHandler {
      try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(5))
        .channelOption(.socketOption(.so_keepalive), value: 1)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: address.host, port: address.port) { channel in
          channel.eventLoop.makeCompletedFuture {
            guard opening.began(channel) else { throw CancellationError() }
            if let context {
              try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: serverName))
            }
            return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
          }
        }
    } onCancel: {
      opening.abandon()
    }
  }

  // MARK: What comes of it

  func change(_ body: (inout ReaderStatus) -> Void) {
    let changed = state.withLock { state -> (ReaderStatus, (@Sendable (Event) -> Void)?)? in
      let before = state.status
      body(&state.status)
      if state.status.phase == .reading { state.status.failures = 0 }
      return state.status == before ? nil : (state.status, state.handler)
    }
    if let (status, handler) = changed { handler?(.status(status)) }
  }

  /// The reader has told what its clock says.
  func learn(_ time: ReaderTime, at now: Duration) { state.withLock { _ = $0.clock.map(time, receivedAt: now) } }

  func take(_ reports: [LLRPTagReport], at now: Duration) {
    let (reads, handler) = state.withLock { state in
      let reads = reports.map { report in
        guard let time = report.tag.lastSeen ?? report.tag.firstSeen else {
          return TimedRead(read: report.tag, at: now)
        }
        let heard = state.clock.map(time, receivedAt: now)
        let isFresh = now - heard < Self.freshness.lateness
        return TimedRead(read: report.tag, at: isFresh ? max(heard, now - Self.freshness.age) : heard)
      }
      return (reads, state.handler)
    }
    handler?(.reads(reads))
  }

  func take(_ event: LLRPReaderEvent) {
    change { status in
      switch event {
      case .antenna(let number, let isConnected):
        status.antennas[number] = isConnected
        if !isConnected {
          (status.reason, status.remedy) = ("antenna \(number) is not plugged in", "Check its cable.")
        } else if status.reason == "antenna \(number) is not plugged in" {
          (status.reason, status.remedy) = (nil, nil)
        }
      case .bufferOverflow:
        (status.reason, status.remedy) = (
          "the reader's buffer was full, tag reads were lost", "Give it fewer tags or antennas, or a faster network."
        )
      case .bufferLevel(let percent):
        (status.reason, status.remedy) = (
          "the reader's buffer is \(percent) % full", "Check the network to the reader."
        )
      case .exception(let text):
        (status.reason, status.remedy) = ("the reader reports: \(text)", "Look at the reader's own pages.")
      case .closing, .connection: break
      }
    }
  }
}

/// A channel that is being connected: closed when nobody waits for it any more.
private final class OpeningChannel: Sendable {
  private let state = Mutex<(channel: (any Channel)?, isAbandoned: Bool)>((nil, false))

  /// False when nobody waits any more.
  func began(_ channel: any Channel) -> Bool {
    state.withLock { state in
      state.channel = channel
      return !state.isAbandoned
    }
  }

  func abandon() {
    let channel = state.withLock { state in
      state.isAbandoned = true
      return state.channel
    }
    channel?.close(promise: nil)
  }
}

extension ReaderAddress {
  /// Whether the host is an IP address.
  var isNumeric: Bool {
    do {
      _ = try SocketAddress(ipAddress: host, port: port)
      return true
    } catch {
      return false
    }
  }
}
