/// A whole Merkle tree in memory, two hashes a leaf: knows its root at every size it has had. For auditors, who read every
/// entry; who only appends needs a `CompactRange` or a `TileEdge`.
public struct HashTree: Sendable {
  /// The roots of the perfect subtrees of each height, left to right.
  private var heights: [[TreeHash]] = [[]]

  /// The tree without leaves.
  public init() {}

  /// How many leaves it has.
  public var size: UInt64 { UInt64(heights[0].count) }

  /// Appends the leaf whose hash is `leaf`.
  public mutating func append(_ leaf: TreeHash) {
    heights[0].append(leaf)
    var height = 0
    while heights[height].count.isMultiple(of: 2) {
      let count = heights[height].count
      let node = TreeHash.node(heights[height][count - 2], heights[height][count - 1])
      height += 1
      if height == heights.count { heights.append([]) }
      heights[height].append(node)
    }
  }

  /// The root of the tree's first `size` leaves; nil if it has fewer.
  public func root(at size: UInt64) -> TreeHash? {
    guard size <= self.size else { return nil }
    return .root(ofSubtrees: PerfectSubtree.covering(0..<size).map { heights[$0.height][Int($0.index)] })
  }

  /// The root of the tree.
  public var root: TreeHash { root(at: size) ?? .empty }

  /// The hashes of a tile of this tree; nil if it has no such tile.
  public func hashes(of tile: Tile) -> ArraySlice<TreeHash>? {
    let (height, start) = (8 * tile.level, tile.index << 8)
    guard height < heights.count, start + UInt64(tile.width) <= UInt64(heights[height].count) else { return nil }
    return heights[height][Int(start)..<Int(start) + tile.width]
  }
}
