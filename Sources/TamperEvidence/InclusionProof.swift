/// The audit path of one leaf (RFC 6962 §2.1.1): with it, whoever has the leaf and a tree's root sees that the leaf is
/// in the tree, without the other leaves.
public struct InclusionProof: Hashable, Sendable {
  /// The leaf's place in the tree, from 0.
  public let leafIndex: UInt64
  /// How many leaves the tree has.
  public let treeSize: UInt64
  /// The path's hashes, from the leaf's sibling upwards; at most 64.
  public let hashes: [TreeHash]

  /// Takes a path that comes from elsewhere; nothing is known of it.
  public init(leafIndex: UInt64, treeSize: UInt64, hashes: [TreeHash]) {
    self.leafIndex = leafIndex
    self.treeSize = treeSize
    self.hashes = hashes
  }

  /// The root to which the path leads from `leaf`: to be compared with a root that is trusted.
  public func root(from leaf: TreeHash) throws(ProofError) -> TreeHash {
    guard leafIndex < treeSize else { throw .leafOutsideTree(index: leafIndex, size: treeSize) }
    // Up to the level where the leaf's path meets the tree's right edge, the bits of the index say on which side each
    // sibling stands; above it siblings are on the left, one for each bit that is still set.
    let inner = UInt64.bitWidth - (leafIndex ^ (treeSize - 1)).leadingZeroBitCount
    let expected = inner + (leafIndex >> UInt64(inner)).nonzeroBitCount
    guard hashes.count == expected else { throw .wrongLength(hashes: hashes.count, expected: expected) }
    var hash = leaf
    for (level, sibling) in hashes.enumerated() {
      let isOnTheRight = level < inner && (leafIndex >> UInt64(level)) & 1 == 0
      hash = isOnTheRight ? .node(hash, sibling) : .node(sibling, hash)
    }
    return hash
  }

  /// Returns if the leaf with hash `leaf` is at `leafIndex` of the tree with root `root`; throws what is wrong if not.
  public func verify(leaf: TreeHash, root: TreeHash) throws(ProofError) {
    let computed = try self.root(from: leaf)
    guard computed == root else { throw .otherRoot(computed: computed, expected: root) }
  }
}
