/// What one bulk transfer brought.
public struct SerialBytes: Hashable, Sendable {
  /// The bytes of the line.
  public var bytes: [UInt8] = []
  /// What the chip says went wrong on the line since the transfer before.
  public var faults: Set<SerialLineError> = []

  /// Nothing.
  public init() {}

  init(bytes: [UInt8]) { self.bytes = bytes }
}

/// A fault on the line itself.
public enum SerialLineError: String, Hashable, Sendable {
  /// Bytes came faster than they were taken; some are lost.
  case overrun
  /// A parity bit was wrong: rate or parity are set wrong, or the cable is bad.
  case parity
  /// A stop bit was wrong: the same.
  case framing
  /// The line was held low.
  case lineBreak
}

extension SerialAdapter {
  /// The bytes of the line in a bulk transfer.
  ///
  /// FTDI puts two status bytes before every packet of a transfer; the others put nothing.
  public func receive(_ transfer: [UInt8]) -> SerialBytes {
    guard case .ftdi(_, let packetSize) = self else { return SerialBytes(bytes: transfer) }
    var result = SerialBytes()
    result.bytes.reserveCapacity(transfer.count)
    for start in stride(from: 0, to: transfer.count, by: max(packetSize, 3)) {
      let packet = transfer[start..<min(start + max(packetSize, 3), transfer.count)]
      guard packet.count >= 2 else { break }
      let status = packet[byte: 1]
      if status & 0x02 != 0 { result.faults.insert(.overrun) }
      if status & 0x04 != 0 { result.faults.insert(.parity) }
      if status & 0x08 != 0 { result.faults.insert(.framing) }
      if status & 0x10 != 0 { result.faults.insert(.lineBreak) }
      result.bytes += packet.dropFirst(2)
    }
    return result
  }
}
