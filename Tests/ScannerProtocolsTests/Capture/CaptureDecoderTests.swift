import ScannerProtocols
import Testing

struct CaptureDecoderTests {
  private func decode(_ kind: CaptureProtocol, _ bytes: [UInt8], layout: KeyboardLayout = .us) -> [String] {
    var whole = CaptureDecoder(kind, layout: layout)
    let readings = words(whole.receive(bytes) + whole.end())
    // Piece by piece is the same.
    var pieces = CaptureDecoder(kind, layout: layout)
    #expect(words(bytes.flatMap { pieces.receive([$0]) } + pieces.end()) == readings)
    return readings
  }

  private func words(_ readings: [CapturedReading]) -> [String] {
    readings.map { reading in
      switch reading {
      case .scan(let scan): "scan \(scan.text)"
      case .rejected(let rejected): "rejected \(rejected.message)"
      case .tag(let tag): "tag \(tag.epc.map { String($0, radix: 16) }.joined(separator: " "))"
      case .note(let text): text
      }
    }
  }

  @Test func `each protocol says what its captured bytes mean`() throws {
    #expect(decode(.keyboard, report(2, keyA) + idle + report(0, keyEnter) + idle) == ["scan A"])
    #expect(
      decode(.keyboard, report(0, 0x1C) + idle + [0, 0, 0], layout: .de) == [
        "scan z", "3 bytes of a report at the end",
      ])
    #expect(decode(.serial, Array("]C1ABC\r\nDEF".utf8)) == ["scan ABC", "scan DEF"])
    #expect(
      decode(.chafon288, hex("0d000103010104003230386da3d2") + [0x0D, 0x00] + hex("0700010101001e4b"))
        == ["tag 0 32 30 38"])
    #expect(decode(.chafon18, hex("13000103010c0000000000000000000003133f39")) == ["tag 0 0 0 0 0 0 0 0 0 0 3 13"])
    #expect(decode(.m100, hex("BB01FF000115167E BB014900100E340030751FEB705C5904E3D50D7000A97E")) == ["done"])
    #expect(decode(.mercury, try FrameVectors.frames("mercury")[0]) == ["tag 0 0 0 0 0 0 0 0 0 0 15 45"])
    #expect(
      decode(.llrp, try FrameVectors.frames("llrp").flatMap { $0 }) == [
        "READER_EVENT_NOTIFICATION UTCTimestamp ConnectionAttemptEvent",
        "tag 30 5 fb 63 ac 1f 38 41 ec 88 4 67", "tag 1f b4 1f 71 2a c9 c3 7a b7 9d 61 81 73 18 83 24 0 1a",
      ])
  }

  @Test func `HID POS reports of a capture are joined`() {
    var report: [UInt8] = [2, 3] + Array("]Q1abc".utf8)
    report += [UInt8](repeating: 0, count: 64 - report.count)
    #expect(decode(.hidPOS, report) == ["scan abc"])
    report[63] = 1
    #expect(decode(.hidPOS, report).first?.contains("never came") == true)
  }

  @Test(arguments: CaptureProtocol.allCases) func `whatever a capture holds, it is read to its end`(
    kind: CaptureProtocol
  ) {
    var dice = Dice(9)
    for _ in 0..<300 {
      var decoder = CaptureDecoder(kind)
      for _ in 0..<3 { _ = decoder.receive((0..<dice.roll(200)).map { _ in dice.byte() }) }
      _ = decoder.end()
    }
  }
}
