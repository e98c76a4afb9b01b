/// Which stored hashes a proof, or a root, is made of: values in, values out, so that it fits any store.
///
/// Fetch `tiles` from wherever they are kept, then give them to `hashes(from:)`. A tile that has grown since may be given
/// in place of the narrower one that is asked for.
public struct ProofPlan: Sendable {
  /// The tiles that are needed, each once; at most some 60 for the largest tree.
  public let tiles: [Tile]

  /// Each hash of the proof, as the perfect subtrees that it is folded from.
  private let subtrees: [[PerfectSubtree]]

  init(_ ranges: [Range<UInt64>], inTreeOf size: UInt64) {
    subtrees = ranges.map(PerfectSubtree.covering)
    var tiles: [Tile] = []
    var seen: Set<Tile> = []
    for subtree in subtrees.joined() {
      let tile = subtree.tile(inTreeOf: size)
      if seen.insert(tile).inserted { tiles.append(tile) }
    }
    self.tiles = tiles
  }

  /// Folds the proof's hashes, in its order, from the hashes of tiles, which `tile` answers for each of `tiles`.
  public func hashes(from tile: (Tile) throws -> [TreeHash]) throws -> [TreeHash] {
    var held: [Tile.Place: [TreeHash]] = [:]
    for wanted in tiles {
      let hashes = try tile(wanted)
      guard (wanted.width...Tile.fullWidth).contains(hashes.count) else {
        throw TileError.wrongWidth(tile: wanted, hashes: hashes.count)
      }
      held[wanted.place] = hashes
    }
    return try subtrees.map { range in
      TreeHash.root(ofSubtrees: try range.map { try $0.hash(in: held) })
    }
  }
}

/// A store gave something else than the tile that was asked for.
public enum TileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Fewer hashes than the tile has, or more than 256.
  case wrongWidth(tile: Tile, hashes: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .wrongWidth(let tile, let hashes):
      "tile \(LogPath.tile(tile)) holds \(hashes) hashes; it must hold \(tile.width)"
    }
  }
}

extension InclusionProof {
  /// What the proof of leaf `index` in the tree of the first `size` leaves is made of (RFC 6962 §2.1.1). Its hashes are
  /// the `hashes` of `init(leafIndex:treeSize:hashes:)`.
  public static func plan(leafIndex index: UInt64, treeSize size: UInt64) throws(ProofError) -> ProofPlan {
    guard index < size else { throw .leafOutsideTree(index: index, size: size) }
    var (low, high) = (UInt64(0), size)
    var siblings: [Range<UInt64>] = []
    while high - low > 1 {
      let middle = low + PerfectSubtree.largest(below: high - low)
      if index < middle {
        siblings.append(middle..<high)
        high = middle
      } else {
        siblings.append(low..<middle)
        low = middle
      }
    }
    return ProofPlan(siblings.reversed(), inTreeOf: size)
  }
}

extension ConsistencyProof {
  /// What the proof that the first `newSize` leaves extend the first `oldSize` is made of (RFC 6962 §2.1.2).
  public static func plan(oldSize: UInt64, newSize: UInt64) throws(ProofError) -> ProofPlan {
    guard oldSize <= newSize else { throw .sizesReversed(from: oldSize, to: newSize) }
    guard oldSize > 0 else { throw .emptyTree }
    var (low, high) = (UInt64(0), newSize)
    var ranges: [Range<UInt64>] = []
    while oldSize < high {
      let middle = low + PerfectSubtree.largest(below: high - low)
      if oldSize <= middle {
        ranges.append(middle..<high)
        high = middle
      } else {
        ranges.append(low..<middle)
        low = middle
      }
    }
    // What is left ends where the older tree ends; the older tree itself need not be said.
    if low > 0 { ranges.append(low..<high) }
    return ProofPlan(ranges.reversed(), inTreeOf: newSize)
  }
}

extension CompactRange {
  /// What the compact range of the first `size` leaves is made of. Its hashes are the `subtrees` of
  /// `init(size:subtrees:)`; the root follows.
  public static func plan(size: UInt64) -> ProofPlan {
    ProofPlan(PerfectSubtree.covering(0..<size).map(\.leaves), inTreeOf: size)
  }
}

/// 2^height leaves that begin at a multiple of 2^height.
struct PerfectSubtree: Hashable {
  let height: Int
  /// Its place among the subtrees of its height.
  let index: UInt64

  var leaves: Range<UInt64> {
    let start = index << UInt64(height)
    return start..<start + 1 << UInt64(height)
  }

  /// The largest power of two below `size`, which is at least 2: where RFC 6962 splits a tree.
  static func largest(below size: UInt64) -> UInt64 {
    1 << UInt64(UInt64.bitWidth - 1 - (size - 1).leadingZeroBitCount)
  }

  /// The perfect subtrees that cover `range`, largest first. The range is one that RFC 6962 hashes as a whole, so that it
  /// begins at a multiple of the largest.
  static func covering(_ range: Range<UInt64>) -> [PerfectSubtree] {
    var subtrees: [PerfectSubtree] = []
    var start = range.lowerBound
    var rest = range.upperBound - range.lowerBound
    while rest > 0 {
      let height = UInt64.bitWidth - 1 - rest.leadingZeroBitCount
      subtrees.append(PerfectSubtree(height: height, index: start >> UInt64(height)))
      start += 1 << UInt64(height)
      rest -= 1 << UInt64(height)
    }
    return subtrees
  }

  /// Its first hash of the tile's level, counted through the whole level.
  private var firstHash: UInt64 { index << UInt64(height % 8) }

  /// The tile that its root is folded from.
  func tile(inTreeOf size: UInt64) -> Tile {
    let (level, place) = (height / 8, firstHash >> 8)
    let width = Tile.width(atLevel: level, index: place, inTreeOf: size) ?? Tile.fullWidth
    return Tile(unchecked: level, place, width)
  }

  func hash(in tiles: [Tile.Place: [TreeHash]]) throws -> TreeHash {
    let first = Int(firstHash & 255)
    let place = Tile.Place(level: height / 8, index: firstHash >> 8)
    guard let hashes = tiles[place], hashes.count >= first + 1 << (height % 8) else {
      throw TileError.wrongWidth(
        tile: Tile(unchecked: place.level, place.index, first + 1 << (height % 8)), hashes: tiles[place]?.count ?? 0)
    }
    var level = Array(hashes[first..<first + 1 << (height % 8)])
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { .node(level[$0], level[$0 + 1]) }
    }
    return level[0]
  }
}

extension Tile {
  /// A tile without its width, which grows.
  struct Place: Hashable {
    let level: Int
    let index: UInt64
  }

  var place: Place { Place(level: level, index: index) }
}
