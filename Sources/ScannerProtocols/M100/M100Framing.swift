/// Frames of M100/YRM100/JRD-4035/R200 modules: BB, type, command, two bytes of length, parameters, sum, 7E.
public enum M100Framing: Framing {
  /// What kind a frame is.
  public enum Kind: UInt8, Hashable, Sendable {
    /// From the host.
    case command = 0
    /// To a command.
    case answer = 1
    /// Unasked: a tag of a round.
    case notice = 2
  }

  /// A frame.
  public struct Frame: Hashable, Sendable {
    /// Which kind.
    public let kind: Kind
    /// The command, or the one it answers; 0xFF for an error.
    public let command: UInt8
    /// What it brought.
    public let parameters: [UInt8]

    /// A frame of those parts.
    public init(kind: Kind, command: UInt8, parameters: [UInt8]) {
      self.kind = kind
      self.command = command
      self.parameters = parameters
    }
  }

  /// Parameters are far below this; a longer length is garbage.
  static let maximumParameters = 512
  public static let maximumLength = maximumParameters + 7

  public static func judge(_ bytes: ArraySlice<UInt8>) -> FrameJudgement<Frame> {
    guard bytes[byte: 0] == 0xBB else { return .garbage(.noStart) }
    guard bytes.count >= 2 else { return .incomplete }
    guard let kind = Kind(rawValue: bytes[byte: 1]) else { return .garbage(.noStart) }
    guard bytes.count >= 5 else { return .incomplete }
    let length = Int(bytes.bigEndian16(3))
    guard length <= maximumParameters else { return .garbage(.noStart) }
    guard bytes.count >= length + 7 else { return .incomplete }
    guard bytes[byte: length + 6] == 0x7E else { return .garbage(.noStart) }
    guard sum(bytes.bytes(1, length + 4)) == bytes[byte: length + 5] else { return .garbage(.checksum) }
    let frame = Frame(kind: kind, command: bytes[byte: 2], parameters: Array(bytes.bytes(5, length)))
    return .frame(frame, length: length + 7)
  }

  /// The bytes of a command.
  static func command(_ command: UInt8, _ parameters: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [0xBB, 0x00, command]
    bytes.appendBigEndian(UInt16(parameters.count))
    bytes += parameters
    return bytes + [sum(bytes.dropFirst()), 0x7E]
  }

  private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt8 { bytes.reduce(0, &+) }
}
