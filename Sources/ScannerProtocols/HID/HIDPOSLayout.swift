/// Where the reports of a HID POS bar code scanner (USB HID Point of Sale Usage Tables 1.02, section 4) keep a scan.
public struct HIDPOSLayout: Hashable, Sendable {
  /// One kind of input report.
  struct Report: Hashable, Sendable {
    var reportID: UInt8?
    /// The bytes of the report, ID included, when it is whole.
    var length: Int
    /// Byte offsets of the symbology identifier's characters.
    var symbologyIdentifier: [Int] = []
    /// The offset of the byte that counts the data; without one, NULs at the end of the data are padding.
    var byteCount: Int?
    /// The byte offsets of the data.
    var data: Range<Int>
    /// Byte offset and mask of the flag that more follows.
    var continued: (offset: Int, mask: UInt8)? {
      get { continuedOffset.map { ($0, continuedMask) } }
      set { (continuedOffset, continuedMask) = (newValue?.offset, newValue?.mask ?? 0) }
    }
    private var continuedOffset: Int?
    private var continuedMask: UInt8 = 0
    var vendorSymbology: Int?

    init(reportID: UInt8?, length: Int, data: Range<Int>) {
      self.reportID = reportID
      self.length = length
      self.data = data
    }
  }

  let reports: [Report]

  /// The layout that a descriptor tells, or nil when no input report has Decoded Data on byte bounds.
  public init?(_ descriptor: HIDReportDescriptor) {
    var reports: [Report] = []
    for data in descriptor.fields
    where data.kind == .input && data.size == 8 && data.bitOffset % 8 == 0 && data.contains(.decodedData) {
      guard !reports.contains(where: { $0.reportID == data.reportID }),
        let length = descriptor.length(.input, reportID: data.reportID)
      else { continue }
      let first = data.bitOffset / 8
      var report = Report(reportID: data.reportID, length: length, data: first..<(first + data.count))
      for field in descriptor.fields where field.kind == .input && field.reportID == data.reportID {
        report.take(field)
      }
      reports.append(report)
    }
    guard !reports.isEmpty else { return nil }
    self.reports = reports
  }

  private init(reports: [Report]) { self.reports = reports }

  /// Honeywell's: 64 bytes, report 2, length, AIM identifier, up to 56 bytes of data; byte 61 is Honeywell's own code for the
  /// symbology, byte 63 is set while more follows.
  public static let honeywell: HIDPOSLayout = {
    var report = Report(reportID: 2, length: 64, data: 5..<61)
    report.byteCount = 1
    report.symbologyIdentifier = [2, 3, 4]
    report.vendorSymbology = 61
    report.continued = (63, 0xFF)
    return HIDPOSLayout(reports: [report])
  }()

  /// The feature report by which Honeywell's scanners are switched from keyboard to HID POS, ID included.
  public static let honeywellSwitch: [UInt8] = [0xFE, 0x01]
}

extension HIDPOSLayout.Report {
  fileprivate mutating func take(_ field: HIDReportDescriptor.Field) {
    for index in 0..<min(field.count, 64) {
      guard let usage = field.usage(index) else { return }
      let bit = field.bitOffset + index * field.size
      if usage == .decodeDataContinued, field.size <= 8, continued == nil {
        let mask = field.size == 8 ? 0xFF : UInt8(1) << UInt8(bit % 8)
        continued = (bit / 8, mask)
      } else if field.size == 8, bit % 8 == 0 {
        if usage == .byteCount, byteCount == nil {
          byteCount = bit / 8
        } else if HIDUsage.symbologyIdentifiers.contains(usage), symbologyIdentifier.count < 3 {
          symbologyIdentifier.append(bit / 8)
        }
      }
    }
  }
}
