import Testing

@testable import AssetIdentifiers

@Suite struct HostileScanTests {
  private func isInside(_ scan: [UInt8]) -> Bool {
    do throws(IdentifierError) {
      _ = try ScanNotation(scan).interpret()
      return true
    } catch { return error.start >= 0 && error.start + error.length <= ScanNotation(scan).input.utf8.count }
  }

  /// Sizes and shapes meant to hurt take no longer than others: what is not linear in them would take hours.
  @Test(.timeLimit(.minutes(10))) func hostileScansAreAnsweredAtOnce() throws {
    let long = 65_536
    let scans: [[UInt8]] = [
      Array("https://id.gs1.org/01/09506000134352?".utf8) + [UInt8](repeating: 0x26, count: long),
      Array(("https://id.gs1.org" + String(repeating: "/01/09506000134352", count: 3600)).utf8),
      Array("]C1".utf8) + [UInt8](repeating: 0x1D, count: 100_000), [UInt8](repeating: 0x28, count: long),
      Array((String(repeating: "(99)A", count: 800)).utf8), Array("https://id.gs1.org/01/09506000134352/10/%".utf8),
      Array(("[)>\u{1E}06" + String(repeating: "\u{1D}SABC", count: 800)).utf8),
      Array(("[)>" + String(repeating: "<GS>", count: 1000)).utf8),
      Array(("hex:" + String(repeating: "30", count: 40_000)).utf8),
      Array(("urn:epc:tag:sgtin-96:" + String(repeating: ".", count: 4000)).utf8),
      Array(("\\" + String(repeating: "\\x41", count: 20_000)).utf8),
    ]
    for scan in scans { #expect(isInside(scan)) }
    for byte in UInt8.min...UInt8.max {
      #expect(isInside([byte]))
      #expect(isInside(Array("]Q3".utf8) + [byte]))
      #expect(isInside(Array("hex:".utf8) + [byte]))
    }
  }

  @Test func aLinkOf64KilobytesIsTooLong() throws {
    let link = "https://id.gs1.org/01/09506000134352?99=" + String(repeating: "A", count: 65_536)
    do throws(IdentifierError) {
      _ = try AssetIdentifier.interpret(RawScan(link.utf8))
      Issue.record("taken")
    } catch {
      #expect(error.code == "identifier.tooLong")
      #expect(error.start == 4096 && error.start + error.length == link.utf8.count)
    }
  }

  /// Bytes that are no text are kept as they are, and their line shows them.
  @Test func bytesThatAreNoTextAreKept() throws {
    #expect(try AssetIdentifier.interpret(RawScan([0xFF, 0xFE, 0x41])) == .bytes([0xFF, 0xFE, 0x41]))
    #expect(ScanNotation([0x61, 0xFF, 0xC3, 0xA4]).input == "a\\xFFä")
    #expect(try ScanNotation([0x61, 0xFF]).interpret() == .bytes([0x61, 0xFF]))
  }
}
