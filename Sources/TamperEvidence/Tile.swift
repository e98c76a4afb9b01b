/// One tile of a log (C2SP tlog-tiles, "Merkle Tree"): up to 256 consecutive hashes of one level in every eight.
///
///     hash i of tile N at level L = root of the entries [(N·256 + i)·256^L, (N·256 + i + 1)·256^L)
///
/// A full tile has 256 hashes and never changes. A partial one is the beginning of the full one.
public struct Tile: Hashable, Sendable {
  /// The most hashes of a tile.
  public static let fullWidth = 256
  /// The highest level that a path can name. A tree below 2^64 leaves has levels 0 to 7.
  public static let maximumLevel = 63

  /// How many times 256 entries stand under each hash: 0 for leaves.
  public let level: Int
  /// The tile's place in its level, from 0.
  public let index: UInt64
  /// How many hashes it has, 1 to 256.
  public let width: Int

  /// A tile; nil if a number is out of its bounds.
  public init?(level: Int, index: UInt64, width: Int = Tile.fullWidth) {
    guard (0...Self.maximumLevel).contains(level), (1...Self.fullWidth).contains(width), index <= LogPath.maximumIndex
    else { return nil }
    self.init(unchecked: level, index, width)
  }

  init(unchecked level: Int, _ index: UInt64, _ width: Int) {
    self.level = level
    self.index = index
    self.width = width
  }

  /// Whether it has all its hashes and will not change.
  public var isFull: Bool { width == Self.fullWidth }

  /// The tiles of every level of a tree of `size` leaves that are partial: at most one a level.
  public static func partial(inTreeOf size: UInt64) -> [Tile] {
    var tiles: [Tile] = []
    var (level, hashes) = (0, size)
    while hashes > 0 {
      let width = Int(hashes & 255)
      if width > 0 { tiles.append(Tile(unchecked: level, hashes >> 8, width)) }
      hashes >>= 8
      level += 1
    }
    return tiles
  }

  /// How many full tiles level `level` has in a tree of `size` leaves.
  public static func fullCount(atLevel level: Int, inTreeOf size: UInt64) -> UInt64 {
    size >> UInt64(8 * (level + 1))
  }

  /// How many hashes tile `index` of level `level` has in a tree of `size` leaves; nil where it has none.
  static func width(atLevel level: Int, index: UInt64, inTreeOf size: UInt64) -> Int? {
    let hashes = size >> UInt64(8 * level)
    guard index <= hashes >> 8 else { return nil }
    let width = min(UInt64(fullWidth), hashes - index << 8)
    return width > 0 ? Int(width) : nil
  }
}

extension Tile {
  /// The bytes of a tile with these hashes: one after the other.
  public static func bytes(of hashes: some Collection<TreeHash>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * TreeHash.byteCount)
    for hash in hashes { bytes.append(contentsOf: hash.bytes) }
    return bytes
  }

  /// The hashes of a tile's bytes, the inverse of `bytes(of:)`; nil unless there are 1 to 256 whole hashes.
  public static func hashes(in bytes: some Collection<UInt8>) -> [TreeHash]? {
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: TreeHash.byteCount)
    guard rest == 0, (1...fullWidth).contains(count) else { return nil }
    let bytes = Array(bytes)
    return (0..<count).compactMap { index in
      TreeHash(bytes: bytes[index * TreeHash.byteCount..<(index + 1) * TreeHash.byteCount])
    }
  }
}

extension Tile {
  /// Every tile of a tree of `size` leaves, level by level.
  public static func all(inTreeOf size: UInt64) -> [Tile] {
    var tiles: [Tile] = []
    var level = 0
    while fullCount(atLevel: level, inTreeOf: size) > 0 {
      for index in 0..<fullCount(atLevel: level, inTreeOf: size) {
        if let tile = Tile(level: level, index: index) { tiles.append(tile) }
      }
      level += 1
    }
    return tiles + partial(inTreeOf: size)
  }
}
