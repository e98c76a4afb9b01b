import Foundation
import Testing

@testable import Backup

struct TarHeaderTests {
  private static let headers: [(String, Int64)] = [
    ("station.db", 0), ("blobs/ab/" + String(repeating: "f", count: 64), 1),
    ("labels/" + String(repeating: "d", count: 120) + "/" + String(repeating: "n", count: 100), 511),
    ("station.db", (1 << 33) - 1), ("station.db", 1 << 33), ("station.db", 1 << 45),
  ]

  @Test(arguments: headers)
  func headersAreReadAsTheyAreWritten(name: String, size: Int64) throws {
    let header = try #require(TarHeader(name: name, size: size))
    #expect(header.bytes.count == 512)
    #expect(TarHeader(bytes: header.bytes) == header)
  }

  @Test(arguments: [
    "", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.b", "a\u{0}b", "a b", "a\\b", "a\nb",
    String(repeating: "n", count: 101), String(repeating: "p", count: 156) + "/n", String(repeating: "x", count: 256),
  ])
  func namesThatLeadElsewhereOrDoNotFitAreRefused(name: String) { #expect(TarHeader(name: name, size: 1) == nil) }

  @Test func anyFlippedBitOfAHeaderIsRefusedOrAnotherHeader() throws {
    let header = try #require(TarHeader(name: "blobs/ab/cd", size: 77))
    for bit in 0..<512 * 8 {
      var bytes = header.bytes
      bytes[bit / 8] ^= 1 << (bit % 8)
      #expect(TarHeader(bytes: bytes) == nil, "bit \(bit)")
    }
  }
}
