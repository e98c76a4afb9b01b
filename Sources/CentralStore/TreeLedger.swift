import TamperEvidence

/// What the log's tree asks of a backend, all inside one write transaction. Nothing here judges or computes.
///
/// A backend keeps one row with the newest tree head, which is also the counter of log indexes, and one row for each tile
/// by level and index. Bundles of entries are not stored again: they are read from the log.
public protocol TreeLedger: AnyObject {
  /// Takes the counter's row for the rest of the transaction (`FOR UPDATE` where several may write), so that nobody else
  /// gives an index before it ends, and reads the note in it. Nil while the log has no tree yet.
  func takeHead() throws -> [UInt8]?
  /// Puts the newest tree head in the place of the one before.
  func put(_ head: LogHead) throws
  /// The bytes of a tile: the hashes that it has now, 32 bytes each. Nil if there is none.
  func tile(level: Int, index: UInt64) throws -> [UInt8]?
  /// Puts a tile's bytes in the place of the narrower ones. A full tile is put once and never again.
  func put(_ tile: Tile, bytes: [UInt8]) throws
  /// How many entries the log has.
  func entryCount() throws -> Int64
  /// The exact bytes of the log's entries from an index on, in order, at most `limit`.
  func entryBytes(from index: Int64, limit: Int) throws -> [[UInt8]]
}
