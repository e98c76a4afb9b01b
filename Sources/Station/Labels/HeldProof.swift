import StationStore
import TamperEvidence

/// What shows that an entry stands in the centre's log (RFC 6962, section 2.1.1). Verified before it is here.
struct HeldProof: Hashable, Sendable {
  /// The log's name.
  let origin: String
  let treeSize: UInt64
  /// Of the entry, from 0.
  let leafIndex: UInt64
  let root: TreeHash
  let leaf: TreeHash
  /// From the leaf's sibling up.
  let path: [TreeHash]
}

extension HeldProof {
  init(_ proof: EntryProof) {
    self.init(
      origin: proof.logKey.name, treeSize: proof.treeSize, leafIndex: proof.logIndex, root: proof.root,
      leaf: proof.leaf, path: proof.path)
  }
}
