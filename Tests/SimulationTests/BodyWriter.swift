import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Gathers the body of an answer.
final class BodyWriter: ResponseBodyWriter {
  private let gathered = Mutex<[UInt8]>([])

  var bytes: [UInt8] { gathered.withLock { $0 } }

  func write(_ buffer: ByteBuffer) async throws { gathered.withLock { $0 += buffer.readableBytesView } }
  func finish(_ trailers: HTTPFields?) async throws {}
}
