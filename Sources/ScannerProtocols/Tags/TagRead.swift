/// One observation of an RFID tag, as a reader hands it over.
public struct TagRead: Hashable, Sendable {
  /// The EPC, without PC.
  public var epc: [UInt8]
  /// The tag's PC, where the reader tells it.
  public var control: ProtocolControl?
  /// The antenna, from 1; nil where the reader does not tell.
  public var antenna: Int?
  /// How strong the tag was heard.
  public var strength: SignalStrength?
  /// The carrier in kHz.
  public var frequency: Int?
  /// How many times the reader saw the tag since it last told.
  public var count: Int
  /// When the reader saw it first, on the reader's clock.
  public var firstSeen: ReaderTime?
  /// When the reader saw it last, on the reader's clock.
  public var lastSeen: ReaderTime?
  /// Memory that was read along with the EPC.
  public var memory: [UInt8]?

  /// A read of an EPC; nothing else is known unless given.
  public init(
    epc: [UInt8], control: ProtocolControl? = nil, antenna: Int? = nil, strength: SignalStrength? = nil,
    frequency: Int? = nil, count: Int = 1, firstSeen: ReaderTime? = nil, lastSeen: ReaderTime? = nil,
    memory: [UInt8]? = nil
  ) {
    self.epc = epc
    self.control = control
    self.antenna = antenna
    self.strength = strength
    self.frequency = frequency
    self.count = count
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.memory = memory
  }
}

/// How strong a tag was heard. Only values of one reader compare.
public enum SignalStrength: Hashable, Sendable {
  /// In dBm; below zero.
  case dBm(Int)
  /// The reader's own scale; more is stronger.
  case raw(Int)

  /// The number, for comparing.
  public var value: Int {
    switch self {
    case .dBm(let value), .raw(let value): value
    }
  }
}

/// A moment on a reader's clock.
public enum ReaderTime: Hashable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z, as far as the reader knows.
  case utc(microseconds: UInt64)
  /// Microseconds since the reader started, or since its last sign of life.
  case uptime(microseconds: UInt64)
}
