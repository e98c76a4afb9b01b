import AsyncHTTPClient
import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import SyncProtocol
import SyncTestSupport
import Testing

@testable import Central

/// Bodies that are far too long, over a real socket.
@Suite struct OversizeTests {
  /// A body of 100 MB, in pieces, made while it is sent.
  private struct Endless: AsyncSequence, Sendable {
    struct Iterator: AsyncIteratorProtocol {
      var left = 100
      let piece = ByteBuffer(repeating: 0x41, count: 1 << 20)

      mutating func next() async -> ByteBuffer? {
        left -= 1
        return left < 0 ? nil : piece
      }
    }

    func makeAsyncIterator() -> Iterator { Iterator() }
  }

  @Test("100 MB are turned away, announced or not, and the centre goes on", arguments: [true, false])
  func tooLong(isAnnounced: Bool) async throws {
    let central = try await CentralUnderTest()
    let application = try await central.server.application()
    try await application.test(.live) { client in
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(try #require(client.port))" + SyncRoute.push)
      request.method = .POST
      for field in central.headers() { request.headers.add(name: field.name.canonicalName, value: field.value) }
      request.body = .stream(Endless(), length: isAnnounced ? .known(Int64(100) << 20) : .unknown)
      do {
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        #expect(answer.status == .payloadTooLarge)
      } catch {
        // The centre may close the connection before all was sent; then nobody hears its answer.
        #expect("\(error)".contains("remoteConnectionClosed") || "\(error)".contains("reset"), "\(error)")
      }
      let after = try await client.execute(uri: SyncRoute.hello, method: .get, headers: central.headers())
      #expect(after.status == .ok)
      #expect(try await central.server.store.figures().rejected == 0)
    }
    try await central.server.store.close()
  }
}
