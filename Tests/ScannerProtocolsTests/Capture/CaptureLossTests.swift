import ScannerProtocols
import Testing

/// What a capture holds besides what could be read is told, in words.
struct CaptureLossTests {
  private func losses(_ kind: CaptureProtocol, _ digits: String) -> [String] {
    var decoder = CaptureDecoder(kind)
    _ = decoder.receive(hex(digits))
    _ = decoder.end()
    return decoder.losses
  }

  @Test(arguments: [
    // A report with a reserved usage (HID Usage Tables, table 10-1: 1 is an error).
    (CaptureProtocol.keyboard, "0000010101010101", "1 report is no keyboard's"),
    (.serial, "41420143 0D0F", "2 bytes belong to no text"), (.serial, "410142 0D", "1 byte belongs to no text"),
    (.ccid, "FFFF", "2 bytes belong to no message"),
    (.m100, "00BB", "2 bytes belong to no frame"),
  ])
  func `garbage is counted and told`(kind: CaptureProtocol, digits: String, words: String) {
    #expect(losses(kind, digits.filter { $0 != " " }) == [words])
  }

  @Test func `bytes behind a bad frame of Chafon's are dropped bytes, not a bad frame each`() {
    // The round's end of devices/chafon-uhfreader288 with its check spoilt, then as it was.
    #expect(
      losses(.chafon288, "0700010101001E4C" + "0700010101001E4B") == [
        "8 bytes belong to no frame", "1 frame has a wrong checksum",
      ])
  }

  @Test func `of what was all read, nothing is told`() {
    #expect(losses(.chafon288, "0700010101001E4B").isEmpty)
    #expect(losses(.serial, "41542D30303034320D0A").isEmpty)
  }
}
