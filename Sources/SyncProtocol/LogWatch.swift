import CustodyLedger
import TamperEvidence

/// What a station has verified of its centre's log: by which key, and up to which tree head. Values in, values out.
///
/// A tree head is taken only when the log's key signed it, when it is no older than the newest that was taken, and when it
/// extends that one. So a centre that shows another log to this station, or takes something out of it, contradicts what the
/// station has seen, and what its events say that it has seen.
public struct LogWatch: Hashable, Sendable {
  /// The log's key, pinned at enrolment. Its name is the log's origin.
  public let key: VerifierKey
  /// The newest tree head that was taken; nil before the first.
  public private(set) var head: Checkpoint?

  /// A watch over the log of a key, which had this head.
  public init(key: VerifierKey, head: Checkpoint? = nil) {
    self.key = key
    self.head = head
  }

  /// Reads what the centre says is its tree head. Signed as it must be and not older than the one before; whether it extends
  /// that one is shown by ``take(_:with:)``.
  public func read(_ note: [UInt8]) throws(LogDistrust) -> Checkpoint {
    let checkpoint: Checkpoint
    do {
      checkpoint = try VerifiedCheckpoint(note: note, keys: [key], origin: key.name).checkpoint
    } catch {
      throw .checkpoint(error)
    }
    guard let head else { return checkpoint }
    guard checkpoint.size >= head.size else { throw .rolledBack(from: head.size, to: checkpoint.size) }
    guard checkpoint.size > head.size || checkpoint.root == head.root else {
      throw .forked(size: head.size, seen: head.root, shown: checkpoint.root)
    }
    return checkpoint
  }

  /// The tiles that show that a tree head extends the one before and holds leaves at indexes.
  public func tilesNeeded(for checkpoint: Checkpoint, indexes: [UInt64]) throws(LogDistrust) -> [Tile] {
    for index in indexes where index >= checkpoint.size {
      throw .notIncluded(index: index, size: checkpoint.size, because: "its tree head does not reach that far")
    }
    do {
      return try TileSet(size: checkpoint.size).missing(forProofsOf: indexes, fromSizes: extended(by: checkpoint))
    } catch {
      throw .notExtended(from: head?.size ?? 0, to: checkpoint.size, because: "\(error)")
    }
  }

  /// Takes a tree head that ``read(_:)`` gave, if the tiles show that it extends the one before.
  public mutating func take(_ checkpoint: Checkpoint, with tiles: TileSet) throws(LogDistrust) {
    if let head {
      for size in extended(by: checkpoint) {
        do {
          try tiles.consistency(from: size).verify(oldRoot: head.root, newRoot: checkpoint.root)
        } catch {
          throw .notExtended(from: size, to: checkpoint.size, because: "\(error)")
        }
      }
    }
    head = checkpoint
  }

  /// The proof that the tree head holds an entry at an index, if the tiles show it.
  public static func proof(
    of leaf: TreeHash, at index: UInt64, in checkpoint: Checkpoint, with tiles: TileSet
  ) throws(LogDistrust) -> InclusionProof {
    do {
      let proof = try tiles.inclusion(of: index)
      try proof.verify(leaf: leaf, root: checkpoint.root)
      return proof
    } catch {
      throw .notIncluded(index: index, size: checkpoint.size, because: "\(error)")
    }
  }

  /// The size that a proof is due from; none where the head is the same or the log was empty.
  private func extended(by checkpoint: Checkpoint) -> [UInt64] {
    guard let head, head.size > 0, head.size < checkpoint.size else { return [] }
    return [head.size]
  }
}

/// Why a station does not believe what its centre says of its log. Nothing is marked as held by the centre on the strength
/// of it; what waits to be sent goes on waiting.
public enum LogDistrust: Error, Hashable, Sendable {
  /// The centre names no log, or gives no tree head with its answer.
  case noLog
  /// The key that is named is not the one that this station trusts.
  case otherKey(pinned: String, named: String)
  /// The tree head is malformed, of another log, or not signed by its key.
  case checkpoint(CheckpointError)
  /// The log is smaller than it was.
  case rolledBack(from: UInt64, to: UInt64)
  /// The key signed two different logs of one size.
  case forked(size: UInt64, seen: TreeHash, shown: TreeHash)
  /// The log is not shown to extend what it was.
  case notExtended(from: UInt64, to: UInt64, because: String)
  /// An entry is not shown to be where the centre says it is.
  case notIncluded(index: UInt64, size: UInt64, because: String)
  /// A part of the log that its tree head covers is not given.
  case withheld(path: String)

  /// Stable code for machines.
  public var code: String {
    switch self {
    case .noLog: "log.none"
    case .otherKey: "log.otherKey"
    case .checkpoint: "log.checkpoint"
    case .rolledBack: "log.rolledBack"
    case .forked: "log.forked"
    case .notExtended: "log.notExtended"
    case .notIncluded: "log.notIncluded"
    case .withheld: "log.withheld"
    }
  }

  /// What to do about it.
  public var remedy: String {
    let kept = "Nothing is lost: what is sealed here stays here and is sent when the log can be verified again. "
    switch self {
    case .noLog: return kept + "Bring the centre up to the version of this station."
    case .otherKey, .checkpoint:
      return kept + "Check that the station is at its own centre, and compare the log's key with `custody central key`."
    case .rolledBack:
      return kept + "The centre may have been restored from a backup: put its newest state back."
    case .forked, .notExtended, .notIncluded, .withheld:
      return kept
        + "Tell the auditor: compare the log's tree head with that of other stations before it is trusted again."
    }
  }
}

extension LogDistrust: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .noLog: "The centre shows no log by which it could prove what it holds."
    case .otherKey(let pinned, let named):
      "The centre's log is signed by \(named), but this station trusts \(pinned)."
    case .checkpoint(let error): "The tree head of the centre's log is not to be trusted: \(error)."
    case .rolledBack(let from, let to):
      "The centre's log had \(from) entries when this station last verified it, and now shows \(to)."
    case .forked(let size, let seen, let shown):
      "The centre signed two logs of \(size) entries: one with root \(seen), seen here before, and one with \(shown)."
    case .notExtended(let from, let to, let reason):
      "The centre's log of \(to) entries is not shown to extend the \(from) that this station has verified: \(reason)."
    case .notIncluded(let index, let size, let reason):
      "The centre's log of \(size) entries is not shown to hold this station's entry at index \(index): \(reason)."
    case .withheld(let path): "The centre does not give \(path) of its log, which its tree head covers."
    }
  }
}
