import Testing

@testable import TamperEvidence

@Suite("Merkle trees and proofs")
struct MerkleTests {
  @Test("leaves, nodes and roots are the published ones")
  func publishedTree() throws {
    let tree = try Vectors.tree()
    var range = CompactRange()
    #expect(range.root == tree.roots[0])
    for (index, entry) in tree.entries.enumerated() {
      #expect(TreeHash.leaf(entry) == tree.nodes[0][index])
      #expect(TreeHash.leaf(entry[...]) == tree.nodes[0][index])
      range.append(.leaf(entry))
      #expect(range.root == tree.roots[index + 1])
    }
    for (below, level) in zip(tree.nodes, tree.nodes.dropFirst()) {
      for (index, node) in level.enumerated() { #expect(.node(below[2 * index], below[2 * index + 1]) == node) }
    }
  }

  @Test("golang's and RFC 6962's hashes")
  func publishedHashes() {
    #expect(TreeHash.leaf(Array("hello world".utf8)).base64 == "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=")
    #expect(
      TreeHash.leaf(Array("L123456".utf8)).description
        == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56")
    #expect(TreeHash.empty.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test("texts of a hash are read back, and no other spelling is")
  func texts() throws {
    let hash = TreeHash.leaf([1])
    #expect(TreeHash(hex: hash.description) == hash)
    #expect(TreeHash(base64: hash.base64) == hash)
    #expect(TreeHash(bytes: hash.bytes) == hash)
    #expect(TreeHash(hex: hash.description.uppercased()) == nil)
    // The last character of 32 bytes' base64 leaves two bits unused: they must be zero.
    #expect(TreeHash(base64: "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb1=") == nil)
    #expect(TreeHash(base64: String(hash.base64.dropLast())) == nil)
    #expect(TreeHash(bytes: hash.bytes.dropLast()) == nil)
  }

  @Test("published inclusion proofs verify; spoiled as their publishers spoil them, they do not")
  func inclusionVectors() throws {
    let proofs = try Vectors.proofs().filter { $0.leafIdx != nil }
    try #require(proofs.count == 5)
    for vector in proofs {
      let (index, size) = (try #require(vector.leafIdx), try #require(vector.treeSize))
      let (leaf, root) = (Vectors.Proof.hash(vector.leafHash), Vectors.Proof.hash(vector.root))
      func verify(
        _ index: UInt64, _ size: UInt64, _ hashes: [TreeHash], _ leaf: TreeHash, _ root: TreeHash
      ) throws {
        try InclusionProof(leafIndex: index, treeSize: size, hashes: hashes).verify(leaf: leaf, root: root)
      }
      let hashes = vector.hashes
      try verify(index, size, hashes, leaf, root)
      var spoiled: [(UInt64, UInt64, [TreeHash], TreeHash, TreeHash)] = [
        (index &- 1, size, hashes, leaf, root), (index + 1, size, hashes, leaf, root),
        (index ^ 2, size, hashes, leaf, root), (index, size / 2, hashes, leaf, root),
        (index, size * 2, hashes, leaf, root), (index, 0, hashes, leaf, root),
        (index, size, hashes, .leaf([9]), root), (index, size, hashes, leaf, .empty),
        (index, size, hashes, leaf, .leaf([9])), (index, size, hashes + [.empty], leaf, root),
        (index, size, [.empty] + hashes, leaf, root), (index, size, hashes + [root], leaf, root),
        (index, size, [root] + hashes, leaf, root),
      ]
      for place in hashes.indices {
        var changed = hashes
        var bytes = changed[place].bytes
        bytes[0] ^= 8
        changed[place] = try #require(TreeHash(bytes: bytes))
        spoiled.append((index, size, changed, leaf, root))
        changed = hashes
        changed.remove(at: place)
        spoiled.append((index, size, changed, leaf, root))
        spoiled.append((index, size, Array(hashes[..<place]) + [.empty] + hashes[place...], leaf, root))
      }
      for (number, wrong) in spoiled.enumerated() {
        #expect(throws: ProofError.self, "\(vector), spoiled \(number)") {
          try verify(wrong.0, wrong.1, wrong.2, wrong.3, wrong.4)
        }
      }
    }
  }

  @Test("published consistency proofs verify; spoiled as their publishers spoil them, they do not")
  func consistencyVectors() throws {
    let proofs = try Vectors.proofs().filter { $0.size1 != nil }
    try #require(proofs.count == 4)
    for vector in proofs {
      let (old, new) = (try #require(vector.size1), try #require(vector.size2))
      let (oldRoot, newRoot) = (Vectors.Proof.hash(vector.root1), Vectors.Proof.hash(vector.root2))
      func verify(_ old: UInt64, _ new: UInt64, _ hashes: [TreeHash], _ a: TreeHash, _ b: TreeHash) throws {
        try ConsistencyProof(oldSize: old, newSize: new, hashes: hashes).verify(oldRoot: a, newRoot: b)
      }
      let hashes = vector.hashes
      try verify(old, new, hashes, oldRoot, newRoot)
      var spoiled: [(UInt64, UInt64, [TreeHash], TreeHash, TreeHash)] = [
        (old - 1, new, hashes, oldRoot, newRoot), (old + 1, new, hashes, oldRoot, newRoot),
        (old ^ 2, new, hashes, oldRoot, newRoot), (old, new * 2, hashes, oldRoot, newRoot),
        (old, new / 2, hashes, oldRoot, newRoot), (old, new, hashes, newRoot, oldRoot),
        (old, new, hashes, .leaf([9]), newRoot), (old, new, hashes, oldRoot, .leaf([9])),
        (old, new, [], oldRoot, newRoot), (old, new, hashes + [.empty], oldRoot, newRoot),
        (old, new, hashes + [oldRoot], oldRoot, newRoot), (old, new, hashes + [newRoot], oldRoot, newRoot),
        (old, new, [.empty] + hashes, oldRoot, newRoot), (old, new, [oldRoot] + hashes, oldRoot, newRoot),
        (old, new, [newRoot] + hashes, oldRoot, newRoot), (old, new, hashes.dropLast(), oldRoot, newRoot),
      ]
      for place in hashes.indices {
        var changed = hashes
        var bytes = changed[place].bytes
        bytes[0] ^= 16
        changed[place] = try #require(TreeHash(bytes: bytes))
        spoiled.append((old, new, changed, oldRoot, newRoot))
      }
      for (number, wrong) in spoiled.enumerated() {
        #expect(throws: ProofError.self, "\(vector), spoiled \(number)") {
          try verify(wrong.0, wrong.1, wrong.2, wrong.3, wrong.4)
        }
      }
    }
  }

  @Test("one size is one tree; nothing is consistent with the empty tree in a way that says anything")
  func consistencyAtTheEnds() throws {
    let (a, b) = (TreeHash.leaf([1]), TreeHash.leaf([2]))
    try ConsistencyProof(oldSize: 1, newSize: 1, hashes: []).verify(oldRoot: a, newRoot: a)
    #expect(throws: ProofError.otherRoot(computed: a, expected: b)) {
      try ConsistencyProof(oldSize: 1, newSize: 1, hashes: []).verify(oldRoot: a, newRoot: b)
    }
    for size: UInt64 in [0, 1, .max] {
      #expect(throws: ProofError.emptyTree) {
        try ConsistencyProof(oldSize: 0, newSize: size, hashes: []).verify(oldRoot: .empty, newRoot: .empty)
      }
    }
    #expect(throws: ProofError.sizesReversed(from: 2, to: 1)) {
      try ConsistencyProof(oldSize: 2, newSize: 1, hashes: []).verify(oldRoot: a, newRoot: a)
    }
  }

  @Test("proofs made from tiles are those of RFC 6962's definition, for every leaf of every tree up to 40 leaves")
  func everySmallTree() throws {
    let leaves = Definition.leaves(40)
    var log = StoredLog()
    for size in 1...leaves.count {
      log.append(leaves[(size - 1)..<size])
      let root = Definition.root(leaves[..<size])
      #expect(log.edge.root == root)
      for index in 0..<size {
        let plan = try InclusionProof.plan(leafIndex: UInt64(index), treeSize: UInt64(size))
        let hashes = try plan.hashes(from: log.read)
        #expect(hashes == Definition.path(index, leaves[..<size]))
        try InclusionProof(leafIndex: UInt64(index), treeSize: UInt64(size), hashes: hashes)
          .verify(leaf: leaves[index], root: root)
      }
      for old in 1...size {
        let plan = try ConsistencyProof.plan(oldSize: UInt64(old), newSize: UInt64(size))
        let hashes = try plan.hashes(from: log.read)
        #expect(hashes == Definition.subproof(old, leaves[..<size], isWhole: true))
        try ConsistencyProof(oldSize: UInt64(old), newSize: UInt64(size), hashes: hashes)
          .verify(oldRoot: Definition.root(leaves[..<old]), newRoot: root)
      }
    }
  }

  @Test(
    "in a log of many tiles, proofs, root and compact range agree with the definition",
    arguments: [255, 256, 257, 512, 700, 65_536, 66_000])
  func manyTiles(size: Int) throws {
    let leaves = Definition.leaves(size)
    var log = StoredLog()
    // In pieces of uneven size, as checkpoints come.
    var start = 0
    var dice = Dice(UInt64(size))
    while start < size {
      let end = min(size, start + 1 + dice.roll(700))
      log.append(leaves[start..<end])
      start = end
    }
    let root = Definition.root(leaves[...])
    #expect(log.edge.root == root)
    let plan = CompactRange.plan(size: UInt64(size))
    let range = try #require(CompactRange(size: UInt64(size), subtrees: try plan.hashes(from: log.read)))
    #expect(range.root == root)
    var appended = CompactRange()
    for leaf in leaves { appended.append(leaf) }
    #expect(appended == range)
    // A log that is opened again goes on as if it had never been closed.
    var again = try TileEdge(size: UInt64(size), tile: log.read)
    var before = log.edge
    #expect(again.append([leaves[0]]).map(\.tile) == before.append([leaves[0]]).map(\.tile))
    #expect(again.root == before.root)
    for _ in 0..<(size > 1000 ? 3 : 40) {
      let index = dice.roll(size)
      let hashes = try InclusionProof.plan(leafIndex: UInt64(index), treeSize: UInt64(size)).hashes(from: log.read)
      try InclusionProof(leafIndex: UInt64(index), treeSize: UInt64(size), hashes: hashes)
        .verify(leaf: leaves[index], root: root)
      let old = 1 + dice.roll(size)
      let consistency = try ConsistencyProof.plan(oldSize: UInt64(old), newSize: UInt64(size)).hashes(from: log.read)
      var oldRange = CompactRange()
      for leaf in leaves[..<old] { oldRange.append(leaf) }
      try ConsistencyProof(oldSize: UInt64(old), newSize: UInt64(size), hashes: consistency)
        .verify(oldRoot: oldRange.root, newRoot: root)
    }
  }

  @Test("numbers at the ends of their range neither trap nor verify")
  func hostileNumbers() {
    let numbers: [UInt64] = [0, 1, 2, 3, 255, 256, 1 << 32, 1 << 63 - 1, 1 << 63, 1 << 63 + 1, .max - 1, .max]
    for count in [0, 1, 2, 63, 64, 65, 66, 200] {
      let hashes = [TreeHash](repeating: .empty, count: count)
      for a in numbers {
        for b in numbers {
          #expect(throws: ProofError.self) {
            try InclusionProof(leafIndex: a, treeSize: b, hashes: hashes).verify(leaf: .empty, root: .leaf([1]))
          }
          if a != b || count > 0 {
            #expect(throws: ProofError.self) {
              try ConsistencyProof(oldSize: a, newSize: b, hashes: hashes)
                .verify(oldRoot: .leaf([1]), newRoot: .leaf([2]))
            }
          }
          // Plans are bounded whatever the sizes.
          if let plan = try? InclusionProof.plan(leafIndex: a, treeSize: b) { #expect(plan.tiles.count <= 600) }
          if let plan = try? ConsistencyProof.plan(oldSize: a, newSize: b) { #expect(plan.tiles.count <= 600) }
        }
      }
    }
    #expect(CompactRange(size: 3, subtrees: [.empty]) == nil)
  }

  @Test("a store that gives another tile than the one asked for is told so")
  func wrongTiles() throws {
    var log = StoredLog()
    log.append(Definition.leaves(300)[...])
    let plan = try InclusionProof.plan(leafIndex: 299, treeSize: 300)
    #expect(throws: TileError.self) { try plan.hashes { _ in [] } }
    #expect(throws: TileError.self) { try plan.hashes { [TreeHash](repeating: .empty, count: $0.width - 1) } }
    #expect(throws: TileError.self) { try plan.hashes { _ in [TreeHash](repeating: .empty, count: 257) } }
    #expect(throws: TileError.self) { try TileEdge(size: 300) { _ in [.empty] } }
  }
}

/// A log's tiles as its store would keep them: partial tiles are replaced by wider ones.
struct StoredLog {
  var edge = TileEdge()
  private var tiles: [Tile.Place: [TreeHash]] = [:]

  mutating func append(_ leaves: ArraySlice<TreeHash>) {
    for (tile, hashes) in edge.append(leaves) {
      precondition(hashes.count == tile.width)
      tiles[tile.place] = hashes
    }
  }

  func read(_ tile: Tile) throws -> [TreeHash] { tiles[tile.place] ?? [] }

  /// Every stored tile.
  var stored: [Tile] { tiles.map { Tile(unchecked: $0.key.level, $0.key.index, $0.value.count) } }
}
