/// Giving a tag another EPC: PC and EPC in one write, so that the tag is never left with a length that is not its EPC's,
/// then a read of the same words, because a tag that moves away can take half of a write.
public struct EPCWrite: Hashable, Sendable {
  /// The EPC to write.
  public let epc: [UInt8]
  /// Its PC.
  public let control: ProtocolControl

  /// A write of `epc`; `current` is the tag's PC, whose other bits are kept.
  ///
  /// - Throws: `TagMemoryFault` when the EPC has an odd number of bytes, none, or more than 62.
  public init(epc: [UInt8], current: ProtocolControl = ProtocolControl(rawValue: 0)) throws(TagMemoryFault) {
    guard !epc.isEmpty else { throw .wordCount(0) }
    control = try ProtocolControl(epcLength: epc.count, keeping: current)
    self.epc = epc
    try write.check()
  }

  private var words: [UInt8] {
    [UInt8(control.rawValue >> 8), UInt8(truncatingIfNeeded: control.rawValue)] + epc
  }

  /// The first step.
  public var write: TagMemoryOperation { .write(.epc, wordPointer: 1, bytes: words) }
  /// The second step; the tag then answers to its new EPC.
  public var readBack: TagMemoryOperation { .read(.epc, wordPointer: 1, wordCount: words.count / 2) }

  /// What the second step found.
  public enum Verification: Hashable, Sendable {
    /// The tag holds PC and EPC as written.
    case verified
    /// The first word that differs, counted from the bank's begin.
    case differs(word: Int)
    /// Fewer words came back than were written.
    case incomplete(words: Int)
  }

  /// Judges what was read back.
  public func verify(_ read: [UInt8]) -> Verification {
    guard read.count >= words.count else { return .incomplete(words: read.count / 2) }
    guard let place = zip(words, read).enumerated().first(where: { $0.element.0 != $0.element.1 }) else {
      return .verified
    }
    return .differs(word: 1 + place.offset / 2)
  }
}
