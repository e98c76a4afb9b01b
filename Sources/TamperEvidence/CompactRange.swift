/// The least that must be kept of a Merkle tree to append to it and know its root: the roots of its perfect subtrees,
/// left to right, one for each bit that is set in its size. At most 64 hashes, whatever the size.
public struct CompactRange: Hashable, Sendable {
  /// How many leaves the tree has.
  public private(set) var size: UInt64 = 0
  /// The roots of the perfect subtrees, the largest (leftmost) first.
  public private(set) var subtrees: [TreeHash] = []

  /// The tree without leaves.
  public init() {}

  /// A tree of `size` leaves whose perfect subtrees have these roots; nil if their number is not that of the bits set
  /// in `size`.
  public init?(size: UInt64, subtrees: [TreeHash]) {
    guard subtrees.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.subtrees = subtrees
  }

  /// Appends the leaf whose hash is `leaf`. A tree of 2^64 − 1 leaves takes no more; none is ever so large.
  public mutating func append(_ leaf: TreeHash) {
    precondition(size < .max, "a tree has fewer than 2^64 leaves")
    var hash = leaf
    // As adding one to a binary number carries over the ones at its end, the new leaf merges with equal subtrees.
    for _ in 0..<(~size).trailingZeroBitCount { hash = .node(subtrees.removeLast(), hash) }
    subtrees.append(hash)
    size += 1
  }

  /// The root of the tree (RFC 6962 §2.1).
  public var root: TreeHash { .root(ofSubtrees: subtrees) }
}

extension TreeHash {
  /// The root over perfect subtrees of descending size; the root of the empty tree for none.
  static func root(ofSubtrees subtrees: some BidirectionalCollection<TreeHash>) -> TreeHash {
    guard var root = subtrees.last else { return .empty }
    for left in subtrees.dropLast().reversed() { root = .node(left, root) }
    return root
  }
}
