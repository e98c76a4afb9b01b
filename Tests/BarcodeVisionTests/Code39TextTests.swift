import Testing

@testable import BarcodeVision

@Suite("Code 39 as full ASCII")
struct Code39TextTests {
  private func full(_ plain: String) -> String? {
    Code39Text.fullASCII(Array(plain.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  // The pairs are those of ISO/IEC 16388, annex A.
  @Test("A pair that makes a lower-case letter shows what it is; all pairs are converted then")
  func converted() {
    #expect(full("12+A+B") == "12ab")
    #expect(full("A+A-1234") == "Aa-1234")
    #expect(full("S+N/Z42") == "Sn:42")
    #expect(full("A+Z/A/L/O$M%A%E%F%J%K%O%P%T%U%V%W%X") == "Az!,/\r\u{1B}\u{1F};?[_{\u{7F}\0@`\u{7F}")
  }

  @Test("Part numbers, prices and health care labels stay as they are")
  func kept() {
    for plain in ["2/4-8/16-32", "A/B", "$399.95", "C%D", "+H123ABC01234567899D", "12+", "1+2", "ABC123", "", "A+A/9"] {
      #expect(full(plain) == nil, "\(plain)")
    }
  }
}
