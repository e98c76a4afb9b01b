/// Frames of ThingMagic/JADAK modules (M6E, Nano, Micro): FF, length, opcode, status, data, check with its high byte first.
/// The length counts the data alone; the check is ThingMagic's own and leaves the FF out.
public enum MercuryFraming: Framing {
  /// An answer.
  public struct Frame: Hashable, Sendable {
    /// The command that it answers.
    public let opcode: UInt8
    /// 0 when all went well.
    public let status: UInt16
    /// What it brought.
    public let data: [UInt8]

    /// An answer of those parts.
    public init(opcode: UInt8, status: UInt16, data: [UInt8]) {
      self.opcode = opcode
      self.status = status
      self.data = data
    }
  }

  public static let maximumLength = 262

  public static func judge(_ bytes: ArraySlice<UInt8>) -> FrameJudgement<Frame> {
    guard bytes[byte: 0] == 0xFF else { return .garbage(.noStart) }
    guard bytes.count >= 2 else { return .incomplete }
    let length = Int(bytes[byte: 1])
    guard bytes.count >= length + 7 else { return .incomplete }
    guard CRC16.mercury(bytes.bytes(1, length + 4)) == bytes.bigEndian16(length + 5) else {
      return .garbage(.checksum)
    }
    let frame = Frame(opcode: bytes[byte: 2], status: bytes.bigEndian16(3), data: Array(bytes.bytes(5, length)))
    return .frame(frame, length: length + 7)
  }

  /// The bytes of a command, which has no status.
  static func command(_ opcode: UInt8, _ data: [UInt8] = []) -> [UInt8] {
    var bytes = [0xFF, UInt8(data.count), opcode] + data
    bytes.appendBigEndian(CRC16.mercury(bytes.dropFirst()))
    return bytes
  }
}
