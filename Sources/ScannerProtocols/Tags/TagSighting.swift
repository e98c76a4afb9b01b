/// One antenna of one reader.
public struct TagAntenna: Hashable, Sendable {
  /// The reader, by the station's own name for it.
  public let reader: String
  /// The antenna's number, from 1; 0 where the reader does not tell.
  public let number: Int

  /// An antenna.
  public init(reader: String, number: Int) {
    self.reader = reader
    self.number = number
  }
}

/// What has been seen of one tag since it arrived.
public struct TagSighting: Hashable, Sendable {
  /// What one antenna has seen of it.
  public struct Heard: Hashable, Sendable {
    /// How often.
    public var count: Int
    /// How strong it was last.
    public var strength: SignalStrength?
    /// How strong it was at most.
    public var strongest: SignalStrength?
    /// When last.
    public var lastSeen: Duration
  }

  /// The EPC.
  public let epc: [UInt8]
  /// Its PC, once a reader told it.
  public var control: ProtocolControl?
  /// The antenna that hears it best, of those that heard it lately.
  public var antenna: TagAntenna
  /// The zone of that antenna, where it has one.
  public var zone: String?
  /// How often it was read, by all antennas together.
  public var count: Int
  /// When it was first read.
  public let firstSeen: Duration
  /// When it was last read.
  public var lastSeen: Duration
  /// What each antenna has seen of it.
  public var heard: [TagAntenna: Heard]

  /// How strong it is where it is heard best.
  public var strength: SignalStrength? { heard[antenna]?.strength }
}

/// What a tag did.
public enum TagEvent: Hashable, Sendable {
  /// It came into the field.
  case arrived(TagSighting)
  /// It is still there; told once in a while.
  case present(TagSighting)
  /// Another zone hears it better now; `from` is where it was.
  case moved(TagSighting, from: String?)
  /// It has not been read for long enough.
  case gone(TagSighting)
}
