import Testing

@testable import ScannerProtocols

struct HIDKeyboardTests {
  @Test func `a boot keyboard's reports stay as they are`() throws {
    let keyboard = try #require(HIDKeyboard(try HIDReportDescriptor(ReportDescriptorTests.keyboard)))
    #expect(keyboard.bootReport(from: report(0x22, 4, 5)) == report(0x22, 4, 5))
    #expect(keyboard.bootReport(from: idle) == idle)
    #expect(keyboard.bootReport(from: [1, 2]) == nil)
    #expect(keyboard.bootReport(from: [0, 0, 1, 1, 1, 1, 1, 1]) == [0, 0, 1, 1, 1, 1, 1, 1])
  }

  /// Report 1: modifiers, then a bit for each of the usages 4 to 0x1D, six bits of padding.
  private let bitmap = hex(
    "0501 0906 A101 8501 0507 19E0 29E7 1500 2501 7501 9508 8102 1904 291D 951A 8102 9506 8103 C0")

  @Test func `a keyboard with a bit for every key, and numbered reports, is understood`() throws {
    let keyboard = try #require(HIDKeyboard(try HIDReportDescriptor(bitmap)))
    #expect(keyboard.bootReport(from: [1, 0x02, 0b101, 0, 0, 0x02]) == report(2, 4, 6, 0x1D))
    #expect(keyboard.bootReport(from: [2, 0x02, 0b101, 0, 0, 0]) == nil)
    #expect(keyboard.bootReport(from: [1, 0, 0xFF, 0xFF, 0xFF, 0x03])?.count == 8)
    var wedge = KeyboardWedge(deviceID: "scanner")
    let reports = [[1, 0x02, 0b1, 0, 0, 0], [1, 0, 0, 0, 0, 0], [1, 0, 0b10, 0, 0, 0]] as [[UInt8]]
    for report in reports {
      _ = wedge.receive(report: try #require(keyboard.bootReport(from: report)), at: .zero)
    }
    #expect(texts(wedge.tick(at: .seconds(1))) == ["Ab"])
  }

  @Test func `a scanner without keys is no keyboard`() throws {
    #expect(HIDKeyboard(try HIDReportDescriptor(hex("058C 0902 A101 7508 9538 09FE 8102 C0"))) == nil)
  }
}
