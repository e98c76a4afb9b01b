import ScannerProtocols
import Station
import Testing

/// Tags that count by any of their bits, as the settings tag.only and tag.never have it.
struct TagMaskTests {
  private func passes(_ only: String, _ epc: [UInt8]) throws -> Bool {
    try TagField.Configuration(only: [only]).smoothing.filter.passes(TagRead(epc: epc))
  }

  @Test func `bits behind the & say which of an EPC's count`() throws {
    #expect(try passes("3000000F&FF00000F", [0x30, 0x12, 0x34, 0xAF, 0x99]))
    #expect(try !passes("3000000F&FF00000F", [0x31, 0x12, 0x34, 0xAF]))
    #expect(try !passes("3000000F&FF00000F", [0x30, 0x12, 0x34, 0xAE]))
    // Shorter than what is asked for.
    #expect(try !passes("3000000F&FF00000F", [0x30, 0x12]))
    // An odd digit is half a byte.
    #expect(try passes("30F&F0F", [0x3A, 0xF5]))
  }

  @Test(arguments: ["30&FFFF", "30&", "&FF", "30&00", "30&FG", "30&FF&FF", "30&FF/4"])
  func `what is no mask is refused with its own words`(text: String) throws {
    do throws(TagSettingError) {
      _ = try TagField.Configuration(only: [text])
      Issue.record("taken: \(text)")
    } catch {
      #expect(error.description.contains(text) || error.description.contains("hexadecimal"))
    }
  }
}
