/// One TagReportData of a RO_ACCESS_REPORT (LLRP 1.1, section 14.2.3).
public struct LLRPTagReport: Hashable, Sendable {
  /// The tag.
  public var tag: TagRead
  /// The ROSpec that found it.
  public var roSpecID: UInt32?
  /// The AccessSpec that was carried out on it; 0 or nil for none.
  public var accessSpecID: UInt32?
  /// The channel, from 1, in the reader's table of frequencies.
  public var channelIndex: UInt16?
  /// The tag's own check over PC and EPC, where the reader hands it over; it has been compared.
  public var crc: UInt16?
  /// What came of the AccessSpec's operations.
  public var results: [LLRPOperationResult]
}

/// What came of one operation of an AccessSpec.
public struct LLRPOperationResult: Hashable, Sendable {
  /// The operation's number.
  public let operationID: UInt16
  /// 0 when it went well.
  public let result: UInt8
  /// The words that were read, two bytes each; nil for a write.
  public let bytes: [UInt8]?
  /// How many words were written; nil for a read.
  public let wordsWritten: Int?

  /// What the result means (sections 16.2.1.5.7.1 and 16.2.1.5.7.2).
  public var meaning: String {
    switch (result, bytes != nil) {
    case (0, _): "done"
    case (1, _): "the tag gives no reason"
    case (2, _): "no answer from the tag"
    case (3, true): "the reader gives no reason"
    case (4, true): "the tag has no such memory"
    case (5, true): "the memory is locked"
    case (6, true): "wrong access password"
    case (3, false): "the tag has no such memory"
    case (4, false): "the memory is locked"
    case (5, false): "the tag has too little power; bring it closer"
    case (6, false): "no answer from the tag"
    case (7, false): "the reader gives no reason"
    case (8, false): "wrong access password"
    default: "result \(result)"
    }
  }
}
