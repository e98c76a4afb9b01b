/// Takes the bytes of a line as they come, one or many at once, and gives the frames in them.
///
/// What is no frame is dropped byte by byte and counted, so that the next good frame is found whatever stands before it.
/// Keeps at most one unfinished frame.
public struct FrameDecoder<Protocol: Framing>: Sendable {
  /// What was seen so far.
  public private(set) var statistics = FramingStatistics()

  private var buffer: [UInt8] = []
  private var start = 0
  /// Whether bytes were dropped since the last frame.
  private var isResynchronising = false

  /// A decoder that has seen nothing.
  public init() {}

  /// The bytes of a frame that is not finished.
  public var pending: Int { buffer.count - start }

  /// Takes bytes; gives the frames that they complete, in order.
  public mutating func receive(_ bytes: some Collection<UInt8>) -> [Protocol.Frame] {
    var frames: [Protocol.Frame] = []
    receive(bytes) { frames.append($0) }
    return frames
  }

  /// Takes bytes, and hands each frame that they complete to `body`.
  public mutating func receive(_ bytes: some Collection<UInt8>, body: (Protocol.Frame) -> Void) {
    buffer += bytes
    while start < buffer.count {
      guard step(body) else { break }
    }
    compact()
  }

  /// The line has been silent for longer than a frame may pause: what is unfinished never becomes a frame. Whole frames
  /// that stand within it are found all the same.
  public mutating func silence(body: (Protocol.Frame) -> Void = { _ in }) {
    while start < buffer.count {
      if !step(body) { drop(.noStart) }
    }
    compact()
  }

  /// False when more bytes are needed.
  private mutating func step(_ body: (Protocol.Frame) -> Void) -> Bool {
    switch Protocol.judge(buffer[start...]) {
    case .frame(let frame, let length):
      start += length
      statistics.frames += 1
      isResynchronising = false
      body(frame)
    case .garbage(let fault): drop(fault)
    case .incomplete:
      guard pending >= Protocol.maximumLength else { return false }
      drop(.noStart)
    }
    return true
  }

  private mutating func drop(_ fault: FrameFault) {
    start += 1
    statistics.droppedBytes += 1
    if fault == .checksum, Protocol.hasStartMark || !isResynchronising { statistics.badChecksums += 1 }
    isResynchronising = true
  }

  private mutating func compact() {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= 65_536)
      start = 0
    } else if start > 4_096 || start > buffer.count / 2 {
      buffer.removeSubrange(..<start)
      start = 0
    }
  }
}

/// What a decoder has seen. Counters only grow.
public struct FramingStatistics: Hashable, Sendable, Codable {
  /// Frames handed on.
  public var frames = 0
  /// Bytes that belong to no frame.
  public var droppedBytes = 0
  /// Frames whose checksum was wrong. Of a protocol whose frames have no start mark, a frame after which the next one had to be looked
  /// for.
  public var badChecksums = 0

  /// All zero.
  public init() {}
}
