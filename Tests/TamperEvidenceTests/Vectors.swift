import Foundation

@testable import TamperEvidence

/// Values made by others, in Tests/Vectors/TamperEvidence.
enum Vectors {
  /// One line of proofs.jsonl: an inclusion proof, or a consistency proof.
  struct Proof: Decodable, CustomStringConvertible, Sendable {
    var leafIdx, treeSize, size1, size2: UInt64?
    var root, leafHash, root1, root2: String?
    var proof: [String]?

    var description: String {
      "\(leafIdx.map { "leaf \($0)" } ?? "\(size1 ?? 0)") in \(treeSize ?? size2 ?? 0)"
    }

    static func hash(_ text: String?) -> TreeHash { TreeHash(base64: text ?? "") ?? .empty }

    var hashes: [TreeHash] { (proof ?? []).map(Self.hash) }
  }

  struct Tree: Decodable {
    let leaves: [String]
    let nodes: [[TreeHash]]
    let roots: [TreeHash]
    var entries: [[UInt8]] { leaves.map { Hexadecimal.bytes($0.utf8) ?? [] } }
  }

  private static func data(_ name: String) throws -> Data {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try Data(contentsOf: folder.appendingPathComponent("Vectors/TamperEvidence/\(name)"))
  }

  static func proofs() throws -> [Proof] {
    try data("proofs.jsonl").split(separator: 0x0A).map { try JSONDecoder().decode(Proof.self, from: Data($0)) }
  }

  static func tree() throws -> Tree { try JSONDecoder().decode(Tree.self, from: data("tree.json")) }
}

/// The tree as RFC 6962 §2.1 defines it, word by word: slow, and nothing else than the definition.
enum Definition {
  static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
    guard leaves.count > 1 else { return leaves.first ?? .empty }
    let middle = leaves.startIndex + split(leaves.count)
    return .node(root(leaves[..<middle]), root(leaves[middle...]))
  }

  static func path(_ index: Int, _ leaves: ArraySlice<TreeHash>) -> [TreeHash] {
    guard leaves.count > 1 else { return [] }
    let k = split(leaves.count)
    let middle = leaves.startIndex + k
    return index < k
      ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
      : path(index - k, leaves[middle...]) + [root(leaves[..<middle])]
  }

  static func subproof(_ size: Int, _ leaves: ArraySlice<TreeHash>, isWhole: Bool) -> [TreeHash] {
    guard size < leaves.count else { return isWhole ? [] : [root(leaves)] }
    let k = split(leaves.count)
    let middle = leaves.startIndex + k
    return size <= k
      ? subproof(size, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
      : subproof(size - k, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
  }

  /// The largest power of two below `count`.
  private static func split(_ count: Int) -> Int {
    var k = 1
    while k * 2 < count { k *= 2 }
    return k
  }

  /// Leaves that are all different.
  static func leaves(_ count: Int) -> [TreeHash] {
    (0..<count).map { .leaf([UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8), 1]) }
  }
}

/// Pseudo-random numbers that are the same in every run (Knuth's MMIX constants).
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func roll(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
