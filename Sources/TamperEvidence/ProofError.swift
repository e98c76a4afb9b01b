/// Why a Merkle proof proves nothing.
public enum ProofError: Error, Hashable, Sendable {
  /// The leaf's index is not below the tree's size.
  case leafOutsideTree(index: UInt64, size: UInt64)
  /// The older tree is larger than the newer one.
  case sizesReversed(from: UInt64, to: UInt64)
  /// Consistency with the empty tree says nothing: every tree extends it.
  case emptyTree
  /// The number of hashes is not the one that index and sizes demand.
  case wrongLength(hashes: Int, expected: Int)
  /// The proof is well formed, and leads to another root.
  case otherRoot(computed: TreeHash, expected: TreeHash)
  /// The proof is well formed, and starts from another root than the older tree's.
  case otherOldRoot(computed: TreeHash, expected: TreeHash)
}

extension ProofError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .leafOutsideTree(let index, let size):
      "leaf \(index) is not in a tree of \(size) leaves, whose last index is one less"
    case .sizesReversed(let from, let to):
      "a tree of \(to) leaves cannot extend one of \(from)"
    case .emptyTree:
      "a proof from the empty tree says nothing: every tree extends it"
    case .wrongLength(let hashes, let expected):
      "the proof has \(hashes) hashes; for this index and size it must have \(expected)"
    case .otherRoot(let computed, let expected):
      "the proof leads to root \(computed), not to \(expected)"
    case .otherOldRoot(let computed, let expected):
      "the proof starts from root \(computed), not from \(expected)"
    }
  }
}
