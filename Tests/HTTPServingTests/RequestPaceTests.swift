import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPServing

/// Those who send drop by drop are cut off; those who are merely slow are not. Time is the event loop's, and stands still
/// unless it is moved on.
@Suite struct RequestPaceTests {
  private static let limits = RequestPace.Limits(
    headPatience: .seconds(20), bodyPatience: .seconds(20), slowest: 1_000, idle: .seconds(90))
  private static let head = HTTPRequestPart.head(
    HTTPRequest(method: .post, scheme: "http", authority: "x", path: "/"))

  private func connection() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(handler: RequestPace(Self.limits))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private func pass(_ seconds: Int64, _ channel: EmbeddedChannel) {
    channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
  }

  private func send(_ bytes: Int, to channel: EmbeddedChannel) throws {
    channel.read()
    try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 0x62, count: bytes)))
    channel.read()
  }

  @Test func whoeverSendsNoWholeHeadIsCutOff() throws {
    let channel = try connection()
    pass(19, channel)
    #expect(channel.isActive)
    pass(1, channel)
    #expect(!channel.isActive)
  }

  @Test func aBodyThatDripsIsCutOff() throws {
    let channel = try connection()
    try channel.writeInbound(Self.head)
    for _ in 0..<20 {
      #expect(channel.isActive)
      try send(1, to: channel)
      pass(1, channel)
    }
    #expect(!channel.isActive)
  }

  @Test func aBodyThatComesFastEnoughIsTaken() throws {
    let channel = try connection()
    try channel.writeInbound(Self.head)
    for _ in 0..<300 {
      try send(1_100, to: channel)
      pass(1, channel)
      #expect(channel.isActive)
    }
    // Then nothing more: what came early buys so much time, and no longer.
    pass(40, channel)
    #expect(channel.isActive)
    pass(30, channel)
    #expect(!channel.isActive)
  }

  @Test func theServersOwnSlownessCountsForNobody() throws {
    let channel = try connection()
    try channel.writeInbound(Self.head)
    try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 0x62, count: 10)))
    // The server does not read on.
    pass(600, channel)
    #expect(channel.isActive)
    channel.read()
    pass(1, channel)
    #expect(!channel.isActive)
  }

  @Test func aRequestThatIsWholeMayBeAnsweredInAnyTime() throws {
    let channel = try connection()
    try channel.writeInbound(Self.head)
    try channel.writeInbound(HTTPRequestPart.end(nil))
    channel.read()
    pass(3_600, channel)
    #expect(channel.isActive)
    // And the next one is looked at again.
    try channel.writeInbound(Self.head)
    channel.read()
    pass(20, channel)
    #expect(!channel.isActive)
  }
}

/// The same over real sockets, with a dripping client.
@Suite(.timeLimit(.minutes(10))) struct DrippingSocketTests {
  private var quick: HTTPServing {
    var serving = HTTPServing()
    serving.limits = .init(
      headPatience: .seconds(2), bodyPatience: .seconds(2), slowest: 1_000, idle: .seconds(60))
    return serving
  }

  private func drip(_ connection: BareConnection, beginning: String) async throws {
    var next = beginning
    while await connection.isOpen {
      do {
        try await connection.send(next)
        next = "b"
        try await Task.sleep(for: .milliseconds(20))
      } catch {
        break  // Cut off while it was sent.
      }
    }
    try await connection.ended()
  }

  @Test func aHeadThatDripsIsCutOff() async throws {
    try await serving(quick) { port in
      let connection = try await BareConnection(port: port)
      try await drip(connection, beginning: "GET /hello HTTP/1.1\r\nHost: x\r\nX-Long: ")
      #expect(await connection.answer.isEmpty)
    }
  }

  @Test func aBodyThatDripsIsCutOff() async throws {
    try await serving(quick) { port in
      let connection = try await BareConnection(port: port)
      try await drip(
        connection, beginning: "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
    }
  }

  @Test func headsAreBounded() async throws {
    try await serving(HTTPServing()) { port in
      for head in [
        "GET /hello HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "y", count: 20_000))\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: x\r\n" + (0..<200).map { "X\($0): y\r\n" }.joined() + "\r\n",
      ] {
        let connection = try await BareConnection(port: port)
        try await connection.send(head)
        try await connection.ended()
        // Refused or cut off, and not answered.
        let answer = await connection.answer
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
      }
    }
  }
}
