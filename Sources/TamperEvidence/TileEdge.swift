/// The right edge of a tiled log: the hashes of its partial tiles, at most 255 a level. It is all that is needed to append
/// to the log, to know which tiles to write, and to compute the root.
///
/// A log is opened again from the stored partial tiles of its last checkpoint: `Tile.partial(inTreeOf:)` names them.
public struct TileEdge: Sendable {
  /// How many leaves the log has.
  public private(set) var size: UInt64
  private var levels: [[TreeHash]]

  /// The edge of the log without leaves.
  public init() {
    size = 0
    levels = []
  }

  /// The edge of a log of `size` leaves, from the hashes of its partial tiles, which `tile` answers.
  public init(size: UInt64, tile: (Tile) throws -> [TreeHash]) throws {
    self.size = size
    let partial = Tile.partial(inTreeOf: size)
    levels = Array(repeating: [], count: (partial.last?.level ?? -1) + 1)
    for wanted in partial {
      let hashes = try tile(wanted)
      guard (wanted.width...Tile.fullWidth).contains(hashes.count) else {
        throw TileError.wrongWidth(tile: wanted, hashes: hashes.count)
      }
      levels[wanted.level] = Array(hashes.prefix(wanted.width))
    }
  }

  /// Appends leaves in order and returns every tile that is new or wider than before, full ones first at each level. Write
  /// them with the checkpoint of the new root.
  public mutating func append(_ leaves: some Sequence<TreeHash>) -> [(tile: Tile, hashes: [TreeHash])] {
    var written: [(tile: Tile, hashes: [TreeHash])] = []
    var grown: Set<Int> = []
    for leaf in leaves {
      var (hash, level) = (leaf, 0)
      size += 1
      while true {
        if level == levels.count { levels.append([]) }
        levels[level].append(hash)
        grown.insert(level)
        guard levels[level].count == Tile.fullWidth else { break }
        let full = levels[level]
        levels[level] = []
        written.append((Tile(unchecked: level, (size >> UInt64(8 * (level + 1))) - 1, Tile.fullWidth), full))
        hash = Self.root(ofFull: full)
        level += 1
      }
    }
    for tile in Tile.partial(inTreeOf: size) where grown.contains(tile.level) {
      written.append((tile, levels[tile.level]))
    }
    return written
  }

  /// The root of the log (RFC 6962 §2.1).
  public var root: TreeHash {
    var subtrees: [TreeHash] = []
    for level in levels.reversed() {
      // A partial tile is a tree of its own below 256 leaves: its perfect subtrees, largest first.
      var range = CompactRange()
      for hash in level { range.append(hash) }
      subtrees += range.subtrees
    }
    return .root(ofSubtrees: subtrees)
  }

  private static func root(ofFull hashes: [TreeHash]) -> TreeHash {
    var range = CompactRange()
    for hash in hashes { range.append(hash) }
    return range.root
  }
}
