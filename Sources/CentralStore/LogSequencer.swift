import TamperEvidence

/// Gives log indexes to entries, and extends the log's tree by them. One lives as long as one write transaction.
///
/// Indexes, tiles, tree head and counter are the same transaction's, so that they are all there or none: whatever is killed
/// at whatever moment, the tree is that of the entries. The tree head is signed inside it too, which costs less than the
/// transaction's own fsync and leaves nothing to be made up for later.
///
///     let sequencer = LogSequencer(ledger, author: author)
///     …                                   // admission calls next(_:), rolls back with rollBack(to:)
///     let head = try sequencer.finish()   // before the commit
public final class LogSequencer {
  private struct Opened {
    var edge: TileEdge
    let first: Int64
  }

  public let author: LogAuthor
  private let ledger: any TreeLedger
  private var opened: Opened?
  private var leaves: [TreeHash] = []

  /// A sequencer that touches nothing before the first entry.
  public init(_ ledger: any TreeLedger, author: LogAuthor) {
    self.ledger = ledger
    self.author = author
  }

  /// The index of the next entry, whose leaf hash this is. The first call takes the counter.
  public func next(_ leaf: TreeHash) throws -> Int64 {
    let opened = try open()
    leaves.append(leaf)
    return opened.first + Int64(leaves.count) - 1
  }

  /// How many entries were given an index: for ``rollBack(to:)``.
  public var mark: Int { leaves.count }

  /// Takes back the indexes that were given after a mark, when the entries were rolled back.
  public func rollBack(to mark: Int) { leaves.removeLast(leaves.count - mark) }

  /// Writes tiles and tree head for what was given an index. Nil when that is nothing.
  public func finish() throws -> LogHead? {
    guard !leaves.isEmpty, var opened else { return nil }
    for (tile, hashes) in opened.edge.append(leaves) { try ledger.put(tile, bytes: Tile.bytes(of: hashes)) }
    leaves = []
    self.opened = nil
    let head = try LogHead(size: opened.edge.size, root: opened.edge.root, by: author)
    try ledger.put(head)
    return head
  }

  /// Extends the tree by entries that were logged before there was one: at most `limit` of them. Tells whether the tree has
  /// all of them now. For the opening of a store, in transactions of its own; an empty log gets its first tree head.
  public func catchUp(limit: Int = 4096) throws -> Bool {
    let count = try ledger.entryCount()
    var edge = try storedEdge(entries: count)
    let isNew = edge == nil
    let size = { Int64(edge?.size ?? 0) }
    guard isNew || size() < count else { return true }
    var left = limit
    while left > 0, size() < count {
      // In small portions, for an entry may have 60 KB.
      let bytes = try ledger.entryBytes(from: size(), limit: min(left, 256))
      guard !bytes.isEmpty else {
        throw CentralFault.damaged(reason: "log entry \(size()) is missing; the log has \(count)")
      }
      var grown = edge ?? TileEdge()
      for (tile, hashes) in grown.append(bytes.map { TreeHash.leaf($0) }) {
        try ledger.put(tile, bytes: Tile.bytes(of: hashes))
      }
      edge = grown
      left -= bytes.count
    }
    let grown = edge ?? TileEdge()
    try ledger.put(try LogHead(size: grown.size, root: grown.root, by: author))
    return Int64(grown.size) == count
  }

  private func open() throws -> Opened {
    if let opened { return opened }
    let edge = try storedEdge(entries: nil) ?? TileEdge()
    let opened = Opened(edge: edge, first: Int64(edge.size))
    self.opened = opened
    return opened
  }

  /// The tree's right edge as it is stored; nil while there is no tree. That its root is the one that was signed shows
  /// damage to the tiles before anything is built on them.
  private func storedEdge(entries count: Int64?) throws -> TileEdge? {
    guard let note = try ledger.takeHead() else { return nil }
    let head = try LogHead(note: note, by: author).checkpoint
    if let count, Int64(clamping: head.size) > count {
      throw CentralFault.damaged(reason: "the log holds \(count) entries; its tree head says \(head.size)")
    }
    let edge = try TileEdge(size: head.size) { tile in
      guard let bytes = try ledger.tile(level: tile.level, index: tile.index), let hashes = Tile.hashes(in: bytes)
      else {
        throw CentralFault.damaged(reason: "\(LogPath.tile(tile)) of the log is missing or cut off")
      }
      return hashes
    }
    guard edge.root == head.root else {
      throw CentralFault.damaged(
        reason: "the tiles of the log have root \(edge.root); the tree head that was signed says \(head.root)")
    }
    return edge
  }
}
