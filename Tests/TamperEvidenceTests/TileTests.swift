import Testing

@testable import TamperEvidence

@Suite("Tiles and their paths")
struct TileTests {
  @Test("C2SP's example of an index: 1234067")
  func publishedPath() throws {
    let tile = try #require(Tile(level: 0, index: 1_234_067))
    #expect("\(LogPath.tile(tile))" == "tile/0/x001/x234/067")
    #expect("\(LogPath.entries(index: 1_234_067, width: 8))" == "tile/entries/x001/x234/067.p/8")
  }

  @Test("C2SP's example of a tree: 70,000 leaves")
  func publishedTree() {
    #expect(Tile.fullCount(atLevel: 0, inTreeOf: 70_000) == 273)
    #expect(Tile.fullCount(atLevel: 1, inTreeOf: 70_000) == 1)
    #expect(Tile.fullCount(atLevel: 2, inTreeOf: 70_000) == 0)
    #expect(
      Tile.partial(inTreeOf: 70_000).map { [$0.level, Int($0.index), $0.width] } == [
        [0, 273, 112], [1, 1, 17], [2, 0, 1],
      ])
    // A tree of 256 leaves is a full tile and a partial one of width 1 above it.
    #expect(Tile.partial(inTreeOf: 256).map { [$0.level, Int($0.index), $0.width] } == [[1, 0, 1]])
    #expect(Tile.partial(inTreeOf: 0) == [])
  }

  @Test(
    "every path is read back as what was written",
    arguments: [0, 1, 9, 999, 1000, 999_999, 1_000_000, 1_234_067, LogPath.maximumIndex])
  func paths(index: UInt64) throws {
    for width in [1, 9, 10, 255, 256] {
      for level in [0, 1, 7, 10, 63] {
        let path = LogPath.tile(try #require(Tile(level: level, index: index, width: width)))
        #expect(LogPath("\(path)") == path)
      }
      let path = LogPath.entries(index: index, width: width)
      #expect(LogPath("\(path)") == path)
    }
    #expect(LogPath("checkpoint") == .checkpoint)
  }

  @Test(
    "no other spelling is read",
    arguments: [
      "", "/checkpoint", "checkpoint/", "Checkpoint", "tile", "tile/", "tile/0", "tile/0/", "tile/0/1", "tile/0/01",
      "tile/0/0001", "tile/00/001", "tile/-1/001", "tile/+1/001", "tile/64/001", "tile/0/x000/001", "tile/0/001/001",
      "tile/0/x001", "tile/0/X001/001", "tile/0/x01/001", "tile/0/x001/x234", "tile/0/001.p", "tile/0/001.p/",
      "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/1/", "tile/0/001.p/1/1", "tile/0/001p/1",
      "tile/0/x001.p/001", "tile/0/..", "tile/0/../001", "tile/entries", "tile/entries/", "tile/entries/x000/000",
      "tile/data/001", "tile/0/００１", "tile/0/001\u{0}", "tile//001", "entries/001",
      "tile/0/x999/x999/x999/x999/x999/x999/999",
      // One above the highest index.
      "tile/0/x072/x057/x594/x037/x927/936",
    ])
  func otherPaths(text: String) {
    #expect(LogPath(text) == nil)
  }

  @Test("a tile's bytes are its hashes, one after the other")
  func tileBytes() {
    let hashes = Definition.leaves(3)
    let bytes = Tile.bytes(of: hashes)
    #expect(bytes == hashes[0].bytes + hashes[1].bytes + hashes[2].bytes)
    #expect(Tile.hashes(in: bytes) == hashes)
    #expect(Tile.hashes(in: bytes.dropLast()) == nil)
    #expect(Tile.hashes(in: []) == nil)
    #expect(Tile.hashes(in: [UInt8](repeating: 0, count: 257 * 32)) == nil)
  }

  @Test("an entry bundle is read back as it was written, and nothing else is read")
  func bundles() throws {
    let entries: [[UInt8]] = [[], [1], [UInt8](repeating: 7, count: 65_535)]
    let bundle = try TileEntries(entries)
    #expect(bundle.bytes.prefix(7) == [0, 0, 0, 1, 1, 0xFF, 0xFF])
    #expect(try TileEntries(bytes: bundle.bytes).entries.map(Array.init) == entries)
    #expect(throws: TileEntries.Fault.count) { try TileEntries(bytes: []) }
    #expect(throws: TileEntries.Fault.count) { try TileEntries(bytes: [UInt8](repeating: 0, count: 2 * 257)) }
    #expect(throws: TileEntries.Fault.truncated(offset: 2)) { try TileEntries(bytes: [0, 0, 0]) }
    #expect(throws: TileEntries.Fault.truncated(offset: 2)) { try TileEntries(bytes: [0, 0, 0, 2, 9]) }
    #expect(throws: TileEntries.Fault.tooLong(bytes: 65_536)) {
      try TileEntries([[UInt8](repeating: 0, count: 65_536)])
    }
    #expect(throws: TileEntries.Fault.count) { try TileEntries([[UInt8]]()) }
  }

  @Test("random bytes are a bundle only if they are the bytes of that bundle; random paths likewise")
  func mutations() {
    var dice = Dice(6962)
    let alphabet = Array("0123456789x./pcheckpoint-entriestile".utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<dice.roll(40)).map { _ in UInt8(dice.roll(4) == 0 ? dice.roll(256) : dice.roll(3)) }
      if let bundle = try? TileEntries(bytes: bytes) { #expect(bundle.bytes == bytes) }
      let path = String(
        decoding: Array("tile/0/".utf8) + (0..<dice.roll(12)).map { _ in alphabet[dice.roll(alphabet.count)] },
        as: UTF8.self)
      if let read = LogPath(path) { #expect("\(read)" == path) }
    }
  }
}
