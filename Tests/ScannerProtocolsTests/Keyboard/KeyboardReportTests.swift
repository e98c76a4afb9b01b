import ScannerProtocols
import Testing

struct KeyboardReportTests {
  @Test func `modifiers and keys stand where HID 1-11 appendix B-1 puts them`() throws {
    let report = try KeyboardReport([0x22, 0xFF, 4, 0, 5, 6, 7, 8])
    #expect(report.modifiers.touches(.shift))
    #expect(!report.modifiers.touches(.control))
    #expect(report.keys == [4, 5, 6, 7, 8])
  }

  @Test(arguments: [0, 1, 7, 9, 64]) func `any length but eight is refused`(length: Int) {
    #expect(throws: KeyboardReport.Malformation.wrongLength(length)) {
      try KeyboardReport([UInt8](repeating: 0, count: length))
    }
  }

  @Test(arguments: [0x01, 0x02, 0x03] as [UInt8]) func `keyboard errors are refused in any slot`(usage: UInt8) {
    #expect(throws: KeyboardReport.Malformation.keyboardError(usage)) {
      try KeyboardReport([0, 0, 4, 0, 0, 0, 0, usage])
    }
  }

  @Test(arguments: [0xA5, 0xAF, 0xDE, 0xDF, 0xE8, 0xFF] as [UInt8]) func `reserved usages are refused`(usage: UInt8) {
    #expect(throws: KeyboardReport.Malformation.reservedUsage(usage)) { try KeyboardReport(report(0, usage)) }
  }

  @Test(arguments: [0x04, 0xA4, 0xB0, 0xDD, 0xE0, 0xE7] as [UInt8]) func `defined usages are taken`(usage: UInt8) throws
  {
    #expect(try KeyboardReport(report(0, usage)).keys == [usage])
  }
}
