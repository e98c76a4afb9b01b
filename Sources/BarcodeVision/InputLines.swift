import Dispatch
import Glibc

/// The lines of a file descriptor, such as standard input, each as soon as its line end arrives.
///
/// Lines end with LF or with the input; they are UTF-8 (other bytes become U+FFFD); empty ones are left out. Nothing is
/// read ahead of demand but one buffer. The descriptor is not closed. Waiting ends within a quarter of a second of its
/// task's cancellation.
public struct InputLines: AsyncSequence, Sendable {
  /// Reads on demand.
  public typealias AsyncIterator = Iterator
  /// A line.
  public typealias Element = String
  /// Bytes of the longest line that is taken: 64 KiB.
  public static let longestLine = 64 << 10

  /// Why there are no more lines.
  public enum InputFailure: Error, Sendable, Equatable {
    /// The system refused to read; `code` is its `errno`.
    case unreadable(code: Int32)
    /// Reads on demand.
    public typealias AsyncIterator = Iterator
    /// A line.has more than ``InputLines/longestLine`` bytes.
    case lineTooLong
  }

  private let descriptor: Int32

  /// The lines that `descriptor` will give.
  public init(descriptor: Int32) { self.descriptor = descriptor }

  /// Starts to read.
  public func makeAsyncIterator() -> Iterator { Iterator(descriptor: descriptor) }

  /// Hands out one line after the other.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private let queue = DispatchQueue(label: "custody.input-lines")

    fileprivate init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next line, or `nil` at the end of the input or when the task is cancelled.
    public mutating func next() async throws -> String? {
      while true {
        // Only bytes of this line are searched again after each read, and those are at most `longestLine`.
        if let end = buffer[start...].firstIndex(of: 0x0A) {
          defer { start = end + 1 }
          if end > start { return String(decoding: buffer[start..<end], as: UTF8.self) }
          continue
        }
        if buffer.count - start > InputLines.longestLine { throw InputFailure.lineTooLong }
        if isAtEnd {
          defer { start = buffer.count }
          return start < buffer.count ? String(decoding: buffer[start...], as: UTF8.self) : nil
        }
        if Task.isCancelled { return nil }
        buffer.removeFirst(start)
        start = 0
        switch await arrival() {
        case .bytes(let bytes): buffer += bytes
        case .nothingYet: break
        case .end: isAtEnd = true
        case .failed(let code): throw InputFailure.unreadable(code: code)
        }
      }
    }

    private enum Arrival: Sendable {
      case bytes([UInt8])
      case nothingYet
      case end
      case failed(Int32)
    }

    /// Waits a quarter of a second at most, on a thread of its own.
    private func arrival() async -> Arrival {
      let descriptor = descriptor
      return await withCheckedContinuation { continuation in
        queue.async { continuation.resume(returning: Iterator.arrival(descriptor)) }
      }
    }

    private static func arrival(_ descriptor: Int32) -> Arrival {
      // poll would skip a negative descriptor and wait for nothing, for ever.
      if descriptor < 0 { return .failed(EBADF) }
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wanted, 1, 250)
      if ready == 0 || (ready < 0 && errno == EINTR) { return .nothingYet }
      if ready < 0 { return .failed(errno) }
      var failure: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = read(descriptor, buffer.baseAddress, 1 << 16)
        if count < 0 {
          failure = errno
          count = 0
        }
      }
      if failure == EINTR || failure == EAGAIN { return .nothingYet }
      if failure != 0 { return .failed(failure) }
      return bytes.isEmpty ? .end : .bytes(bytes)
    }
  }
}
