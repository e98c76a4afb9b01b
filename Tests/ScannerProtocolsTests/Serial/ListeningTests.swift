import ScannerProtocols
import Testing

/// Devices on a serial line that nobody has adopted: what they say is told, and nothing else comes of it.
struct ListeningTests {
  private func heard(_ bytes: [UInt8], piece: Int = 1) throws -> HeardBytes {
    var conversation = ListeningConversation()
    var actions = conversation.start(at: .zero)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      actions += conversation.receive(Array(bytes[start..<min(start + piece, bytes.count)]), from: .main, at: .zero)
    }
    #expect(actions.isEmpty)
    actions = conversation.tick(at: .milliseconds(300))
    guard case .heard(let heard)? = actions.first, actions.count == 1 else {
      throw HeardNothing()
    }
    return heard
  }
  private struct HeardNothing: Error {}

  @Test func `a line of text is told, whole`() throws {
    let heard = try heard(Array("OLD\r\nAT-00042\r\n".utf8))
    #expect(heard.words == "15 bytes heard; they look like text: AT-00042")
  }

  @Test func `a badge is not shown`() throws {
    let heard = try heard(Array("CUSTODY:BADGE:secret\r".utf8))
    #expect(heard.likeness == .text)
    #expect(heard.text == nil)
  }

  /// A frame of each reader, as their manuals have it: see the captures of devices/.
  @Test(arguments: [
    ("BB02220011C9340030751FEB705C5904E3D50D703A76EF7E", HeardBytes.Likeness.m100),
    ("0700010101001E4B", .chafon),
    (
      "FF2822000010001B01FF0101C4110E164000000127000005"
        + "00000F00803000000000000000000000001545E94A561D", .mercury
    ),
    // Its check is wrong by one bit.
    ("0700010101001E4A", .unknown),
  ])
  func `a reader's frame is known by its check, nothing else is`(digits: String, likeness: HeardBytes.Likeness) throws {
    #expect(try heard(hex(digits)).likeness == likeness)
  }

  @Test func `what is neither is said to be so, and any length of it is counted`() throws {
    let heard = try heard([UInt8](repeating: 0x80, count: 100_000), piece: 512)
    #expect(heard.count == 100_000)
    #expect(heard.likeness == .unknown)
    #expect(heard.words.contains("another rate than 9600 baud"))
  }
}
