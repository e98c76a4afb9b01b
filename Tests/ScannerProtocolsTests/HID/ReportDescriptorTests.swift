import Testing

@testable import ScannerProtocols

struct ReportDescriptorTests {
  /// HID 1.11, appendix B.1 and E.6: the boot keyboard.
  static let keyboard = hex(
    """
    0501 0906 A101 0507 19E0 29E7 1500 2501 7501 9508 8102 9501 7508 8101 9505 7501 0508 1901 2905 9102 9501 7503 9101
    9506 7508 1500 2565 0507 1900 2965 8100 C0
    """)

  @Test func `the boot keyboard of HID appendix E-6 has modifiers, LEDs and six keys`() throws {
    let descriptor = try HIDReportDescriptor(Self.keyboard)
    #expect(descriptor.applications == [.keyboard])
    #expect(!descriptor.numbersReports)
    #expect(descriptor.length(.input) == 8)
    #expect(descriptor.length(.output) == 1)
    #expect(descriptor.length(.feature) == nil)
    #expect(descriptor.fields.count == 3)
    let modifiers = descriptor.fields[0]
    #expect(modifiers.isVariable)
    #expect(modifiers.usage(0) == HIDUsage(page: 7, id: 0xE0))
    #expect(modifiers.usage(7) == HIDUsage(page: 7, id: 0xE7))
    let keys = descriptor.fields[2]
    #expect(!keys.isVariable)
    #expect((keys.bitOffset, keys.size, keys.count) == (16, 8, 6))
    let report: [UInt8] = [0x22, 0, 4, 5, 0, 0, 0, 6]
    #expect((0..<8).map { modifiers.value($0, in: report) } == [0, 1, 0, 0, 0, 1, 0, 0])
    #expect((0..<6).map { keys.value($0, in: report) } == [4, 5, 0, 0, 0, 6])
    #expect(keys.usage(4) == HIDUsage(page: 7, id: 4))
    #expect(keys.usage(0x66) == nil)
    #expect(keys.value(6, in: report) == nil)
    #expect(keys.value(5, in: Array(report.dropLast())) == nil)
  }

  @Test func `report IDs number the reports, Push keeps the globals and Pop brings them back`() throws {
    // Page 1, size 8, count 1; Push; page 0x8C, ID 2, size 4, count 2; Input; Pop; usage 1:30; Input.
    let descriptor = try HIDReportDescriptor(hex("0501 7508 9501 A4 058C 8502 7504 9502 09FB 8102 B4 0930 8102"))
    #expect(descriptor.numbersReports)
    #expect(descriptor.fields.map(\.reportID) == [2, 0])
    #expect(descriptor.fields.map(\.size) == [4, 8])
    #expect(descriptor.fields[1].usage(0) == HIDUsage(page: 1, id: 0x30))
    #expect(descriptor.fields[0].value(1, in: [2, 0xA5]) == 0xA)
    #expect(descriptor.fields[0].value(1, in: [1, 0xA5]) == nil)
    #expect(descriptor.length(.input, reportID: 2) == 2)
  }

  @Test func `values below zero and across bytes are read as HID 1-11 section 5-8 has them`() throws {
    // Size 12, count 2, minimum -2048, maximum 2047.
    let signed = try HIDReportDescriptor(hex("0501 1600F8 26FF07 750C 9502 0930 0931 8102")).fields[0]
    #expect(signed.value(0, in: [0xFF, 0x1F, 0x80]) == -1)
    #expect(signed.value(1, in: [0xFF, 0x1F, 0x80]) == -2_047)
    #expect(signed.logicalMinimum == -2_048)
    // Minimum 0, maximum written as FF in one byte: 255, as makers mean it.
    let unsigned = try HIDReportDescriptor(hex("0501 1500 25FF 7508 9501 0930 8102")).fields[0]
    #expect(unsigned.logicalMaximum == 255)
    #expect(unsigned.value(in: [0xFF]) == 255)
  }

