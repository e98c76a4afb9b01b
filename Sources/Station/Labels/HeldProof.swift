/// What shows that an entry stands in the centre's log: RFC 9162, section 2.1.3. Verified before it is here.
struct HeldProof: Hashable, Sendable {
  /// The log's name.
  let origin: String
  let treeSize: UInt64
  /// Of the entry, from 0.
  let leafIndex: UInt64
  /// Base64, as the other hashes.
  let rootHash: String
  let leafHash: String
  /// From the leaf up.
  let path: [String]
}
