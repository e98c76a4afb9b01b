import ScannerProtocols
import Testing

struct SerialScannerTests {
  private var scanner = SerialScanner(deviceID: "serial")

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test mutating func `a scan ends with CR, LF or both, whatever transfers it comes in`() {
    var actions: [ScannerAction] = []
    for byte in bytes("ABC\r\nDEF\nG") { actions += scanner.receive([byte], at: .zero) }
    actions += scanner.receive(bytes("HI\r"), at: .zero)
    #expect(texts(actions) == ["ABC", "DEF", "GHI"])
    #expect(scanner.deadline == nil)
  }

  @Test mutating func `a symbology identifier is told apart from the text`() throws {
    guard case .scan(let scan)? = scanner.receive(bytes("]C10109506000134352\u{1D}21A\r"), at: .zero).first else {
      Issue.record("no scan")
      return
    }
    #expect(scan.symbologyIdentifier == "]C1")
    #expect(scan.text == "0109506000134352\u{1D}21A")
    #expect(scan.raw == bytes("]C10109506000134352\u{1D}21A"))
    #expect(texts(scanner.receive(bytes("]-1A\r"), at: .zero)) == ["]-1A"])
  }

  @Test mutating func `silence ends a scan without terminator, and not a moment earlier`() {
    _ = scanner.receive(bytes("ABC"), at: .zero)
    #expect(scanner.tick(at: .milliseconds(99)).isEmpty)
    guard case .scan(let scan)? = scanner.tick(at: .milliseconds(100)).first else {
      Issue.record("no scan")
      return
    }
    #expect(!scan.terminated)
  }

  @Test func `a prefix goes off, other terminators count when they are configured`() {
    var scanner = SerialScanner(
      deviceID: "serial", configuration: .init(prefix: Array("<".utf8), terminators: [0x3E]))
    #expect(texts(scanner.receive(Array("<A\rB><>".utf8), at: .zero)) == ["A\rB"])
    #expect(scanner.statistics.emptyScans == 1)
  }

  @Test mutating func `a scan that lost bytes is rejected, the next one is not`() {
    _ = scanner.receive(bytes("AB"), at: .zero)
    scanner.interrupt("overrun", at: .zero)
    let actions = scanner.receive(bytes("C\rDEF\r"), at: .zero)
    #expect(rejections(actions).map(\.reason) == [.interrupted("overrun")])
    #expect(texts(actions) == ["DEF"])
  }

  @Test mutating func `a line that never ends is rejected once, at the limit`() {
    var actions: [ScannerAction] = []
    for _ in 0..<100 { actions += scanner.receive([UInt8](repeating: 0x41, count: 1_000), at: .zero) }
    #expect(rejections(actions).map(\.reason) == [.tooLong(limit: 10_000)])
    #expect(actions.count == 1)
    #expect(texts(scanner.receive(bytes("\rABC\r"), at: .zero)) == ["ABC"])
  }

  @Test mutating func `a device that vanishes hands over what it had sent`() {
    _ = scanner.receive(bytes("AB"), at: .zero)
    let discarded = scanner.vanish()
    #expect(discarded?.raw == bytes("AB"))
    let again = scanner.vanish()
    #expect(again == nil)
  }
}
