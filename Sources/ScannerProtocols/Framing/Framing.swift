/// How the bytes of one protocol fall into frames. Names a protocol; has no values.
public protocol Framing: Sendable {
  /// One whole frame whose check was right.
  associatedtype Frame: Hashable, Sendable

  /// The longest frame that there is, in bytes; more never have to be kept.
  static var maximumLength: Int { get }
  /// Whether a frame begins with a byte that tells it from others. Without one, every byte behind a bad frame looks like another bad
  /// frame.
  static var hasStartMark: Bool { get }

  /// What the bytes begin with. They are never empty, and hold more than one frame when more came.
  ///
  /// Must not ask for more than `maximumLength` bytes.
  static func judge(_ bytes: ArraySlice<UInt8>) -> FrameJudgement<Frame>
}

extension Framing {
  public static var hasStartMark: Bool { true }
}

/// What bytes begin with.
public enum FrameJudgement<Frame: Hashable & Sendable>: Sendable {
  /// A frame, `length` bytes long.
  case frame(Frame, length: Int)
  /// What may become a frame when more bytes come.
  case incomplete
  /// No frame: the first byte is to be dropped.
  case garbage(FrameFault)
}

/// Why bytes are no frame.
public enum FrameFault: Hashable, Sendable {
  /// They do not begin as a frame does.
  case noStart
  /// They look like a frame, and its checksum is wrong.
  case checksum
}
