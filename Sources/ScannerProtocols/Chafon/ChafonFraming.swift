/// Frames of Chafon UHFReader18 and UHFReader288 (User's Manual V2.0, section 3): length, address, command, status, data,
/// CRC-16/MCRF4XX with its low byte first. The length leaves itself out. There is no start mark, so the check alone tells.
public enum ChafonFraming: Framing {
  /// An answer.
  public struct Frame: Hashable, Sendable {
    /// The reader's address.
    public let address: UInt8
    /// The command that it answers.
    public let command: UInt8
    /// How it went.
    public let status: UInt8
    /// What it brought.
    public let data: [UInt8]

    /// An answer of those parts.
    public init(address: UInt8, command: UInt8, status: UInt8, data: [UInt8]) {
      self.address = address
      self.command = command
      self.status = status
      self.data = data
    }
  }

  public static let maximumLength = 256
  public static let hasStartMark = false

  public static func judge(_ bytes: ArraySlice<UInt8>) -> FrameJudgement<Frame> {
    let length = Int(bytes[byte: 0])
    guard length >= 5 else { return .garbage(.noStart) }
    guard bytes.count > length else { return .incomplete }
    let crc = CRC16.mcrf4xx(bytes.bytes(0, length - 1))
    guard bytes[byte: length - 1] == UInt8(truncatingIfNeeded: crc), bytes[byte: length] == UInt8(crc >> 8) else {
      return .garbage(.checksum)
    }
    let frame = Frame(
      address: bytes[byte: 1], command: bytes[byte: 2], status: bytes[byte: 3],
      data: Array(bytes.bytes(4, length - 5)))
    return .frame(frame, length: length + 1)
  }

  /// The bytes of a command.
  static func command(_ command: UInt8, _ data: [UInt8] = [], address: UInt8) -> [UInt8] {
    var bytes = [UInt8(4 + data.count), address, command] + data
    let crc = CRC16.mcrf4xx(bytes)
    bytes += [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)]
    return bytes
  }
}
