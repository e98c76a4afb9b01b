/// Why bytes are no report descriptor that can be used, and where.
public struct MalformedReportDescriptor: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong. The limits are those of Linux (include/linux/hid.h), so what Linux reads is read here.
  public enum Reason: Hashable, Sendable {
    /// Longer than 4096 bytes.
    case tooLong(Int)
    /// The item's data go beyond the end.
    case truncatedItem
    /// An item of the reserved type 3 that is no long item.
    case reservedItem
    /// End Collection without a collection.
    case endWithoutCollection
    /// A collection that is never ended.
    case unclosedCollection
    /// Collections more than 32 deep.
    case nestedTooDeep
    /// Push more than 8 deep.
    case pushedTooDeep
    /// Pop without Push.
    case popWithoutPush
    /// Report ID 0, or above 255.
    case reportID(UInt32)
    /// Report Size 0 in a field that is used, or above 256 bits.
    case reportSize(UInt32)
    /// Report Count above 12288.
    case reportCount(UInt32)
    /// A report longer than 16384 bytes.
    case reportTooLong
    /// More than 1024 fields.
    case tooManyFields
    /// More than 12288 usages, or a minimum above its maximum, or of another page.
    case usages
  }

  /// What is wrong.
  public let reason: Reason
  /// The offset of the item, in bytes from the descriptor's begin.
  public let offset: Int

  /// What is wrong and where, in words.
  public var description: String { "report descriptor, byte \(offset): \(words)" }

  private var words: String {
    switch reason {
    case .tooLong(let length): "\(length) bytes, the limit is \(HIDReportDescriptor.maximumLength)"
    case .truncatedItem: "the item's data go beyond the end"
    case .reservedItem: "reserved type of item"
    case .endWithoutCollection: "End Collection without a collection"
    case .unclosedCollection: "a collection is never ended"
    case .nestedTooDeep: "collections nested too deep"
    case .pushedTooDeep: "Push without Pop, too often"
    case .popWithoutPush: "Pop without Push"
    case .reportID(let id): "Report ID \(id)"
    case .reportSize(let size): "Report Size \(size)"
    case .reportCount(let count): "Report Count \(count)"
    case .reportTooLong: "a report longer than any device sends"
    case .tooManyFields: "too many fields"
    case .usages: "usages that make no range, or too many"
    }
  }
}