  @Test func `extended usages, alternative usages, long items and padding are understood`() throws {
    // Usage 008C:00FE in four bytes under page 1; delimiters around two usages; a long item; 8 bits of padding.
    let bytes = hex("0501 7508 9501 0BFE008C00 8102 A901 0930 0931 A900 8102 FE03AA010203 8101 0932 8102")
    let descriptor = try HIDReportDescriptor(bytes)
    #expect(
      descriptor.fields.map { $0.usage(0) } == [.decodedData, HIDUsage(page: 1, id: 0x30), HIDUsage(page: 1, id: 0x32)])
    #expect(descriptor.fields.map(\.bitOffset) == [0, 8, 24])
  }

  @Test func `a usage range may name its page in one of its two ends`() throws {
    let descriptor = try HIDReportDescriptor(hex("0501 7508 9503 1BFB008C00 29FD 8102"))
    #expect((0..<3).map { descriptor.fields[0].usage($0) } == HIDUsage.symbologyIdentifiers)
  }

  // MARK: hostile input

  @Test(
    arguments: [
      ("05", .truncatedItem, 0), ("0501 26FF", .truncatedItem, 2), ("FE", .truncatedItem, 0),
      ("FEFF00", .truncatedItem, 0), ("0501 0C", .reservedItem, 2), ("A101 C0 C0", .endWithoutCollection, 3),
      ("A101", .unclosedCollection, 2), ("B4", .popWithoutPush, 0), ("8500", .reportID(0), 0),
      ("860001", .reportID(256), 0), ("97FFFFFFFF", .reportCount(0xFFFF_FFFF), 0),
      ("77FFFFFFFF", .reportSize(0xFFFF_FFFF), 0), ("760101", .reportSize(257), 0),
      ("9501 0930 8102", .reportSize(0), 4), ("760001 960030 0930 8102 8102", .reportTooLong, 8),
      ("1905 2904", .usages, 2), ("1B00008C00 2B01000900", .usages, 5), ("1900 2AFFFF", .usages, 2),
    ] as [(String, MalformedReportDescriptor.Reason, Int)])
  func `what is wrong is named with its place`(
    digits: String, reason: MalformedReportDescriptor.Reason, offset: Int
  ) {
    let fault = #expect(throws: MalformedReportDescriptor.self) { try HIDReportDescriptor(hex(digits)) }
    #expect(fault?.reason == reason)
    #expect(fault?.offset == offset)
    #expect(fault?.description.contains("byte \(offset)") == true)
  }

  @Test func `of a malformed one is known whether it spoke of scanners before its fault`() {
    #expect(HIDReportDescriptor.speaksOfScanners(hex("058C 0902 A101 26FF")))
    // The page comes behind the fault; another page; a whole one.
    #expect(!HIDReportDescriptor.speaksOfScanners(hex("C0 058C")))
    #expect(!HIDReportDescriptor.speaksOfScanners(hex("0501 0904 A101 26FF")))
    #expect(HIDReportDescriptor.speaksOfScanners(hex("068C00 0902 A101 C0")))
    #expect(!HIDReportDescriptor.speaksOfScanners([]))
  }

  @Test func `nothing grows without end`() throws {
    #expect(throws: MalformedReportDescriptor.self) { try HIDReportDescriptor([UInt8](repeating: 0xC0, count: 4_097)) }
    let deep = [UInt8](repeating: 0xA0, count: 33)
    #expect(throws: MalformedReportDescriptor(reason: .nestedTooDeep, offset: 32)) { try HIDReportDescriptor(deep) }
    let pushed = [UInt8](repeating: 0xA4, count: 9)
    #expect(throws: MalformedReportDescriptor(reason: .pushedTooDeep, offset: 8)) {
      try HIDReportDescriptor(pushed)
    }
    let fields = hex("7501 9501") + [[UInt8]](repeating: hex("08 80"), count: 1_025).flatMap { $0 }
    #expect(throws: MalformedReportDescriptor(reason: .tooManyFields, offset: 4 + 2 * 1_024 + 1)) {
      try HIDReportDescriptor(fields)
    }
    // As many usages as there may be, again and again: each goes with its main item.
    _ = try HIDReportDescriptor([[UInt8]](repeating: hex("1900 2AFF2F 90"), count: 600).flatMap { $0 })
  }
}
