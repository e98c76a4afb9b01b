/// What shows that a tree extends an older one (RFC 6962 §2.1.2): nothing that was in the older tree was changed,
/// exchanged or taken out.
public struct ConsistencyProof: Hashable, Sendable {
  /// How many leaves the older tree has.
  public let oldSize: UInt64
  /// How many leaves the newer tree has.
  public let newSize: UInt64
  /// The proof's hashes in the order of RFC 6962; at most 65.
  public let hashes: [TreeHash]

  /// Takes a proof that comes from elsewhere; nothing is known of it.
  public init(oldSize: UInt64, newSize: UInt64, hashes: [TreeHash]) {
    self.oldSize = oldSize
    self.newSize = newSize
    self.hashes = hashes
  }

  /// Returns if the tree with root `newRoot` extends the one with root `oldRoot`; throws what is wrong if not. Trees of
  /// one size are the same tree, and their proof is empty.
  public func verify(oldRoot: TreeHash, newRoot: TreeHash) throws(ProofError) {
    guard oldSize <= newSize else { throw .sizesReversed(from: oldSize, to: newSize) }
    guard oldSize > 0 else { throw .emptyTree }
    let expected = Self.length(from: oldSize, to: newSize)
    guard hashes.count == expected else { throw .wrongLength(hashes: hashes.count, expected: expected) }
    let (old, new) = roots(oldRoot: oldRoot)
    guard old == oldRoot else { throw .otherOldRoot(computed: old, expected: oldRoot) }
    guard new == newRoot else { throw .otherRoot(computed: new, expected: newRoot) }
  }

  /// Both roots that the proof leads to. The number of hashes is right.
  private func roots(oldRoot: TreeHash) -> (old: TreeHash, new: TreeHash) {
    guard oldSize < newSize else { return (oldRoot, oldRoot) }
    // The largest subtree that ends where the older tree ends; where it is the older tree itself, it is not repeated.
    let start = oldSize.trailingZeroBitCount
    let isWhole = oldSize.nonzeroBitCount == 1
    let seed = isWhole ? oldRoot : hashes[0]
    let path = hashes.dropFirst(isWhole ? 0 : 1)
    let index = (oldSize - 1) >> UInt64(start)
    let inner = UInt64.bitWidth - (index ^ ((newSize - 1) >> UInt64(start))).leadingZeroBitCount
    var (old, new) = (seed, seed)
    for (level, sibling) in path.enumerated() {
      if level < inner, (index >> UInt64(level)) & 1 == 0 {
        // On the right: what was added since, so it is in the newer tree only.
        new = .node(new, sibling)
      } else {
        old = .node(sibling, old)
        new = .node(sibling, new)
      }
    }
    return (old, new)
  }

  /// How many hashes the proof between trees of these sizes has.
  private static func length(from oldSize: UInt64, to newSize: UInt64) -> Int {
    guard oldSize < newSize else { return 0 }
    let start = UInt64(oldSize.trailingZeroBitCount)
    let index = (oldSize - 1) >> start
    let inner = UInt64.bitWidth - (index ^ ((newSize - 1) >> start)).leadingZeroBitCount
    return inner + (index >> UInt64(inner)).nonzeroBitCount + (oldSize.nonzeroBitCount == 1 ? 0 : 1)
  }
}
