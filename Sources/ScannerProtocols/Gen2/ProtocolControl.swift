/// The protocol-control word of a Gen2 tag (EPC Gen2 2.0, section 6.3.2.1.2.2): word 1 of the EPC bank.
public struct ProtocolControl: Hashable, Sendable {
  /// The word as it stands in memory.
  public let rawValue: UInt16

  /// A word as it was read.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The word for an EPC of that many bytes, its other bits those of `other`.
  ///
  /// - Throws: `TagMemoryFault` when the count is odd or above 62.
  public init(epcLength: Int, keeping other: ProtocolControl = ProtocolControl(rawValue: 0)) throws(TagMemoryFault) {
    guard epcLength % 2 == 0 else { throw .oddLength(epcLength) }
    guard (0...62).contains(epcLength) else { throw .tooLong(epcLength, limit: 62) }
    rawValue = UInt16(epcLength / 2) << 11 | other.rawValue & 0x07FF
  }

  /// The length of the EPC, in bytes: 0 to 62, even.
  public var epcLength: Int { Int(rawValue >> 11) * 2 }
  /// Whether user memory holds data (UMI).
  public var hasUserMemory: Bool { rawValue & 0x0400 != 0 }
  /// Whether extended words follow (XI).
  public var isExtended: Bool { rawValue & 0x0200 != 0 }
  /// Whether the rest is an ISO application family rather than an EPC (T, the toggle).
  public var isISO: Bool { rawValue & 0x0100 != 0 }
}
