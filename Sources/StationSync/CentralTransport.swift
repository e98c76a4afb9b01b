import NIOCore
import NIOHTTP1

/// What carries a station's requests to its centre, and the answers back. ``CentralClient`` says what they mean; a
/// transport knows where the centre is, and nothing of the protocol.
public protocol CentralTransport: Sendable {
  /// Carries one request, once, and gives back what was answered, whatever it says. Throws ``SyncError/unreachable(reason:)``
  /// when no answer came within the request's timeout: the centre may still have done what was asked.
  func exchange(_ request: CentralRequest) async throws(SyncError) -> CentralAnswer
}

/// One request to the centre.
public struct CentralRequest: Sendable {
  public var method: HTTPMethod
  /// Path and query, after the centre's base address; begins with a slash.
  public var path: String
  public var headers: HTTPHeaders
  public var body: [UInt8]
  /// From the first byte sent to the end of the answer's body.
  public var timeout: Duration

  /// A request; a GET without a body unless said otherwise.
  public init(
    _ method: HTTPMethod = .GET, _ path: String, headers: HTTPHeaders = [:], body: [UInt8] = [], timeout: Duration
  ) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
    self.timeout = timeout
  }
}

/// What the centre answered: the head, and a body that is read once, as it comes.
public struct CentralAnswer: Sendable {
  public let status: Int
  public let headers: HTTPHeaders
  /// Ends with an error when the connection is lost in the middle.
  public let body: any AsyncSequence<ByteBuffer, any Error> & Sendable

  /// An answer whose body comes in pieces.
  public init(status: Int, headers: HTTPHeaders, body: any AsyncSequence<ByteBuffer, any Error> & Sendable) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The whole body. Throws ``SyncError/protocol(reason:)`` when it has more than `limit` bytes, which are not read
  /// further, and ``SyncError/unreachable(reason:)`` when it ends too early.
  func bytes(upTo limit: Int) async throws(SyncError) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      for try await piece in body {
        guard bytes.count + piece.readableBytes <= limit else {
          throw SyncError.protocol(reason: "its answer has more than \(limit) bytes")
        }
        bytes += piece.readableBytesView
      }
    } catch let error as SyncError {
      throw error
    } catch {
      throw .unreachable(reason: "\(error)")
    }
    return bytes
  }
}
