/// Tags that come into an emulated reader's field, pass from its first antenna to its second, and go: what the reader reports, as
/// time is told to it. For trying a station without hardware.
public struct EmulatedField: Hashable, Sendable {
  /// The tags, by EPC. The first stays; the others come one after the other, again and again.
  public let tags: [[UInt8]]
  /// How long a tag is in the field.
  public let stay: Duration
  /// How long it is away before it comes again.
  public let absence: Duration

  /// A field of these tags; times of no length become a millisecond.
  public init(tags: [[UInt8]], stay: Duration = .seconds(12), absence: Duration = .seconds(6)) {
    self.tags = tags
    self.stay = max(stay, .milliseconds(1))
    self.absence = max(absence, .milliseconds(1))
  }

  /// What is heard so long after the field began; `clock` is the reader's, in microseconds since 1970.
  public func reads(at elapsed: Duration, clock: UInt64) -> [TagRead] {
    let period = Self.milliseconds(stay + absence)
    let stay = Self.milliseconds(stay)
    let now = Self.milliseconds(elapsed)
    return tags.enumerated().compactMap { number, epc in
      guard number > 0 else { return Self.read(epc, antenna: 1, dBm: -48, clock) }
      let since = now - number * period / tags.count
      guard since >= 0, since % period < stay else { return nil }
      // It comes nearer until half of the time, and moves away again.
      let place = since % period
      let nearness = min(place, stay - place) * 40 / stay
      return Self.read(epc, antenna: place < stay / 2 ? 1 : 2, dBm: -65 + nearness, clock)
    }
  }

  private static func read(_ epc: [UInt8], antenna: Int, dBm: Int, _ clock: UInt64) -> TagRead {
    TagRead(
      epc: epc, antenna: antenna, strength: .dBm(dBm), firstSeen: .utc(microseconds: clock),
      lastSeen: .utc(microseconds: clock))
  }

  private static func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
  }
}
