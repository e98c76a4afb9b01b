import ScannerProtocols
import Testing

struct HIDPOSScannerTests {
  private var honeywell = HIDPOSScanner(deviceID: "pos", layout: .honeywell)

  /// A descriptor as public code has it for testing (HID POS 1.02): byte count, three identifiers, 56 bytes, one flag.
  private static let counted = hex(
    """
    058C 0902 A101 8502 0912 A102 1500 26FF00 7508 9501 0501 093B 8102 9503 058C 09FB 09FC 09FD 8102 9538 09FE 820201
    2501 7501 9501 09FF 8102 7507 8103 C0 C0
    """)
  /// The same without a byte count, each identifier a field of its own.
  private static let padded = hex(
    """
    058C 0902 A101 8502 1500 26FF00 7508 9501 09FB 8102 09FC 8102 09FD 8102 9538 09FE 820201 7501 9501 2501 09FF 8102
    7507 8103 C0
    """)

  private func scans(_ actions: [ScannerAction]) -> [ScannedText] {
    actions.compactMap { if case .scan(let scan) = $0 { scan } else { nil } }
  }

  private func data(_ text: String, _ length: Int = 56) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0, count: length - text.utf8.count)
  }

  // Captured from a Voyager 1602g: HenkVanAsselt/python_hon_usbhid README.md.
  private static let captured: [[UInt8]] = [
    [
      2, 56, 93, 88, 48, 80, 114, 111, 100, 117, 99, 116, 32, 78, 97, 109, 101, 58, 32, 86, 111, 121, 97, 103, 101, 114,
      32,
      49, 54, 48, 50, 103, 13, 10, 66, 111, 111, 116, 32, 82, 101, 118, 105, 115, 105, 111, 110, 58, 32, 58, 32, 56, 57,
      57,
      50, 13, 10, 83, 111, 102, 116, 63, 0, 1,
    ],
    [
      2, 8, 93, 90, 54, 82, 69, 86, 73, 78, 70, 6, 46, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0,
    ],
  ]

  @Test mutating func `captured Honeywell reports are one scan with identifier and the maker's symbology`() throws {
    #expect(honeywell.receive(report: Self.captured[0], at: .zero).isEmpty)
    let scan = try #require(scans(honeywell.receive(report: Self.captured[1], at: .milliseconds(8))).first)
    #expect(scan.text == "Product Name: Voyager 1602g\r\nBoot Revision: : 8992\r\nSoftREVINF\u{6}.")
    #expect(scan.symbologyIdentifier == "]X0")
    #expect(scan.vendorSymbology == 63)
    #expect(scan.raw == Self.captured[0] + Self.captured[1])
    #expect(honeywell.deadline == nil)
  }

  @Test mutating func `the last captured report alone is the command's answer`() throws {
    let scan = try #require(scans(honeywell.receive(report: Self.captured[1], at: .zero)).first)
    #expect(scan.text == "REVINF\u{6}.")
    #expect(scan.symbologyIdentifier == "]Z6")
    #expect(scan.vendorSymbology == 54)
    #expect(HIDPOSLayout.honeywellSwitch == [0xFE, 0x01])
  }

  @Test func `the layout is read from the descriptor, with a byte count`() throws {
    let layout = try #require(HIDPOSLayout(try HIDReportDescriptor(Self.counted)))
    var scanner = HIDPOSScanner(deviceID: "pos", layout: layout)
    let more = [2, 4] + Array("]Q1".utf8) + data("a\0b\0") + [1]
    #expect(more.count == 62)
    #expect(scanner.receive(report: more, at: .zero).isEmpty)
    let last = [2, 1] + Array("]Q1".utf8) + data("c") + [0]
    let scan = try #require(scans(scanner.receive(report: last, at: .zero)).first)
    #expect(scan.text == "a\0b\0c")
    #expect(scan.symbologyIdentifier == "]Q1")
    #expect(scan.vendorSymbology == nil)
  }

  @Test func `the layout is read from the descriptor, without a byte count`() throws {
    let layout = try #require(HIDPOSLayout(try HIDReportDescriptor(Self.padded)))
    var scanner = HIDPOSScanner(deviceID: "pos", layout: layout)
    let scan = try #require(
      scans(scanner.receive(report: [2] + Array("]E0".utf8) + data("5901234123457") + [0], at: .zero)).first)
    #expect(scan.text == "5901234123457")
    #expect(scan.symbologyIdentifier == "]E0")
  }

  @Test func `a keyboard has no such layout`() throws {
    #expect(HIDPOSLayout(try HIDReportDescriptor(ReportDescriptorTests.keyboard)) == nil)
  }

  @Test mutating func `bytes that are no UTF-8 are kept one by one`() throws {
    var report = Self.captured[1]
    report[5] = 0xFF
    #expect(scans(honeywell.receive(report: report, at: .zero)).first?.text.unicodeScalars.first == "\u{FF}")
  }

  // MARK: faults

  @Test mutating func `a read whose rest never comes is rejected when its time is over`() {
    _ = honeywell.receive(report: Self.captured[0], at: .zero)
    #expect(honeywell.tick(at: .milliseconds(299)).isEmpty)
    #expect(rejections(honeywell.tick(at: .milliseconds(300))).map(\.reason) == [.unfinished])
    #expect(honeywell.tick(at: .seconds(9)).isEmpty)
    #expect(scans(honeywell.receive(report: Self.captured[1], at: .seconds(9))).count == 1)
  }

  @Test mutating func `an interruption in mid-read rejects it`() {
    _ = honeywell.receive(report: Self.captured[0], at: .zero)
    honeywell.interrupt("stall", at: .zero)
    #expect(rejections(honeywell.receive(report: Self.captured[1], at: .zero)).map(\.reason) == [.interrupted("stall")])
    honeywell.interrupt("stall", at: .zero)
    #expect(scans(honeywell.receive(report: Self.captured[1], at: .milliseconds(10))).first?.followsFault == true)
  }

  @Test mutating func `a byte count beyond the report rejects the read, a report of another kind is passed over`() {
    var report = Self.captured[1]
    report[1] = 255
    #expect(rejections(honeywell.receive(report: report, at: .zero)).count == 1)
    #expect(rejections(honeywell.receive(report: Array(Self.captured[1].prefix(7)), at: .zero)).count == 1)
    for stray in [[], [1, 2, 3], [UInt8](repeating: 0xFF, count: 300)] as [[UInt8]] {
      #expect(honeywell.receive(report: stray, at: .zero).isEmpty)
    }
    #expect(scans(honeywell.receive(report: Self.captured[1], at: .zero)).count == 1)
    #expect(honeywell.statistics.garbageReports == 5)
  }

  @Test mutating func `a read that goes on for ever is rejected at the limit, and only once`() {
    var actions: [ScannerAction] = []
    for _ in 0..<1_000 { actions += honeywell.receive(report: Self.captured[0], at: .zero) }
    actions += honeywell.receive(report: Self.captured[1], at: .zero)
    #expect(rejections(actions).map(\.reason) == [.tooLong(limit: 10_000)])
    #expect(actions.count == 1)
    #expect((rejections(actions).first?.raw.count ?? .max) < 41_000)
  }

  @Test mutating func `a device that vanishes hands over what it had sent`() {
    _ = honeywell.receive(report: Self.captured[0], at: .zero)
    let discarded = honeywell.vanish()
    #expect(discarded?.characters == 56)
    let again = honeywell.vanish()
    #expect(again == nil)
  }
}
