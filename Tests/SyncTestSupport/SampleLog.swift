import Custody
import CustodyLedger
import TamperEvidence

/// A centre's log with its key, and what is taken from it: entries of all stations, tiles, tree heads, proofs, dossiers.
public struct SampleLog: Sendable {
  /// One entry with what a dossier needs of it.
  public struct Logged: Sendable {
    public let entry: LedgerEntry
    /// The asset of an event; nil for a statement.
    public let asset: AssetID?
  }

  /// Signs statements and tree heads. Its name is the log's origin.
  public var centre: ChainWriter
  public private(set) var entries: [Logged] = []
  public private(set) var edge = TileEdge()
  /// The log's tiles by path, as a store would keep them.
  public private(set) var tiles: [LogPath: [TreeHash]] = [:]

  /// An empty log of the centre `number`.
  public init(_ number: UInt8 = 200) throws {
    centre = try ChainWriter(number, site: "centre.example", station: "log")
  }

  /// The key that whoever verifies must have.
  public var key: VerifierKey { centre.key.verifierKey }

  /// Adds an entry at the end.
  @discardableResult
  public mutating func append(_ entry: UnverifiedEntry, asset: AssetID? = nil) -> Int {
    entries.append(Logged(entry: entry.entry, asset: asset))
    for (tile, hashes) in edge.append([TreeHash.leaf(entry.entry.bytes)]) {
      if let wider = Tile(level: tile.level, index: tile.index) { tiles[.tile(wider)] = hashes }
    }
    return entries.count - 1
  }

  /// Adds an event.
  @discardableResult
  public mutating func append(_ written: ChainWriter.Written) -> Int {
    append(written.entry, asset: written.event.asset)
  }

  /// States something in the centre's own chain, and logs it.
  public mutating func state(_ details: StationStatement.Details) throws {
    append(try centre.state(details))
  }

  /// Lets a station's key in.
  public mutating func enrol(_ station: ChainWriter, epoch: Int = 1) throws {
    try state(.enrol(KeyEnrolment(key: station.key.verifierKey, epoch: epoch)))
  }

  /// The tree head as it is now.
  public var checkpoint: Checkpoint {
    get throws { try Checkpoint(origin: key.name, size: edge.size, root: edge.root) }
  }

  /// What a station says of it.
  public var seen: SeenCheckpoint { SeenCheckpoint(size: Int(edge.size), root: edge.root.description) }

  /// The hashes of a tile, or none.
  public func read(_ tile: Tile) -> [TreeHash] {
    guard let wider = Tile(level: tile.level, index: tile.index) else { return [] }
    return tiles[.tile(wider)] ?? []
  }

  /// An entry with its proof.
  public func proved(_ index: Int) throws -> Dossier.Entry {
    let plan = try InclusionProof.plan(leafIndex: UInt64(index), treeSize: edge.size)
    return Dossier.Entry(index: UInt64(index), entry: entries[index].entry, proof: try plan.hashes(from: read))
  }

  /// The proof that the log extends its first `size` entries.
  public func consistency(from size: Int) throws -> DossierManifest.Consistency {
    let plan = try ConsistencyProof.plan(oldSize: UInt64(size), newSize: edge.size)
    return .init(size: size, proof: try plan.hashes(from: read))
  }

  /// The dossier of an asset: its events, and every statement of the log.
  public func dossier(
    of asset: AssetID, without: Set<Int> = [], seen: [Int] = [], blobs: [Dossier.Blob] = [],
    withheld: [DossierManifest.Withheld] = [], openings: [DossierManifest.Opening] = [], note: SignedNote? = nil
  ) throws -> [UInt8] {
    let chosen = entries.indices.filter {
      (entries[$0].asset == nil || entries[$0].asset == asset) && !without.contains($0)
    }
    return try Dossier.write(
      subject: .asset(asset), madeAt: Instant(milliseconds: 1_795_100_000_000),
      checkpoint: try note ?? checkpoint.signed(with: [centre.key]), entries: try chosen.map(proved),
      consistency: try Set(seen).filter { $0 > 0 && $0 < entries.count }.map(consistency), blobs: blobs,
      withheld: withheld, openings: openings)
  }
}
