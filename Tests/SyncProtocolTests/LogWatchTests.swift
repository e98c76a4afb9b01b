import CustodyLedger
import SyncProtocol
import SyncTestSupport
import TamperEvidence
import Testing

/// A station against centres that lie about their log: each lie has its name.
@Suite struct LogWatchTests {
  /// A log of `count` entries of one station; `rewritten` exchanges the entry at that index.
  private func log(_ count: Int, rewritten: Int? = nil, centre: UInt8 = 200) throws -> SampleLog {
    var log = try SampleLog(centre)
    var writer = try ChainWriter(1)
    var other = try ChainWriter(2)
    for index in 0..<count {
      let entry = try writer.register("AT-\(index)")
      log.append(index == rewritten ? try other.register("AT-\(index)") : entry)
    }
    return log
  }

  private func note(_ log: SampleLog) throws -> [UInt8] {
    try log.checkpoint.signed(with: [log.centre.key]).bytes
  }

  private func tiles(_ wanted: [Tile], of log: SampleLog, size: UInt64) throws -> TileSet {
    var tiles = TileSet(size: size)
    for tile in wanted { try tiles.insert(tile, bytes: Tile.bytes(of: log.read(tile).prefix(tile.width))) }
    return tiles
  }

  /// Shows a log to a watch as a centre would, and gives back the proofs of leaves.
  private func show(
    _ log: SampleLog, to watch: inout LogWatch, proving indexes: [UInt64] = []
  ) throws -> [InclusionProof] {
    let head = try watch.read(try note(log))
    let tiles = try tiles(try watch.tilesNeeded(for: head, indexes: indexes), of: log, size: head.size)
    try watch.take(head, with: tiles)
    return try indexes.map {
      try LogWatch.proof(of: .leaf(log.entries[Int($0)].entry.bytes), at: $0, in: head, with: tiles)
    }
  }

  private func distrust(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let distrust as LogDistrust {
      #expect(!distrust.remedy.isEmpty && distrust.description.hasSuffix("."))
      return distrust.code
    } catch {
      return "\(error)"
    }
  }

  @Test("an honest log that grows is taken at every size, with the proof of every entry")
  func honest() throws {
    var watch = LogWatch(key: try log(0).key)
    for size in [0, 1, 2, 3, 255, 256, 257, 300, 300, 700] {
      let log = try log(size)
      let proofs = try show(log, to: &watch, proving: (0..<UInt64(size)).filter { $0 % 7 == 0 || $0 > 250 })
      #expect(watch.head == (try log.checkpoint))
      for proof in proofs {
        try proof.verify(
          leaf: .leaf(log.entries[Int(proof.leafIndex)].entry.bytes), root: try log.checkpoint.root)
      }
    }
  }

  @Test("a log that was rewritten before what was seen is found at any size", arguments: [0, 3, 255, 256, 299])
  func rewritten(_ index: Int) throws {
    for later in [301, 512, 600] {
      var watch = LogWatch(key: try log(0).key)
      _ = try show(try log(300), to: &watch)
      let before = watch
      #expect(distrust { _ = try show(try log(later, rewritten: index), to: &watch) } == "log.notExtended")
      #expect(watch == before)
    }
    // Rewritten behind it, it is another log, and nobody was shown the first.
    var watch = LogWatch(key: try log(0).key)
    _ = try show(try log(index), to: &watch)
    _ = try show(try log(400, rewritten: index), to: &watch)
  }

  @Test("two logs of one size are a fork, and a smaller one was rolled back")
  func forkedAndRolledBack() throws {
    var watch = LogWatch(key: try log(0).key)
    _ = try show(try log(300), to: &watch)
    #expect(distrust { _ = try show(try log(300, rewritten: 299), to: &watch) } == "log.forked")
    #expect(distrust { _ = try show(try log(299), to: &watch) } == "log.rolledBack")
    #expect(distrust { _ = try show(try log(0), to: &watch) } == "log.rolledBack")
  }

  @Test("another key, another origin and a broken signature are not the log")
  func keys() throws {
    var watch = LogWatch(key: try log(0).key)
    #expect(distrust { _ = try show(try log(5, centre: 201), to: &watch) } == "log.checkpoint")
    var bytes = try note(try log(5))
    for index in bytes.indices {
      bytes[index] ^= 1
      #expect(distrust { _ = try watch.read(bytes) } == "log.checkpoint", "byte \(index)")
      bytes[index] ^= 1
    }
    // The right key over a checkpoint of another log.
    let other = try Checkpoint(origin: "elsewhere/log", size: 0, root: .empty).signed(with: [try log(0).centre.key])
    #expect(distrust { _ = try watch.read(other.bytes) } == "log.checkpoint")
    #expect(watch.head == nil)
  }

  @Test("an entry that is elsewhere, not there, or beyond the tree head is not held")
  func notIncluded() throws {
    let log = try log(300)
    var watch = LogWatch(key: log.key)
    _ = try show(log, to: &watch)
    let head = try #require(watch.head)
    let tiles = try tiles(try watch.tilesNeeded(for: head, indexes: [7, 8]), of: log, size: head.size)
    let leaf = TreeHash.leaf(log.entries[7].entry.bytes)
    _ = try LogWatch.proof(of: leaf, at: 7, in: head, with: tiles)
    #expect(distrust { _ = try LogWatch.proof(of: leaf, at: 8, in: head, with: tiles) } == "log.notIncluded")
    #expect(distrust { _ = try LogWatch.proof(of: .leaf([1]), at: 7, in: head, with: tiles) } == "log.notIncluded")
    #expect(distrust { _ = try watch.tilesNeeded(for: head, indexes: [300]) } == "log.notIncluded")
  }

  @Test("a tile with any wrong hash proves nothing")
  func wrongTile() throws {
    let log = try log(300)
    let watch = LogWatch(key: log.key)
    let head = try watch.read(try note(log))
    let wanted = try watch.tilesNeeded(for: head, indexes: [290])
    for (number, tile) in wanted.enumerated() {
      var tiles = TileSet(size: head.size)
      for (other, good) in wanted.enumerated() {
        var bytes = Tile.bytes(of: log.read(good).prefix(good.width))
        if other == number { for hash in 0..<tile.width where hash != 290 % 256 { bytes[hash * 32] ^= 1 } }
        try tiles.insert(good, bytes: bytes)
      }
      #expect(
        distrust {
          _ = try LogWatch.proof(of: .leaf(log.entries[290].entry.bytes), at: 290, in: head, with: tiles)
        } == "log.notIncluded", "\(tile)")
    }
  }
}
