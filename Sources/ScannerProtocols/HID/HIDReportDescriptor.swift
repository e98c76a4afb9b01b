/// What a HID device's reports contain, from its report descriptor (HID 1.11, section 6.2.2).
///
/// Bounded in time and memory whatever the bytes are; see `MalformedReportDescriptor` for the limits.
public struct HIDReportDescriptor: Hashable, Sendable {
  /// Which way a report goes.
  public enum Kind: Hashable, Sendable {
    /// From the device, by the interrupt endpoint.
    case input
    /// To the device.
    case output
    /// Both ways, by control requests.
    case feature
  }

  /// One main item: `count` elements of `size` bits each, one after the other.
  public struct Field: Hashable, Sendable {
    /// Which reports it is in.
    public let kind: Kind
    /// The first byte of its reports; nil when the device numbers none.
    public let reportID: UInt8?
    /// Where it begins, in bits from the begin of the report, the ID byte included.
    public let bitOffset: Int
    /// The size of one element in bits, 1 to 256.
    public let size: Int
    /// How many elements.
    public let count: Int
    /// Whether each element has a usage of its own; otherwise each holds the number of the usage that is active.
    public let isVariable: Bool
    /// Logical Minimum: below zero, elements are signed; of an array, the number of the first usage.
    public let logicalMinimum: Int32
    /// Logical Maximum.
    public let logicalMaximum: Int64
    /// The usages, in order, as ranges.
    public let usages: [ClosedRange<HIDUsage>]
    /// The application collection that it is in.
    public let application: HIDUsage?
  }

  /// The fields that carry something, in the order of the descriptor; padding is left out.
  public let fields: [Field]
  /// The usages of the application collections: what the device says it is.
  public let applications: [HIDUsage]
  /// Whether reports begin with an ID.
  public let numbersReports: Bool
  let lengths: [ReportKey: Int]

  struct ReportKey: Hashable {
    let kind: Kind
    let reportID: UInt8
  }

  /// The most bytes that are read.
  public static let maximumLength = 4_096

  /// Reads a descriptor.
  ///
  /// - Throws: `MalformedReportDescriptor`, naming the first byte of the item that is wrong.
  public init(_ bytes: [UInt8]) throws(MalformedReportDescriptor) {
    var parser = ReportDescriptorParser()
    try parser.parse(bytes)
    fields = parser.numberedFields
    applications = parser.applications
    numbersReports = parser.numbersReports
    lengths = parser.lengths
  }

  /// Whether bytes that need be no whole descriptor speak of bar code scanners, as far as they can be read: what a device was meant
  /// to be whose descriptor is malformed.
  public static func speaksOfScanners(_ bytes: [UInt8]) -> Bool {
    var parser = ReportDescriptorParser()
    do throws(MalformedReportDescriptor) {
      try parser.parse(bytes)
    } catch {
      // What stands before the fault is what is asked for.
    }
    return parser.usagePages.contains(HIDUsage.barcodeScanner.page)
  }

  /// The length of the longest input report in bytes, ID included; 0 without any.
  public var longestInput: Int {
    lengths.keys.filter { $0.kind == .input }.compactMap { length(.input, reportID: $0.reportID) }.max() ?? 0
  }

  /// The length of a report in bytes, ID included, or nil when the device has no such report.
  public func length(_ kind: Kind, reportID: UInt8? = nil) -> Int? {
    lengths[ReportKey(kind: kind, reportID: reportID ?? 0)].map { ($0 + 7) / 8 + (numbersReports ? 1 : 0) }
  }
}

extension HIDReportDescriptor.Field {
  /// The usage of an element of a variable field, or the usage that number `index` stands for in an array; nil beyond.
  /// The last usage goes for all elements that are left.
  public func usage(_ index: Int) -> HIDUsage? {
    guard index >= 0 else { return nil }
    var left = index
    for range in usages {
      let count = Int(range.upperBound.rawValue - range.lowerBound.rawValue) + 1
      if left < count { return HIDUsage(rawValue: range.lowerBound.rawValue + UInt32(left)) }
      left -= count
    }
    return isVariable ? usages.last?.upperBound : nil
  }

  /// Whether any element has the usage.
  public func contains(_ usage: HIDUsage) -> Bool { usages.contains { $0.contains(usage) } }

  /// The value of an element in a report, ID included; nil when the report is too short or of another ID, or the element
  /// is wider than 32 bits.
  public func value(_ index: Int = 0, in report: [UInt8]) -> Int64? {
    guard (0..<count).contains(index), size <= 32, isIn(report) else { return nil }
    let first = bitOffset + index * size
    guard first + size <= report.count * 8 else { return nil }
    var value: UInt64 = 0
    let firstByte = first / 8
    for byte in (firstByte...((first + size - 1) / 8)).reversed() { value = value << 8 | UInt64(report[byte]) }
    value = (value >> UInt64(first % 8)) & (1 << UInt64(size) - 1)
    if logicalMinimum < 0, value >> UInt64(size - 1) == 1 { return Int64(value) - 1 << Int64(size) }
    return Int64(value)
  }

  /// The elements as bytes, as many as the report has; nil when they are not 8 bits wide on byte bounds, or the report is
  /// of another ID.
  public func bytes(in report: [UInt8]) -> ArraySlice<UInt8>? {
    guard size == 8, bitOffset % 8 == 0, isIn(report) else { return nil }
    let first = min(bitOffset / 8, report.count)
    return report[first..<min(first + count, report.count)]
  }

  private func isIn(_ report: [UInt8]) -> Bool { reportID == nil || report.first == reportID }
}
