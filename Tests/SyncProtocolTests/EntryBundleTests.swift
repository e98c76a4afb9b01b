import CustodyLedger
import SyncProtocol
import SyncTestSupport
import Testing

@Suite struct EntryBundleTests {
  private func entries(_ count: Int, length: Int = 65) throws -> [UnverifiedEntry] {
    try (0..<count).map { try UnverifiedEntry(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: length)) }
  }

  @Test("each entry stands after its length in two bytes, big-endian")
  func framing() throws {
    let bundle = try #require(EntryBundle(prefixOf: try entries(1, length: 258)))
    #expect(bundle.bytes.prefix(3) == [1, 2, 0])
    #expect(bundle.bytes.count == 260)
    #expect(try EntryBundle(bytes: bundle.bytes) == bundle)
  }

  @Test("a bundle takes 500 entries and leaves the rest")
  func count() throws {
    let entries = try entries(501)
    let bundle = try #require(EntryBundle(prefixOf: entries))
    #expect(bundle.entries == Array(entries.prefix(500)))
    #expect(EntryBundle(prefixOf: [UnverifiedEntry]()) == nil)
  }

  @Test("a bundle takes 1 MiB and leaves the rest")
  func length() throws {
    // 1,048,576 / 60,066 is 17.46: seventeen of the longest entries fit.
    let bundle = try #require(EntryBundle(prefixOf: try entries(20, length: 60_064)))
    #expect(bundle.entries.count == 17)
    #expect(try EntryBundle(bytes: bundle.bytes) == bundle)
  }

  @Test("what is no bundle is refused, naming the place")
  func malformed() throws {
    let two = try #require(EntryBundle(prefixOf: try entries(2))).bytes
    #expect(throws: EntryBundleError.empty) { try EntryBundle(bytes: []) }
    #expect(throws: EntryBundleError.truncated(offset: 67)) { try EntryBundle(bytes: two.dropLast()) }
    #expect(throws: EntryBundleError.truncated(offset: 134)) { try EntryBundle(bytes: two + [0]) }
    #expect(throws: EntryBundleError.impossibleLength(offset: 134, length: 64)) {
      try EntryBundle(bytes: two + [0, 64])
    }
    #expect(throws: EntryBundleError.tooLong(bytes: 1_048_577)) {
      try EntryBundle(bytes: [UInt8](repeating: 0, count: 1_048_577))
    }
    var tooMany: [UInt8] = []
    for _ in 0..<501 { tooMany += two.prefix(67) }
    #expect(throws: EntryBundleError.tooMany) { try EntryBundle(bytes: tooMany) }
  }
}
