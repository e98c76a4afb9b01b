/// Some tiles of a log at one size, and the proofs that they are enough for. Values in, values out: whoever uses it asks
/// which tiles are missing, fetches them from wherever they are kept, and puts them in.
///
///     var tiles = TileSet(size: head.size)
///     for tile in try tiles.missing(forProofsOf: [7, 8], fromSizes: [5]) { try tiles.insert(tile, bytes: …) }
///     try tiles.inclusion(of: 7).verify(leaf: …, root: head.root)
///
/// Nothing in it is believed: a proof made of wrong tiles does not verify.
public struct TileSet: Sendable {
  /// How many leaves the tree has.
  public let size: UInt64
  private var held: [Tile: [TreeHash]] = [:]

  /// No tiles of the tree of the first `size` leaves.
  public init(size: UInt64) { self.size = size }

  /// The tiles that are not here and are needed for the inclusion of leaves, and for that the tree extends those of older
  /// sizes; each once. Older sizes of 0 need none, for every tree extends the empty one.
  public func missing(
    forProofsOf indexes: some Sequence<UInt64>, fromSizes sizes: some Sequence<UInt64> = EmptyCollection()
  ) throws(ProofError) -> [Tile] {
    var missing: [Tile] = []
    var seen: Set<Tile> = []
    func add(_ plan: ProofPlan) {
      for tile in plan.tiles where held[tile] == nil && seen.insert(tile).inserted { missing.append(tile) }
    }
    for index in indexes { add(try InclusionProof.plan(leafIndex: index, treeSize: size)) }
    for old in sizes where old > 0 { add(try ConsistencyProof.plan(oldSize: old, newSize: size)) }
    return missing
  }

  /// Takes a tile's bytes; those of a wider one will do. Throws for other than 1 to 256 whole hashes, or too few.
  public mutating func insert(_ tile: Tile, bytes: some Collection<UInt8>) throws(TileError) {
    let hashes = Tile.hashes(in: bytes) ?? []
    guard hashes.count >= tile.width else { throw .wrongWidth(tile: tile, hashes: hashes.count) }
    held[tile] = hashes
  }

  /// The proof of a leaf, whose tiles are all here.
  public func inclusion(of index: UInt64) throws -> InclusionProof {
    let plan = try InclusionProof.plan(leafIndex: index, treeSize: size)
    return InclusionProof(leafIndex: index, treeSize: size, hashes: try plan.hashes { held[$0] ?? [] })
  }

  /// The proof that the tree extends the one of `old` leaves, at least 1, whose tiles are all here.
  public func consistency(from old: UInt64) throws -> ConsistencyProof {
    let plan = try ConsistencyProof.plan(oldSize: old, newSize: size)
    return ConsistencyProof(oldSize: old, newSize: size, hashes: try plan.hashes { held[$0] ?? [] })
  }
}
